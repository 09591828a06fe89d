package io.cachewire.reliability

import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** A value that says whose it is, of a length that depends on it. */
private fun valueOf(key: String, number: Int) = "$key|$number|" + "x".repeat((number * 7919) % 3000) + "|$key"

private fun isOf(key: String, value: String): Boolean {
    val number = value.substringAfter('|').substringBefore('|').toIntOrNull() ?: return false
    return value == valueOf(key, number)
}

/** Random faults over several connections. The long run is the oracle's; this is the short one of every build. */
class MonkeyRunTest :
    FunSpec({
        eachDialect("F36 random faults for some seconds: no wrong value, no call without an end") { dialect ->
            val seed = System.nanoTime()
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        connectionsPerServer = 4
                    }.use { cache ->
                        val wrong = ConcurrentLinkedQueue<String>()
                        val hits = AtomicLong()
                        val slowest = ConcurrentLinkedQueue<kotlin.time.Duration>()
                        val start = TimeSource.Monotonic.markNow()
                        proxy.monkey(seed).use {
                            coroutineScope {
                                (0 until 24).map { caller ->
                                    async(Dispatchers.Default) {
                                        val random = Random(seed + caller)
                                        var longest = 0.milliseconds
                                        while (start.elapsedNow() < 5.seconds) {
                                            val key = "k${random.nextInt(40)}"
                                            val ended =
                                                attempt {
                                                    when (random.nextInt(6)) {
                                                        0, 1 -> cache.set(key, valueOf(key, random.nextInt(1000)))

                                                        2 -> withTimeoutOrNull(random.nextInt(1, 10).milliseconds) {
                                                            cache.get<String>(key)
                                                        }?.let { if (!isOf(key, it)) wrong.add("$key: $it") }

                                                        3 -> cache.getAll<String>(
                                                            listOf(key, "k0", "k1", "never"),
                                                        ).forEach {
                                                            if (!isOf(
                                                                    it.key,
                                                                    it.value,
                                                                )
                                                            ) {
                                                                wrong.add("${it.key}: ${it.value}")
                                                            }
                                                        }

                                                        4 -> cache.get<String>("never-$key")?.let {
                                                            wrong.add("ghost $key: $it")
                                                        }

                                                        else -> cache.get<String>(key)?.let {
                                                            hits.incrementAndGet()
                                                            if (!isOf(key, it)) wrong.add("$key: $it")
                                                        }
                                                    }
                                                }
                                            longest = maxOf(longest, ended.took)
                                        }
                                        slowest.add(longest)
                                    }
                                }.awaitAll()
                            }
                        }
                        wrong.shouldBeEmpty()
                        hits.get() shouldBeGreaterThan 100
                        // the row asks that none hangs; the tests above measure the bound with less going on at once
                        slowest.max() shouldBeLessThan RECOVERY
                        proxy.resetAll()
                        cache.shouldRecover()
                    }
                }
            }
        }
    })
