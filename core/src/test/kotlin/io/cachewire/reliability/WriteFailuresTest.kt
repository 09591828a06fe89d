package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.Expiry
import io.cachewire.FailureMode
import io.cachewire.IllegalKeyException
import io.cachewire.KeyEncoding
import io.cachewire.MemcachedException.Delivery
import io.cachewire.PartialResultException
import io.cachewire.RequestTimeoutException
import io.cachewire.ValueType
import io.cachewire.WriteFailures
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.cachewire.replace
import io.cachewire.set
import io.cachewire.typed
import io.cachewire.update
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.minutes

private val TEXT = ValueType.of(String::class.java)

/** Writes that could not be sent can be ignored; what may have been carried out never is. */
class WriteFailuresTest :
    FunSpec({
        val gone = HostileServer.start().use { it.address() }

        test("F71 writes to a server that is gone do nothing, say so, and are counted") {
            for (mode in listOf(FailureMode.THROW, FailureMode.MISS)) {
                client(gone) {
                    writeFailures = WriteFailures.IGNORE
                    failureMode = mode
                }.use { cache ->
                    cache.set("k", "v")
                    cache.add("k", "v") shouldBe false
                    cache.replace("k", "v") shouldBe false
                    cache.append("k", "v") shouldBe false
                    cache.prepend("k", "v") shouldBe false
                    cache.delete("k") shouldBe false
                    cache.touch("k", 1.minutes) shouldBe false
                    cache.increment("k").shouldBeNull()
                    cache.decrement("k").shouldBeNull()
                    cache.update<String>("k") { "v" }.shouldBeNull()
                    cache.fireAndForget().set("k", "v")
                    cache.ignoredWrites() shouldBe 11
                    cache.setAll(mapOf("a" to typed("v"), "b" to typed("v")), null) shouldBe setOf("a", "b")
                    cache.deleteAll(listOf("a", "b")).shouldBeEmpty()
                    cache.deleteAllResults(listOf("a", "b")).failed().size shouldBe 2
                    cache.ignoredWrites() shouldBe 13
                    shouldThrow<ConnectionLostException> { cache.cas("k", "v", 1) }
                    shouldThrow<IllegalKeyException> { cache.set("a b", "v") }
                    if (mode == FailureMode.THROW) shouldThrow<ConnectionLostException> { cache.get("k", TEXT) }
                }
            }
        }

        test("F71 writes to a server that is gone are ignored in each Java face") {
            client(gone) { writeFailures = WriteFailures.IGNORE }.use { cache ->
                withContext(Dispatchers.IO) {
                    cache.blocking().set("k", "v")
                    cache.blocking().delete("k") shouldBe false
                    cache.blocking().update("k", TEXT, Expiry.never()) { "v" }.shouldBeNull()
                    cache.blocking().setAll(mapOf("k" to "v")) shouldBe setOf("k")
                    cache.blocking().deleteAll(listOf("k")).shouldBeEmpty()
                }
                cache.async().set("k", "v").await()
                cache.async().delete("k").await() shouldBe false
                cache.async().update("k", TEXT, Expiry.never()) { "v" }.await().shouldBeNull()
                cache.async().setAll(mapOf("k" to "v")).await() shouldBe setOf("k")
                cache.async().deleteAll(listOf("k")).await().shouldBeEmpty()
                cache.ignoredWrites() shouldBe 8
            }
        }

        test("F71 a write that may have been carried out is thrown") {
            val writes =
                listOf<suspend (io.cachewire.MemcachedClient) -> Any?>(
                    { it.delete("k") },
                    { it.set("k", "v") },
                    { it.deleteAll(listOf("k")) },
                    { it.touch("k", 1.minutes) },
                    { it.increment("k") },
                    { it.update<String>("k") { "v" } },
                )
            for (write in writes) {
                HostileServer.start().use { server ->
                    for (command in listOf("md", "ms", "mg", "ma")) server.on(command, hang())
                    client(server.address()) { writeFailures = WriteFailures.IGNORE }.use { cache ->
                        cache.connect()
                        val failure = attempt { write(cache) }.failure
                        val whole = (failure as? PartialResultException)?.cause ?: failure
                        (whole is RequestTimeoutException && whole.delivery() == Delivery.INDETERMINATE) shouldBe true
                        cache.ignoredWrites() shouldBe 0
                    }
                }
            }
        }

        test("F71 a compare-and-set under a key that goes as base64 is thrown too") {
            client(gone) {
                writeFailures = WriteFailures.IGNORE
                keyEncoding = KeyEncoding.BASE64
            }.use { cache ->
                cache.add("a b", "v") shouldBe false
                shouldThrow<ConnectionLostException> { cache.cas("a b", "v", 1) }
            }
        }

        test("F71 a view has a treatment of its own, and counts with the client") {
            client(gone).use { cache ->
                shouldThrow<ConnectionLostException> { cache.set("k", "v") }
                val lenient = cache.withWriteFailures(WriteFailures.IGNORE)
                lenient.set("k", "v")
                lenient.blocking().set("k", "v")
                cache.ignoredWrites() shouldBe 2
                shouldThrow<ConnectionLostException> { lenient.withWriteFailures(WriteFailures.THROW).set("k", "v") }
            }
        }
    })
