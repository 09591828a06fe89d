package io.cachewire.samples

import io.cachewire.embedded.EmbeddedMemcached
import io.cachewire.get
import io.cachewire.interop.Interop
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** Maps of anything through the presets. */
class SharingKotlinTest :
    FunSpec({
        val server = EmbeddedMemcached.start()
        afterSpec { server.close() }

        val presets =
            mapOf(
                "pylibmc" to Interop.pylibmc(),
                "python-memcached" to Interop.pythonMemcached(),
                "pymemcache, pickle" to Interop.pymemcache().pickle(),
                "pymemcache, JSON" to Interop.pymemcache().json(),
                "moecache" to Interop.moecache(),
                "php-memcached" to Interop.phpMemcached(),
                "php-memcached, JSON" to Interop.phpMemcached().json(),
                "dalli, JSON" to Interop.dalli().json(),
                "memcached (npm)" to Interop.nodeMemcached(),
            )
        for ((name, preset) in presets) {
            test("a map of anything comes back in the format of $name") {
                SharingKotlin.client(preset, server.address()).use { cache ->
                    cache.delete("user:1")
                    SharingKotlin.map(cache).shouldBeNull()
                    val user =
                        mapOf<String, Any?>(
                            "name" to "Ada €",
                            "none" to null,
                            "big" to (1L shl 40),
                            "share" to 0.25,
                            "ok" to true,
                            "tags" to listOf("x", null, mapOf("y" to "z")),
                            "empty" to emptyMap<String, Any?>(),
                        )
                    cache.set("user:1", user)
                    // PHP has one empty array
                    val empty = SharingKotlin.map(cache)!!.getValue("empty")
                    (empty == emptyMap<String, Any?>() || empty == emptyList<Any?>()) shouldBe true
                    SharingKotlin.map(cache)!! - "empty" shouldBe user - "empty"
                    cache.set("numbers", mapOf("a" to 1, "b" to -7))
                    cache.get<Map<String, Int>>("numbers") shouldBe mapOf("a" to 1, "b" to -7)
                }
            }
        }

        test("the client of the page has its preset") {
            SharingKotlin.client().use { cache ->
                cache.settings().serdes().single()::class shouldBe Interop.pylibmc().serde()::class
                cache.settings().servers().map { it.host() } shouldBe listOf("cache-1", "cache-2")
            }
        }
    })
