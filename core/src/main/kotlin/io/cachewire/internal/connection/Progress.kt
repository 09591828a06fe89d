package io.cachewire.internal.connection

import kotlin.time.Duration.Companion.nanoseconds

/** Whether replies that are due still come. The reader tells what it got, the sweeper looks. */
internal class Progress(
    private val pending: PendingQueue,
    private val limitNanos: Long,
) {
    /** When bytes last arrived, or when the pending queue last became worth watching. */
    @Volatile
    private var last = 0L

    // the sweeper's own: the oldest pending request, and when it was first seen to be that
    private var oldest: Exchange? = null
    private var oldestSince = 0L

    /** Bytes have come; or the first request is to be pending. */
    fun made(now: Long) {
        last = now
    }

    /** This process did not run for so long: what has come meanwhile lies in the socket. */
    fun overslept(nanos: Long) {
        last += nanos
        oldestSince += nanos
    }

    /** Why the connection is of no more use, or null. */
    fun complaint(now: Long): String? = when {
        pending.isEmpty -> null
        now - last > limitNanos -> "nothing received for ${(now - last).nanoseconds} while replies are due"
        isStuck(now) -> "one reply has not come to its end for ${(now - oldestSince).nanoseconds}"
        else -> null
    }

    /** Bytes come, but always for one reply, whose caller is gone: its length is a lie, or it trickles. */
    private fun isStuck(now: Long): Boolean {
        val head = pending.peek() ?: return false
        if (head !== oldest) {
            oldest = head
            oldestSince = now
        }
        return now > head.deadline() && now - oldestSince > limitNanos
    }
}
