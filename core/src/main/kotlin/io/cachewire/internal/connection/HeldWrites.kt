package io.cachewire.internal.connection

/**
 * The requests that the thread which makes this keeps back, until it closes this. Only that thread uses it.
 *
 * Decided in docs/decisions/0062-held-writes.md.
 */
internal open class HeldWrites(
    private val io: IoThread,
) : AutoCloseable {
    private val outer = io.heldWrites
    private val connections = ArrayList<Connection>(1)

    /** True while what is submitted may be kept back. */
    var isHolding = false
        private set

    init {
        @Suppress("LeakingThis") // to this thread only, which goes on here
        io.heldWrites = this
    }

    /** Has a connection told to write what it keeps. */
    fun add(connection: Connection) {
        if (connections.lastOrNull() !== connection) connections.add(connection)
    }

    /** Whether what is submitted from here on may be kept back. */
    fun hold(holds: Boolean) {
        isHolding = holds
    }

    /** Writes all of it. */
    fun write() {
        connections.forEach { it.writeHeld() }
        connections.clear()
    }

    override fun close() {
        io.heldWrites = outer
        write()
    }
}
