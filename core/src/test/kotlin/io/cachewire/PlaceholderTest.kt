package io.cachewire

import io.cachewire.fixture.MemcachedServer
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.cachewire.meta.MetaStatus
import io.cachewire.meta.MetaValue
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

private val TTL = 1.minutes.toJavaDuration()
private val TEXT = String::class.java
private val LEASE = MetaGet.plain().vivify(30.seconds.toJavaDuration())

/** One client in its three faces. */
private class Faces(
    val suspending: MemcachedClient,
) : AutoCloseable {
    val async: AsyncMemcachedClient = AsyncMemcachedClient.builder(suspending.settings()).build()
    val blocking: BlockingMemcachedClient = BlockingMemcachedClient.builder(suspending.settings()).build()

    override fun close() {
        suspending.close()
        async.close()
        blocking.close()
    }
}

/** Each read of each face, as the value that it gives or null for a miss. `other` is a key that has a value. */
private val READS: Map<String, suspend Faces.(key: String, other: String) -> String?> =
    mapOf(
        "suspend get" to { key, _ -> suspending.get<String>(key) },
        "suspend gets" to { key, _ -> suspending.gets<String>(key)?.value },
        "suspend item" to { key, _ -> suspending.item<String>(key)?.value },
        "suspend getAndTouch" to { key, _ -> suspending.getAndTouch<String>(key, 1.minutes) },
        "suspend getAll, first key" to { key, other -> suspending.getAll<String>(listOf(key, other))[key] },
        "suspend getAll, a later key" to { key, other -> suspending.getAll<String>(listOf(other, key))[key] },
        "blocking get" to { key, _ -> blocking.get(key, TEXT) },
        "blocking gets" to { key, _ -> blocking.gets(key, TEXT)?.value() },
        "blocking item" to { key, _ -> blocking.item(key, TEXT)?.value() },
        "blocking getAndTouch" to { key, _ -> blocking.getAndTouch(key, TEXT, TTL) },
        "blocking getAll, first key" to { key, other -> blocking.getAll(listOf(key, other), TEXT)[key] },
        "blocking getAll, a later key" to { key, other -> blocking.getAll(listOf(other, key), TEXT)[key] },
        "blocking getsAll, a later key" to
            { key, other -> blocking.getsAll(listOf(other, key), ValueType.of(TEXT))[key]?.value() },
        "async get" to { key, _ -> async.get(key, TEXT).await() },
        "async gets" to { key, _ -> async.gets(key, TEXT).await()?.value() },
        "async item" to { key, _ -> async.item(key, TEXT).await()?.value() },
        "async getAndTouch" to { key, _ -> async.getAndTouch(key, TEXT, TTL).await() },
        "async getAll, first key" to { key, other -> async.getAll(listOf(key, other), TEXT).await()[key] },
        "async getAll, a later key" to { key, other -> async.getAll(listOf(other, key), TEXT).await()[key] },
    )

/** What plain reads do with the placeholders and the turns of those who make values anew. */
class PlaceholderTest :
    FunSpec({
        val server = MemcachedServer.start()
        lateinit var faces: Faces
        afterSpec { server.close() }
        beforeTest {
            faces =
                Faces(
                    MemcachedClient(server.address().toString()) {
                        keyEncoding = KeyEncoding.UTF8
                        requestTimeout = 10.seconds
                    },
                )
            faces.suspending.flushAll()
            faces.suspending.set("other", "there")
        }
        afterTest { faces.close() }

        for ((name, read) in READS) {
            for (key in listOf("key", "ключ")) {
                test("$name takes the placeholder under $key for a miss, and an empty value for one") {
                    faces.suspending.meta().get<String>(key, LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
                    faces.read(key, "other") shouldBe null

                    faces.suspending.set(key, "")
                    faces.read(key, "other") shouldBe ""
                }

                test("$name leaves the turn to make the stale value under $key anew to others") {
                    val meta = faces.blocking.meta()
                    faces.suspending.set(key, "old")
                    faces.suspending.markStale(key, 1.minutes)
                    faces.read(key, "other") shouldBe "old"
                    eventually("somebody has the turn") { meta.get(key, TEXT) is MetaValue.Win }
                }
            }
        }

        test("in text and in binary an empty value is an empty value") {
            for (protocol in listOf(Protocol.TEXT, Protocol.BINARY)) {
                MemcachedClient(server.address().toString()) { this.protocol = protocol }.use {
                    it.set("empty", "")
                    it.get<String>("empty") shouldBe ""
                    it.getAll<String>(listOf("other", "empty")) shouldBe mapOf("other" to "there", "empty" to "")
                }
            }
        }

        test("many placeholders among many keys, of which each is a miss") {
            val keys = (0 until 3_000).map { "k$it" }
            val empty = keys.filterIndexed { i, _ -> i % 3 == 0 }.toSet()
            val leased = keys.filterIndexed { i, _ -> i % 3 == 1 }.toSet()
            faces.suspending.setAll((keys.toSet() - leased).associateWith { if (it in empty) "" else it })
            coroutineScope {
                leased.map { async { faces.suspending.meta().get<String>(it, LEASE) } }.awaitAll()
            }
            faces.suspending.getAll<String>(keys) shouldBe
                (keys.toSet() - leased).associateWith { if (it in empty) "" else it }
        }

        test("update makes its value over a placeholder, and the one who had the lease does not undo it") {
            val lease = faces.suspending.meta().get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            faces.suspending.update<String>("k") { if (it == null) "first" else "$it, next" } shouldBe "first"
            faces.suspending.get<String>("k") shouldBe "first"
            val late = MetaSet.plain().compareCas(lease.cas())
            faces.suspending.meta().set("k", "late", late).status() shouldBe MetaStatus.EXISTS
        }

        test("a hundred plain readers do not keep a stale item from the one that makes it anew") {
            repeat(20) { round ->
                val key = "stale-$round"
                faces.suspending.set(key, "old")
                faces.suspending.markStale(key, 1.minutes)
                coroutineScope {
                    val readers = (0 until 100).map { async { repeat(10) { faces.suspending.get<String>(key) } } }
                    eventually("the loading reader has the turn") {
                        faces.blocking.meta().get(key, TEXT) is MetaValue.Win
                    }
                    readers.awaitAll()
                }
            }
        }

        test("a value that was stored after the read is not marked stale") {
            val meta = faces.suspending.meta()
            repeat(200) { round ->
                val key = "k$round"
                faces.suspending.set(key, "old")
                faces.suspending.markStale(key, 1.minutes)
                coroutineScope {
                    val read = async { faces.suspending.get<String>(key) }
                    faces.suspending.set(key, "new")
                    read.await()
                }
                meta.get<String>(key).shouldBeInstanceOf<MetaValue.Hit<String>>()
            }
        }
    })
