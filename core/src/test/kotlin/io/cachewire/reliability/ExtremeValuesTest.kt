package io.cachewire.reliability

import io.cachewire.DataBlock
import io.cachewire.Protocol
import io.cachewire.ValueType
import io.cachewire.cas
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.PlainClient
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.Serde
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

private data class Flagged(
    val text: String,
    val flags: Int,
)

/** Stores the flags that it is told. */
private object FlaggedSerde : Serde {
    override fun encodes(type: ValueType<*>): Boolean = type.rawClass() == Flagged::class.java

    override fun encode(key: String, value: Any, type: ValueType<*>): EncodedValue =
        EncodedValue(DataBlock.ofUtf8((value as Flagged).text), value.flags)

    override fun decodes(flags: Int): Boolean = flags != 0

    @Suppress("UNCHECKED_CAST")
    override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T =
        Flagged(stored.data().toUtf8(), stored.flags()) as T
}

/** The edges of what is allowed come through exactly. */
class ExtremeValuesTest :
    FunSpec({
        eachDialect("F57 values of any bytes and size, and the longest key") { dialect ->
            MemcachedServer.start("-I", "2m", "-m", "64").use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                    maxValueBytes = 2 shl 20
                }.use { cache ->
                    val values =
                        listOf(
                            "",
                            "\r\n",
                            "END\r\n",
                            "VALUE x 0 5\r\nhello\r\nEND\r\n",
                            "VA 5 f0 O1\r\nhello\r\n",
                            "\u0000\r\nSERVER_ERROR out of memory\r\n",
                        ).map { it.toByteArray() } + listOf(ByteArray(256) { it.toByte() }, ByteArray(1 shl 20) { 13 })
                    values.forEachIndexed { i, value ->
                        for (key in listOf("k$i", "$i".padEnd(250, '~'))) {
                            cache.set(key, value)
                            cache.get<ByteArray>(key)!!.contentEquals(value) shouldBe true
                        }
                    }
                    many(values.size) { cache.get<ByteArray>("k$it")!!.contentEquals(values[it]) }.forEach {
                        it.value shouldBe true
                    }
                }
            }
        }

        eachDialect("F57 flags of 32 bits") { dialect ->
            val compressionBits = FlagScheme.DEFAULT.zlibBits() or FlagScheme.DEFAULT.gzipBits()
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    serde = FlaggedSerde
                }.use { cache ->
                    for (flags in listOf(1, Int.MIN_VALUE, -1 and compressionBits.inv())) {
                        val value = Flagged("v", flags)
                        cache.set("k", value)
                        cache.get<Flagged>("k") shouldBe value
                        cache.item<Flagged>("k")!!.flags shouldBe flags
                    }
                    PlainClient.to(server.address()).use { it.ask("set all 4294967295 0 1\r\nx\r\n") }
                    cache.item<ByteArray>("all")!!.flags shouldBe -1
                }
            }
        }

        eachDialect("F57 the largest cas unique is kept and sent unsigned") { dialect ->
            val largest = "18446744073709551615"
            HostileServer.start().put("k", 0, "hello").use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    val command = if (dialect == Protocol.META) "mg" else "gets"
                    server.next(
                        command,
                        Forgery.edited {
                            if (dialect == Protocol.META) {
                                it.replaceFirst(Regex(" c\\d+"), " c$largest")
                            } else {
                                it.replaceFirst(Regex(" 5 \\d+\r\n"), " 5 $largest\r\n")
                            }
                        },
                    )
                    val held = cache.gets<String>("k")!!
                    held.cas.toULong().toString() shouldBe largest
                    cache.cas("k", "new", held.cas)
                    server.lines().last().contains(largest) shouldBe true
                }
            }
        }
    })
