package io.cachewire.oracle

import io.cachewire.CallInterruptedException
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.OverloadedException
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.SerdeException
import io.cachewire.ServerErrorException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlin.time.Duration.Companion.nanoseconds

/** How a call ended, as far as a caller can know. */
internal sealed interface Outcome<out T> {
    /** It has a result. */
    class Answer<T>(
        val value: T,
    ) : Outcome<T>

    /** It had no effect: nothing was sent, or the server refused. */
    class Refused(
        val failure: MemcachedException,
    ) : Outcome<Nothing> {
        val byServer: Boolean get() = failure.delivery() == Delivery.ANSWERED
    }

    /** Timed out, cancelled, or its connection was lost: it may have its effect, now or later. */
    data object Unknown : Outcome<Nothing>
}

/**
 * One user of the client, who makes one call after the other. Some calls are given a time limit and some are cancelled by somebody else, after
 * a random time around the usual one. Each call's duration is held against the time-out.
 */
internal class Caller(
    val name: String,
    val cache: Cache,
    val random: Random,
    private val field: Field,
) {
    /** What it does now, for the report on calls that do not end. */
    @Volatile
    var now: String? = null
        private set

    private val tally get() = this.field.tally

    suspend fun <T> call(verb: String, key: String, call: suspend () -> T): Outcome<T> {
        val start = System.nanoTime()
        now = "$verb $key since ${field.findings.now()}"
        tally.calls.increment()
        val outcome =
            when (random.nextInt(100)) {
                in 0 until PLAIN -> plain(verb, key, call)
                in PLAIN until LIMITED -> limited(verb, key, call)
                else -> cancelled(verb, key, call)
            }
        now = null
        val took = System.nanoTime() - start
        field.pace.took(took)
        if (outcome is Outcome.Answer) tally.took.recordValue(took / 1000)
        val over = took - field.timeoutNanos
        if (over > field.limits.overrun.inWholeNanoseconds) {
            field.findings.report(
                Invariant.LIVE,
                key,
                "$verb by $name took ${took.nanoseconds}, the time-out is ${field.timeoutNanos.nanoseconds}",
            )
        }
        // a client that fails at once while the server is down would be asked in a tight loop
        if (outcome is Outcome.Refused) delay(random.nextLong(5, 50))
        return outcome
    }

    private suspend fun <T> plain(verb: String, key: String, call: suspend () -> T): Outcome<T> {
        val start = System.nanoTime()
        return try {
            Outcome.Answer(call())
        } catch (e: MemcachedException) {
            if (e is RequestTimeoutException) {
                tally.overrun.recordValue(maxOf(0, System.nanoTime() - start - field.timeoutNanos) / 1000)
            }
            failed(verb, key, e)
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            field.findings.report(Invariant.IN_STEP, key, "$verb by $name failed with an untyped $e")
            Outcome.Unknown
        }
    }

    private fun failed(verb: String, key: String, e: MemcachedException): Outcome<Nothing> {
        when (e) {
            is CallInterruptedException -> Unit

            // counted where it is caused

            is RequestTimeoutException -> tally.timeouts.increment()

            is ConnectionLostException, is OverloadedException -> tally.lost.increment()

            is ServerErrorException -> tally.serverErrors.increment()

            is ProtocolException -> {
                tally.protocolErrors.increment()
                if (field.honestServer) field.findings.report(Invariant.IN_STEP, key, "$verb by $name: $e")
            }

            is SerdeException -> field.findings.report(Invariant.OWN, key, "$verb by $name: $e")

            else -> field.findings.report(Invariant.IN_STEP, key, "$verb by $name: $e")
        }
        if (e.delivery() == Delivery.NOT_SENT) tally.notSent.increment()
        return if (e.delivery() == Delivery.INDETERMINATE) Outcome.Unknown else Outcome.Refused(e)
    }

    private suspend fun <T> limited(verb: String, key: String, call: suspend () -> T): Outcome<T> =
        withTimeoutOrNull(random.nextLong(1, 2 * field.pace.usual + 2).nanoseconds) { plain(verb, key, call) }
            ?: Outcome.Unknown.also { tally.cancels.increment() }

    private suspend fun <T> cancelled(verb: String, key: String, call: suspend () -> T): Outcome<T> = coroutineScope {
        val running = async(start = CoroutineStart.UNDISPATCHED) { plain(verb, key, call) }
        val alarm =
            field.alarms.schedule(
                { running.cancel() },
                random.nextLong(2 * field.pace.usual + 1),
                TimeUnit.NANOSECONDS,
            )
        try {
            running.await()
        } catch (_: CancellationException) {
            currentCoroutineContext().ensureActive()
            tally.cancels.increment()
            Outcome.Unknown
        } finally {
            alarm.cancel(false)
        }
    }

    private companion object {
        /** Of a hundred calls, so many are left alone, and up to so many have a time limit. */
        const val PLAIN = 60
        const val LIMITED = 85
    }
}

/** About how long half of the calls take, in nanoseconds; follows slowly. Lost updates do not matter. */
internal class Pace {
    @Volatile
    var usual = 500_000L
        private set

    fun took(nanos: Long) {
        val now = usual
        val step = maxOf(1000, now / 64)
        usual = if (nanos > now) now + step else maxOf(1000, now - step)
    }
}
