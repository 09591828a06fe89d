package io.cachewire.serialization.json

import io.cachewire.MemcachedClient
import io.cachewire.SerdeException
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.item
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.update
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.Serializable

/** The JSON serde inside a client, on a real server. */
class JsonClientTest :
    FunSpec({
        val server = MemcachedServer.start()
        val cache = MemcachedClient(server.address().toString()) { serde = JsonSerde() }
        val raw = MemcachedClient(server.address().toString())
        afterSpec {
            cache.close()
            raw.close()
            server.close()
        }

        test("an object is plain JSON under flags 2, and comes back") {
            cache.set("user:1", Account(1, "Ada"))
            raw.get<ByteArray>("user:1")!!.decodeToString() shouldBe """{"id":1,"name":"Ada","tags":[]}"""
            raw.item<ByteArray>("user:1")!!.flags shouldBe 2
            cache.get<Account>("user:1") shouldBe Account(1, "Ada")
        }

        test("a list keeps its element type, nullable elements included") {
            cache.set("accounts", listOf(Account(1, "Ada"), Account(2, "Grace")))
            cache.get<List<Account>>("accounts") shouldBe listOf(Account(1, "Ada"), Account(2, "Grace"))
            cache.set("holes", listOf(1, null, 3))
            cache.get<List<Int?>>("holes") shouldBe listOf(1, null, 3)
            shouldThrow<SerdeException> { cache.get<List<Int>>("holes") }.reason() shouldBe SerdeException.Reason.DECODE
        }

        test("strings and byte arrays stay raw, numbers are JSON and can be counted") {
            cache.set("text", "\"quoted\"")
            raw.get<String>("text") shouldBe "\"quoted\""
            cache.set("n", 41)
            cache.increment("n") shouldBe 42L
            cache.get<Int>("n") shouldBe 42
        }

        test("many values and an atomic update") {
            cache.setAll(mapOf("a" to Account(1, "a"), "b" to Account(2, "b"))) shouldBe emptySet()
            cache.getAll<Account>(listOf("a", "b", "c")).keys shouldBe setOf("a", "b")
            cache.update<Account>("a") { it?.copy(name = "changed") } shouldBe Account(1, "changed")
        }

        test("a client without the serde refuses to guess") {
            cache.set("user:2", Account(2, "Grace"))
            shouldThrow<SerdeException> { raw.get<String>("user:2") }.reason() shouldBe
                SerdeException.Reason.UNKNOWN_FLAGS
        }
    })

@Serializable
private data class Account(
    val id: Int,
    val name: String,
    val tags: List<String> = emptyList(),
)
