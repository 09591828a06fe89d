package io.cachewire.reliability

import io.cachewire.DataBlock
import io.cachewire.SerdeException
import io.cachewire.ValueType
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.InTime
import io.cachewire.get
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.Serde
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.seconds

private class Odd(
    val text: String,
)

/** Runs the test's code on encoding and decoding. */
private class OddSerde(
    val onEncode: () -> Unit = {},
    val onDecode: () -> Unit = {},
) : Serde {
    override fun encodes(type: ValueType<*>): Boolean = type.rawClass() == Odd::class.java

    override fun encode(key: String, value: Any, type: ValueType<*>): EncodedValue {
        onEncode()
        return EncodedValue(DataBlock.ofUtf8((value as Odd).text), FLAGS)
    }

    override fun decodes(flags: Int): Boolean = flags == FLAGS

    @Suppress("UNCHECKED_CAST")
    override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T {
        onDecode()
        return Odd(stored.data().toUtf8()) as T
    }

    companion object {
        const val FLAGS = 0x40000
    }
}

private fun overflow(depth: Int): Int = if (depth < 0) 0 else 1 + overflow(depth + 1)

/** Code of the user that throws or blocks. */
class SerdeFaultTest :
    FunSpec({
        val faults =
            mapOf<String, () -> Unit>(
                "an exception" to { error("no such value") },
                "a stack overflow" to { overflow(0) },
                "an error" to { throw AssertionError("broken serde") },
            )

        for ((what, fault) in faults) {
            eachDialect("F11 $what in encode or decode fails that call, and nothing of it is written") { dialect ->
                HostileServer.start().put("k", OddSerde.FLAGS.toLong(), "v").use { server ->
                    for (serde in listOf(OddSerde(onEncode = fault), OddSerde(onDecode = fault))) {
                        client(server.address()) {
                            protocol = dialect
                            this.serde = serde
                        }.use { cache ->
                            cache.shouldBeInSync()
                            repeat(3) {
                                if (what == "an error") {
                                    shouldThrow<AssertionError> {
                                        cache.set("odd", Odd("x"))
                                        cache.get<Odd>("k")
                                    }
                                } else {
                                    attempt {
                                        cache.set("odd", Odd("x"))
                                        cache.get<Odd>("k")
                                    }.shouldFailWith<SerdeException>()
                                }
                                cache.shouldBeInSync()
                            }
                        }
                        server.accepted() shouldBe if (serde.onEncode === fault) 1 else 2
                        if (serde.onEncode === fault) server.lines().none { it.contains(" odd ") } shouldBe true
                    }
                }
            }
        }

        eachDialect("F12 a serde that blocks holds up its own caller only") { dialect ->
            val entered = CountDownLatch(1)
            val release = CountDownLatch(1)
            val block = {
                entered.countDown()
                InTime.await(release)
            }
            HostileServer.start().put("k", OddSerde.FLAGS.toLong(), "v").use { server ->
                client(server.address()) {
                    protocol = dialect
                    serde = OddSerde(onDecode = block)
                    requestTimeout = 2.seconds
                }.use { cache ->
                    coroutineScope {
                        // dispatched: a reply that is faster than the caller is decoded where the call was made
                        val blocked = async(Dispatchers.Default) { cache.get<Odd>("k")?.text }
                        InTime.await(entered)
                        repeat(10) { cache.shouldBeInSync() }
                        release.countDown()
                        blocked.await() shouldBe "v"
                    }
                    server.accepted() shouldBe 1
                }
            }
        }
    })
