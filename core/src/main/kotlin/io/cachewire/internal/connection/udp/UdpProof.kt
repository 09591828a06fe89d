package io.cachewire.internal.connection.udp

import io.cachewire.DataBlock
import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Greeter
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request

/**
 * The proof of the meta protocol over UDP, where a server may be replaced by an older one between two datagrams and no connection ends: the
 * read and the replace of an absent key, each in a datagram, answered with the opaque that was sent. Servers that would run the data block of
 * a `ms` as commands find an empty one here. The proof is made before the first request, and again when a reply was lost or when it is old.
 *
 * The sender asks and begins; the answers come on the I/O thread.
 *
 * @param broke called when a reply shows, or silence suggests, that the server does not speak it
 */
internal class UdpProof(
    private val clock: Clock,
    private val timeoutNanos: Long,
    private val broke: (Failure) -> Unit,
) {
    /** Replies that are still missing; zero when no proof is under way. */
    @Volatile
    private var missing = 0

    @Volatile
    private var doubted = true

    @Volatile
    private var provenAt = 0L

    /** True while nothing but the proof may be sent. */
    val isUnderWay: Boolean get() = missing > 0

    /** True when the next request needs a new proof. */
    val isDue: Boolean get() = doubted || clock.nanos() - provenAt > MAX_AGE_NANOS

    /** A reply was lost, perhaps because another server listens now. */
    fun doubt() {
        doubted = true
    }

    /** The requests of a new proof; only the sender calls it, and only when none is under way. */
    fun begin(): List<Exchange> {
        missing = 2
        doubted = false
        val key = DataBlock.ofUtf8(Greeter.absentKey())
        return listOf(
            Part(Request.Keyed(Opcode.GET, key), Reply.Kind.END),
            Part(Request.Store(Opcode.REPLACE, key, DataBlock.EMPTY, 0, 0, 0), Reply.Kind.NOT_STORED),
        )
    }

    private inner class Part(
        request: Request,
        private val wanted: Reply.Kind,
    ) : Exchange(request, clock.nanos() + timeoutNanos) {
        override fun onReply(reply: Reply) {
            if (reply.kind() != wanted) return broke(NOT_PROVEN)
            if (missing == 1) provenAt = clock.nanos()
            missing--
        }

        override fun onFailure(failure: Failure) = broke(NOT_PROVEN)
    }

    private companion object {
        const val MAX_AGE_NANOS = 30_000_000_000L
        val NOT_PROVEN =
            Failure(
                Failure.Kind.LOST,
                Delivery.INDETERMINATE,
                "the server does not answer as the meta protocol of 1.6.18 does; set the protocol to AUTO or TEXT",
                null,
            )
    }
}
