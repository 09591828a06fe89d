package io.cachewire.internal.connection

import java.util.concurrent.atomic.AtomicInteger

/**
 * The bound on requests that are on their way on one connection. The writer counts what it appends to the pending queue, the reader what has
 * left it, and has the writer look again.
 */
internal class InFlightWindow private constructor(
    private val most: Int,
) {
    private val count = AtomicInteger()

    val isFull: Boolean get() = count.get() >= most

    fun written() {
        count.incrementAndGet()
    }

    fun answered(requests: Int) {
        count.addAndGet(-requests)
    }

    companion object {
        /** It carries out the requests of one connection in another order than they came in. */
        private const val HAZELCAST = "Hazelcast"

        /** Null where there is no bound but that on pending requests. */
        fun of(settings: ConnectionSettings, found: Found): InFlightWindow? {
            val isUnordered = settings.dialect() == null && found.version == HAZELCAST
            val most = if (isUnordered) 1 else settings.maxInFlight()
            return if (most < settings.maxPendingRequests()) InFlightWindow(most) else null
        }
    }
}
