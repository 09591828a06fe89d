package io.cachewire.internal.cluster

import io.cachewire.ServerState
import io.cachewire.internal.connection.IoThread
import org.slf4j.LoggerFactory
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Ends a client that was forgotten without `close`: when its [Cluster] has been garbage-collected. Every face, view, handle and pending call refers to the cluster, and the
 * threads of the client do not, so nobody can use the client any more then. Fire-and-forget requests may still be under way: they are written first,
 * within [GRACE_NANOS].
 *
 * Nothing here, nor in what it refers to, may refer to the cluster.
 */
internal class Forgotten(
    private val io: IoThread,
    private val end: ClientEnd,
    private val servers: () -> List<ServerState>,
) : Runnable,
    IoThread.Swept {
    private lateinit var watched: OwnerWatch.Watched

    @Volatile
    private var isClosed = false

    private var until = 0L
    private var idle = 0

    /** From here on the client is ended when this can no longer be reached. */
    fun watch(owner: Cluster) {
        watched = OwnerWatch.watch(owner, this)
    }

    /** The client was closed. */
    fun closed() {
        isClosed = true
        OwnerWatch.release(watched)
    }

    /** On the thread that watches the other clients too: nothing here waits. */
    override fun run() {
        if (isClosed) return
        tell()
        until = io.clock.nanos() + GRACE_NANOS
        io.register(this)
        io.arm()
    }

    private fun tell() {
        val who = servers().map { it.address() }
        if (WARNED.compareAndSet(false, true)) {
            LOG.warn(
                "a client of {} was garbage-collected without close(), and is closed now; close clients, and make " +
                    "one for the life of the program. This is said once, later ones are logged at DEBUG",
                who,
            )
        } else {
            LOG.debug("a client of {} was garbage-collected without close(), and is closed now", who)
        }
    }

    /** Closing waits for the two threads of the client, so that it is done on another. */
    override fun sweep(now: Long): Boolean {
        idle = if (end.isIdle) idle + 1 else 0
        if (idle < 2 && now - until < 0) return true
        io.unregister(this)
        io.callbacks.execute { end.close() }
        return false
    }

    companion object {
        private val LOG = LoggerFactory.getLogger(Forgotten::class.java)!!
        private const val GRACE_NANOS = 10_000_000_000L

        /** Set when the line was written. */
        val WARNED = AtomicBoolean()
    }
}
