package io.cachewire.oracle

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.HdrHistogram.ConcurrentHistogram
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.DurationUnit
import kotlin.time.TimeSource

/** What is wrong with one of the four servers while the load goes on. */
internal enum class Trouble { NONE, DEAD, STOPPED }

/** Calls that were answered and calls that failed, with how long they took in microseconds. */
internal class LoadFigures(
    val trouble: Trouble,
    val callers: Int,
    val took: Duration,
    val answered: ConcurrentHistogram,
    val failed: ConcurrentHistogram,
) {
    fun perSecond(of: ConcurrentHistogram): Long = (of.totalCount / took.toDouble(DurationUnit.SECONDS)).toLong()
}

private const val SERVERS = 4
private const val KEYS = 1024

/** Callers in closed loops, nine reads and a write, on four servers of which one may be in trouble. Every value read is compared. */
internal suspend fun measureLoad(trouble: Trouble, callers: Int, length: Duration): LoadFigures {
    val started = List(SERVERS) { MemcachedServer.start() }
    try {
        MemcachedClient {
            servers = started.map { it.address() }
            requestTimeout = TIMEOUT
        }.use { client ->
            repeat(KEYS) { client.set("key-$it", value(it)) }
            load(client, callers, length / 2)
            when (trouble) {
                Trouble.NONE -> Unit
                Trouble.DEAD -> started.last().kill()
                Trouble.STOPPED -> started.last().pause()
            }
            val answered = ConcurrentHistogram(2)
            val failed = ConcurrentHistogram(2)
            val begin = TimeSource.Monotonic.markNow()
            load(client, callers, length, answered, failed)
            return LoadFigures(trouble, callers, begin.elapsedNow(), answered, failed)
        }
    } finally {
        if (trouble == Trouble.STOPPED) started.last().resume()
        started.forEach(MemcachedServer::close)
    }
}

private val TIMEOUT = 500.milliseconds

private fun value(key: Int) = "value-$key-" + "x".repeat(90)

private suspend fun load(
    client: MemcachedClient,
    callers: Int,
    length: Duration,
    answered: ConcurrentHistogram = ConcurrentHistogram(2),
    failed: ConcurrentHistogram = ConcurrentHistogram(2),
) = coroutineScope {
    val begin = TimeSource.Monotonic.markNow()
    repeat(callers) { caller ->
        launch(Dispatchers.Default) {
            var turn = caller
            while (begin.elapsedNow() < length) {
                val start = System.nanoTime()
                val isAnswered = callOnce(client, turn++)
                (if (isAnswered) answered else failed).recordValue((System.nanoTime() - start) / 1000)
                // a caller that fails at once would else do nothing but fail
                if (!isAnswered) delay(PAUSE)
            }
        }
    }
}

private val PAUSE = 1.milliseconds

private suspend fun callOnce(client: MemcachedClient, turn: Int): Boolean {
    val key = turn * 31 % KEYS
    try {
        if (turn % 10 == 0) {
            client.set("key-$key", value(key))
        } else {
            val got = client.get<String>("key-$key")
            check(got == value(key)) { "key-$key holds $got" }
        }
        return true
    } catch (_: MemcachedException) {
        return false
    }
}
