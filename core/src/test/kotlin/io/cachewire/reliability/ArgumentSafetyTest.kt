package io.cachewire.reliability

import io.cachewire.Expiry
import io.cachewire.IllegalRequestException
import io.cachewire.cas
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Numbers and bytes of the caller: refused, or sent exactly. */
class ArgumentSafetyTest :
    FunSpec({
        eachDialect("S06 times to live are refused or exact") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    val before = server.requests().size
                    for (ttl in listOf(Duration.ZERO, (-1).seconds, (-1).milliseconds, (-40).days, (365 * 70).days)) {
                        attempt { cache.set("k", "v", ttl) }.shouldFailWith<IllegalRequestException>()
                    }
                    for (second in listOf(Long.MIN_VALUE / 1_000_000_000, -1L, 0L, 1L, 30L * 86_400, 1L shl 32)) {
                        shouldThrow<IllegalRequestException> { Expiry.at(Instant.ofEpochSecond(second)) }
                    }
                    server.requests().size shouldBe before

                    suspend fun sent(ttl: Duration): Long {
                        cache.set("k", "v", ttl)
                        val line = server.lines().last { it.startsWith(dialect.write) }
                        return (
                            if (dialect.write ==
                                "ms"
                            ) {
                                line.substringAfter(" T").substringBefore(' ')
                            } else {
                                line.split(' ')[3]
                            }
                            ).toLong()
                    }
                    sent(1.milliseconds) shouldBe 1
                    sent(1.seconds) shouldBe 1
                    sent(1001.milliseconds) shouldBe 2
                    sent(30.days) shouldBe 30L * 86_400
                    val now = Instant.now().epochSecond
                    (sent(30.days + 1.seconds) - now - 30L * 86_400) shouldBeLessThan 10
                    (sent(30.days + 1.seconds) > now) shouldBe true
                }
            }
        }

        eachDialect("S06 deltas and cas uniques are refused or exact") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    attempt { cache.increment("n", -1) }.shouldFailWith<IllegalRequestException>()
                    attempt { cache.decrement("n", Long.MIN_VALUE) }.shouldFailWith<IllegalRequestException>()
                    attempt { cache.increment("n", 1, initial = -1) }.shouldFailWith<IllegalRequestException>()
                    cache.set("n", "0")
                    cache.increment("n", Long.MAX_VALUE) shouldBe Long.MAX_VALUE
                    cache.increment("n", Long.MAX_VALUE)!!.toULong() shouldBe ULong.MAX_VALUE - 1u
                    cache.increment("n", 1)!!.toULong() shouldBe ULong.MAX_VALUE
                    cache.increment("n", 1) shouldBe 0
                    cache.decrement("n", 5) shouldBe 0
                    cache.set("n", "100")
                    cache.decrement("n", 91) shouldBe 9
                    cache.decrement("n", 1) shouldBe 8 // the server has padded the text to "9  "
                    val held = cache.gets<String>("n").shouldNotBeNull()
                    for (wrong in listOf(held.cas + 1, held.cas or Long.MIN_VALUE, -1L)) {
                        cache.cas("n", "v", wrong) shouldBe io.cachewire.CasResult.EXISTS
                    }
                    cache.cas("n", "v", held.cas) shouldBe io.cachewire.CasResult.STORED
                    cache.cas("absent", "v", held.cas) shouldBe io.cachewire.CasResult.NOT_FOUND
                    cache.get<String>("absent").shouldBeNull()
                }
            }
        }

        eachDialect("S07 an array that changes during the call never gives a wrong length") { dialect ->
            MemcachedServer.start("-m", "256").use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    repeat(5) { round ->
                        val array = ByteArray(500_000) { 'a'.code.toByte() }
                        coroutineScope {
                            val writes = List(20) { start { cache.set("k$round-$it", array) } }
                            array.fill('\n'.code.toByte())
                            array.fill('b'.code.toByte())
                            writes.awaitAll().forEach { it.failure shouldBe null }
                        }
                        // the values were taken before the call was submitted, whatever became of the array
                        repeat(20) {
                            val stored = cache.get<ByteArray>("k$round-$it")!!
                            stored.size shouldBe 500_000
                            stored.all { byte -> byte == 'a'.code.toByte() } shouldBe true
                        }
                    }
                    cache.shouldBeInSync()
                }
            }
        }
    })
