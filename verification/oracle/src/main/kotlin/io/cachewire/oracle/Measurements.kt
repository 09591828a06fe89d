package io.cachewire.oracle

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.RequestTimeoutException
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.HdrHistogram.ConcurrentHistogram
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Calls that all time out, because each answer takes three times as long: how late the failure comes. Microseconds. */
internal class TimeoutFigures(
    val overrun: ConcurrentHistogram,
    /** How late a thread that only sleeps wakes up meanwhile. */
    val stalls: ConcurrentHistogram,
)

internal suspend fun measureTimeouts(count: Long, callers: Int = 200): TimeoutFigures {
    val timeout = 20.milliseconds
    val overrun = ConcurrentHistogram(2)
    val tally = Tally()
    MemcachedServer.start().use { server ->
        FaultProxy.to(server.address()).use { proxy ->
            MemcachedClient(proxy.address().toString()) { stallTimeout = 60.seconds }.use { patient ->
                patient.set("present", "value")
                proxy.down().latency(Duration.ofMillis(60))
                val hasty = patient.withRequestTimeout(timeout)
                StallMeter(tally).use { meter ->
                    meter.start()
                    val left = AtomicLong(count)
                    coroutineScope {
                        repeat(callers) {
                            launch(Dispatchers.Default) {
                                while (left.getAndDecrement() > 0) {
                                    val start = System.nanoTime()
                                    try {
                                        hasty.get<String>("present")
                                    } catch (_: RequestTimeoutException) {
                                        val over = System.nanoTime() - start - timeout.inWholeNanoseconds
                                        overrun.recordValue(maxOf(0, over) / 1000)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    return TimeoutFigures(overrun, tally.stalls)
}

/** Calls that wait for a server which then dies: how long until the last one has failed, and what they cost. */
internal class FailFastFigures(
    val pending: Int,
    val failed: Int,
    val took: kotlin.time.Duration,
    val heapBefore: Long,
    val heapPending: Long,
    val heapAfter: Long,
)

internal fun measureFailFast(pending: Int): FailFastFigures {
    MemcachedServer.start().use { server ->
        FaultProxy.to(server.address()).use { proxy ->
            MemcachedClient(proxy.address().toString()) {
                requestTimeout = 60.seconds
                stallTimeout = 1.days
                maxPendingRequests = pending
            }.use { client ->
                val async = client.async()
                async.set("present", "value").join()
                val before = Held.now()
                proxy.up().drop()
                // writes: nobody sends them again
                val pendingCalls = Array<CompletableFuture<*>?>(pending) { async.touch("present", Duration.ofHours(1)) }
                val waiting = Held.now()
                val start = TimeSource.Monotonic.markNow()
                proxy.resetAll()
                val failed = pendingCalls.count { fails(it!!) }
                val took = start.elapsedNow()
                pendingCalls.fill(null)
                return FailFastFigures(pending, failed, took, before.heap, waiting.heap, Held.now().heap)
            }
        }
    }
}

private fun fails(call: CompletableFuture<*>): Boolean = try {
    call.join()
    false
} catch (e: java.util.concurrent.CompletionException) {
    e.cause is MemcachedException
}

/**
 * A client whose connection is killed again and again, by a reset, and every tenth time with the server; every hundredth time the client is
 * closed and another one made. What the process holds before and after.
 */
internal class LeakFigures(
    val cycles: Int,
    val before: Held,
    val after: Held,
)

internal suspend fun measureLeaks(cycles: Int): LeakFigures {
    MemcachedServer.start().use { server ->
        FaultProxy.to(server.address()).use { proxy ->
            cycle(server, proxy, WARM_UP)
            val before = settled()
            cycle(server, proxy, cycles)
            return LeakFigures(cycles, before, settled())
        }
    }
}

private const val WARM_UP = 100

/** When threads that are ending have ended. */
private suspend fun settled(): Held {
    delay(200.milliseconds)
    return Held.now()
}

private suspend fun cycle(server: MemcachedServer, proxy: FaultProxy, cycles: Int) {
    var done = 0
    while (done < cycles) {
        MemcachedClient(proxy.address().toString()) {
            requestTimeout = 1.seconds
            backoff(1.milliseconds, 5.milliseconds)
        }.use { client ->
            repeat(minOf(100, cycles - done)) {
                untilItWorks { client.set("key", "value") }
                val pending = List(10) { client.async().get("key", String::class.java) }
                if (it % 10 == 9) server.restart()
                proxy.resetAll()
                pending.forEach { call -> call.exceptionally { null }.join() }
                done++
            }
        }
    }
    // the proxy's threads notice by and by
    while (proxy.open() > 0) delay(1.milliseconds)
}

private suspend fun untilItWorks(call: suspend () -> Unit) {
    val start = System.nanoTime()
    while (true) {
        try {
            return call()
        } catch (e: MemcachedException) {
            if ((System.nanoTime() - start).nanoseconds > 10.seconds) throw e
            delay(1.milliseconds)
        }
    }
}
