package io.cachewire.oracle.peers

import io.cachewire.ServerAddress
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentLinkedDeque
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/** What a client did that the row does not allow. */
internal class NotPassed(
    message: String,
) : Exception(message)

/** How a call ended; neither value nor failure for a miss. */
internal class Ended<T>(
    val value: T?,
    val failure: Throwable?,
    val took: Duration,
)

/** One client in one scenario. What is opened is closed in the background, so that a client that hangs holds up nobody. */
internal class Trial(
    private val contestant: Contestant,
) : AutoCloseable {
    private val threads = Executors.newCachedThreadPool {
        Thread(it, "peers").also { thread -> thread.isDaemon = true }
    }
    private val opened = ConcurrentLinkedDeque<AutoCloseable>()

    fun <T : AutoCloseable> open(resource: T): T = resource.also { opened.addFirst(it) }

    fun peer(server: ServerAddress): Peer = open(
        ended(start { contestant.connect(server) }).let {
            it.value
                ?: throw it.failure!!
        },
    )

    fun <T> start(call: () -> T): Started<T> {
        val began = System.nanoTime()
        return Started(began, threads.submit(Callable { call() to System.nanoTime() - began }))
    }

    class Started<T>(
        val began: Long,
        val future: Future<Pair<T, Long>>,
    )

    /** Waits for the end of a call. */
    fun <T> ended(call: Started<T>): Ended<T> = try {
        val (value, nanos) = call.future.get(HANG.inWholeSeconds, TimeUnit.SECONDS)
        Ended(value, null, nanos.nanoseconds)
    } catch (e: ExecutionException) {
        Ended(null, e.cause, (System.nanoTime() - call.began).nanoseconds)
    } catch (_: TimeoutException) {
        throw NotPassed("hung for more than $HANG")
    }

    fun <T> call(call: () -> T): Ended<T> = ended(start(call))

    /** Right again within a time, without help. */
    fun recovers(peer: Peer, key: String, value: String, within: Duration = RECOVERY) {
        val begin = System.nanoTime()
        while (true) {
            val ended = call { peer.get(key) }
            val got = ended.value?.decodeToString()
            if (got == value) return
            if (ended.value != null) throw NotPassed("a wrong value: $got")
            if ((System.nanoTime() - begin).nanoseconds > within) {
                throw NotPassed("does not work again within $within: ${ended.failure ?: "a miss"}".take(LONGEST))
            }
        }
    }

    override fun close() {
        opened.forEach { threads.execute { runCatching { it.close() } } }
        threads.shutdown()
    }

    companion object {
        val HANG = 10.seconds
        val SOON = 2.seconds
        val RECOVERY = 5.seconds
        const val LONGEST = 120
    }
}

/** An error, and not late. */
internal fun Ended<*>.mustFail(within: Duration = Trial.SOON) {
    when {
        value is ByteArray -> throw NotPassed("a value: ${value.decodeToString().take(30)}")
        value != null && value != Unit -> throw NotPassed("an answer: $value")
        value == Unit -> throw NotPassed("a write that is said to be done")
        failure == null -> throw NotPassed("a miss instead of an error")
        took > within -> throw NotPassed("an error only after $took")
    }
}

/** This value, and nothing else. */
internal fun Ended<ByteArray?>.mustBe(expected: String) {
    failure?.let { throw NotPassed("an error: $it".take(Trial.LONGEST)) }
    val got = value?.decodeToString() ?: throw NotPassed("a miss")
    if (got != expected) throw NotPassed("a wrong value: ${got.take(30)}")
}

/** An error or a miss would do; a wrong value would not. */
internal fun Ended<ByteArray?>.mustNotBeOtherThan(expected: String) {
    val got = value?.decodeToString() ?: return
    if (got != expected) throw NotPassed("a wrong value: ${got.take(30)}")
}
