package io.cachewire.serde

import io.cachewire.DataBlock
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.SerdeException
import io.cachewire.TypedValue
import io.cachewire.ValueType
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaValue
import io.cachewire.set
import io.cachewire.valueType
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

private val TEXT: ValueType<Undecoded<String>> = Undecoded.of(ValueType.of(String::class.java))

class UndecodedTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        suspend fun using(protocol: Protocol, use: suspend (MemcachedClient) -> Unit) {
            val cache =
                MemcachedClient(server.address().toString()) {
                    this.protocol = protocol
                    compression = Compression.zlib(10, 6)
                    requestTimeout = 10.seconds
                }
            try {
                cache.flushAll()
                use(cache)
            } finally {
                cache.close()
            }
        }

        for (protocol in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("in $protocol a block is read as it is stored, decoded when asked, and written back as it is") {
                using(protocol) { cache ->
                    val long = "x".repeat(100)
                    cache.set("k", long)
                    val found = cache.get("k", TEXT)!!
                    found.stored().flags() shouldBe 0x101
                    (found.stored().data().length() < 100) shouldBe true
                    found.decode() shouldBe long
                    cache.getAll(listOf("k", "none"), TEXT).mapValues { it.value.decode() } shouldBe mapOf("k" to long)
                    cache.set("copy", TypedValue.of(found.stored()), null)
                    cache.get("copy", TEXT)!!.stored() shouldBe found.stored()
                    cache.get<String>("copy") shouldBe long
                    cache.set("odd", TypedValue.of(EncodedValue(DataBlock.ofUtf8("?"), 0x7000)), null)
                    cache.get("odd", TEXT)!!.stored().flags() shouldBe 0x7000
                    shouldThrow<SerdeException> { cache.get("odd", TEXT)!!.decode() }.key() shouldBe "odd"
                }
            }

            test("in $protocol a mark of the flag scheme is a miss for every type, and an item undecoded") {
                using(protocol) { cache ->
                    for (mark in listOf(Format.LEASE, Format.ABSENT)) {
                        val flags = FlagScheme.DEFAULT.flags(mark)
                        cache.set("k", TypedValue.of(EncodedValue(DataBlock.EMPTY, flags)), null)
                        cache.get<String>("k").shouldBeNull()
                        cache.get<ByteArray>("k").shouldBeNull()
                        cache.gets("k", valueType<DataBlock>()).shouldBeNull()
                        cache.get("k", TEXT)!!.stored().flags() shouldBe flags
                        // a value of another client that uses the number stays one
                        cache.set("k", TypedValue.of(EncodedValue(DataBlock.ofUtf8("7"), flags)), null)
                        cache.get<ByteArray>("k")!!.decodeToString() shouldBe "7"
                        shouldThrow<SerdeException> { cache.get<String>("k") }.reason() shouldBe
                            SerdeException.Reason.UNKNOWN_FLAGS
                    }
                }
            }
        }

        test("a placeholder has its cas unique and its time to live for a reader that does not decode") {
            using(Protocol.META) { cache ->
                val lease = MetaGet.plain().vivify(30.seconds.toJavaDuration())
                val win = cache.meta().get("k", TEXT, lease).shouldBeInstanceOf<MetaValue.Win<Undecoded<String>>>()
                val won = cache.meta().get("k", TEXT, lease).shouldBeInstanceOf<MetaValue.Won<Undecoded<String>>>()
                won.item()!!.cas shouldBe win.cas()
                won.item()!!.size shouldBe 0
                (won.item()!!.ttl!!.seconds in 28..30) shouldBe true
            }
        }

        test("the end of a connection and a new list of servers are changes, calls are not") {
            using(Protocol.META) { cache ->
                cache.set("k", "v")
                val before = cache.cluster().changes()
                repeat(10) { cache.get<String>("k") shouldBe "v" }
                cache.cluster().changes() shouldBe before
                cache.disconnectAll()
                cache.get<String>("k") shouldBe "v"
                val lost = cache.cluster().changes()
                (lost > before) shouldBe true
                cache.cluster().setServers(server.address().toString(), "127.0.0.1:1")
                (cache.cluster().changes() > lost) shouldBe true
            }
        }
    })
