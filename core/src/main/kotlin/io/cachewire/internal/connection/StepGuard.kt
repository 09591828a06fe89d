package io.cachewire.internal.connection

import org.slf4j.LoggerFactory
import java.util.concurrent.atomic.AtomicReference

/**
 * The one place through which every step of the client's own threads goes. Nothing that a step throws, an Error included, gets past it: the thread
 * lives on, and what is said about the step is at most [MAX_LINES] lines a second. A [LinkageError] means a class path on which the client cannot
 * work: [brokenBy] is set then, for good.
 */
internal class StepGuard(
    private val clock: Clock,
    /** Called when [brokenBy] has been set; must be nothing but a signal. */
    private val onBroken: () -> Unit,
) {
    private val broken = AtomicReference<Failure?>()

    @Volatile
    private var secondBegan = 0L

    @Volatile
    private var lines = 0

    /** Why no call can succeed any more, or null. */
    val brokenBy: Failure? get() = broken.get()

    /** Runs a step; false when it has thrown. */
    inline fun run(what: String, step: () -> Unit): Boolean = try {
        step()
        true
    } catch (e: Throwable) {
        caught(what, e)
        false
    }

    /** A step has thrown. Throws nothing. */
    fun caught(what: String, error: Throwable) {
        try {
            if (WrongPlatform.isMeantBy(error)) {
                if (broken.get() == null && broken.compareAndSet(null, WrongPlatform.failure(error))) onBroken()
            }
            if (mayLog()) LOG.error("{} failed", what, error)
        } catch (_: Throwable) {
            // without memory nothing can be said, and nothing has to be
        }
    }

    /** What is to be told of something that was thrown: that the client is broken, or the thing itself. */
    fun explained(error: Throwable): Throwable {
        caught("a call", error)
        return if (WrongPlatform.isMeantBy(error)) brokenBy?.toException(null, null) ?: error else error
    }

    /** Two threads may both count from the same number; that lets a line more pass. */
    private fun mayLog(): Boolean {
        val now = clock.nanos()
        if (lines == 0 || now - secondBegan > SECOND_NANOS) {
            secondBegan = now
            lines = 0
        }
        return ++lines <= MAX_LINES
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(StepGuard::class.java)!!
        const val MAX_LINES = 10
        const val SECOND_NANOS = 1_000_000_000L
    }
}
