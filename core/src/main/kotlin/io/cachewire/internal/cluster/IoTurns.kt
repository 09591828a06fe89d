package io.cachewire.internal.cluster

import io.cachewire.internal.call.Turns
import io.cachewire.internal.connection.HeldWrites
import io.cachewire.internal.connection.IoThread
import java.util.function.LongPredicate

/** The turns of a client's I/O thread. */
internal class IoTurns(
    private val io: IoThread,
) : Turns {
    override fun isIoThread() = io.isCurrentThread()

    override fun isOwnThread() = io.isOwnThread()

    override fun isClientThread() = io.isOwnThread() || io.apart.isCurrentThread()

    override fun elsewhere(step: Runnable) = io.callbacks.execute(step)

    override fun caught(thrown: Throwable) = io.guard.caught("resuming a caller", thrown)

    override fun explained(thrown: Throwable): Throwable = io.guard.explained(thrown)

    override fun onSweep(step: LongPredicate) = io.register(
        object : IoThread.Swept {
            override fun sweep(now: Long) = step.test(now)
        },
    )

    override fun arm() = io.arm()

    override fun atEndOfTurn(step: Runnable) = io.selector.atEndOfTurn(step)

    override fun onIoThread(step: Runnable) = io.selector.execute(step::run)

    override fun soon(step: Runnable) = io.soon(step)

    override fun nanos() = io.clock.nanos()

    override fun holdWrites(owner: Any): Turns.Held = HeldFor(owner, io)

    override fun heldWrites(): Turns.Held? = io.heldWrites as HeldFor?

    private class HeldFor(
        private val owner: Any,
        io: IoThread,
    ) : HeldWrites(io),
        Turns.Held {
        override fun owner() = owner
    }
}
