package io.cachewire.internal.connection.tls

import io.cachewire.internal.connection.SelectorLoop
import io.cachewire.internal.connection.Transport
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import java.util.concurrent.locks.ReentrantLock
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLEngineResult
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLException
import kotlin.concurrent.withLock
import kotlin.coroutines.resume

/**
 * TLS over another transport: what is written leaves it as TLS records and not otherwise (RFC 8446, RFC 5246). [handshake] comes first, on a thread
 * that may be busy for a while; after that it is used as any transport.
 *
 * A write that the socket does not take whole counts for nothing until all its records are out: it returns 0 and is to be repeated with the
 * same bytes, which then are not encrypted again. Answers to the peer's key updates leave with the next write, as RFC 8446, section 4.6.3, has it,
 * and a peer that sends many without data is left; renegotiation is refused. The end of the stream without close_notify is an error, because anybody may cut a stream there.
 *
 * Decided in docs/decisions/0031-tls-is-a-transport.md.
 */
internal class TlsTransport(
    private val plain: Transport,
    private val engine: SSLEngine,
    private val selector: SelectorLoop,
) : Transport {
    override val isSecure: Boolean get() = true

    override val isOpen: Boolean get() = plain.isOpen

    /** It goes out record by record, and must be repeated as it was. */
    override val takesLargeWrites: Boolean get() = false

    /** A record for which a reader has no room left is decrypted elsewhere and copied. */
    override val takesSmallReads: Boolean get() = false

    /** Records from the peer that are not decrypted yet, from 0 to the position; the reader's own. */
    private val incoming = ByteBuffer.allocate(INCOMING_RECORDS * engine.session.packetBufferSize)

    /** Decrypted bytes for which a reader had no room; the reader's own. */
    private var leftOver = ByteBuffer.allocate(0)

    /** How many records in a row had nothing for a reader; the reader's own. */
    private var emptyRecords = 0

    /** Guards what follows, and is held over nothing that waits. */
    private val writing = ReentrantLock()

    /** Records that the socket has not taken yet, from the position to the limit. */
    private val outgoing = ByteBuffer.allocate(OUTGOING_RECORDS * engine.session.packetBufferSize).limit(0)

    /** Bytes of the writer that are in [outgoing], and not yet reported as written. */
    private var unreported = 0

    @Volatile
    private var established = false

    /**
     * Agrees on keys and checks the server's certificate and name.
     *
     * @throws IOException when that fails; nothing but the handshake was sent then
     */
    suspend fun handshake() {
        try {
            engine.beginHandshake()
            while (true) {
                when (engine.handshakeStatus!!) {
                    HandshakeStatus.NEED_WRAP -> sendHandshake()
                    HandshakeStatus.NEED_TASK -> runTasks()
                    HandshakeStatus.NEED_UNWRAP, HandshakeStatus.NEED_UNWRAP_AGAIN -> receiveHandshake()
                    HandshakeStatus.FINISHED, HandshakeStatus.NOT_HANDSHAKING -> break
                }
            }
            established = true
        } catch (e: SSLException) {
            sendAlert()
            throw e
        }
    }

    private fun runTasks() {
        while (true) engine.delegatedTask?.run() ?: return
    }

    private suspend fun sendHandshake() {
        writing.withLock { wrap(EMPTY) }
        while (true) {
            writing.withLock { if (drain()) return }
            plain.awaitWritable()
        }
    }

    private suspend fun receiveHandshake() {
        val target = ByteBuffer.allocate(engine.session.applicationBufferSize)
        incoming.flip()
        val result = engine.unwrap(incoming, target)
        incoming.compact()
        if (result.status == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            plain.awaitReadable()
            if (plain.read(incoming) < 0) throw EOFException("the server closed the connection in the TLS handshake")
        } else if (result.status == SSLEngineResult.Status.CLOSED) {
            throw EOFException("the server ended the TLS handshake")
        }
        target.flip()
        // a server may send with its last handshake message; ours never does, but a greeting would come that way
        if (target.hasRemaining()) leftOver = target
    }

    override fun read(target: ByteBuffer): Int {
        val start = target.position()
        takeLeftOver(target)
        if (!unwrapAll(target) || target.position() > start) return target.position() - start
        // one look at the socket for each call: more than a reader has room for is left there, for the selector to tell
        val count = plain.read(incoming)
        unwrapAll(target)
        if (target.position() == start && (count < 0 || engine.isInboundDone)) return endOfStream()
        return target.position() - start
    }

    private fun takeLeftOver(target: ByteBuffer) {
        val count = minOf(leftOver.remaining(), target.remaining())
        if (count == 0) return
        target.put(target.position(), leftOver, leftOver.position(), count)
        target.position(target.position() + count)
        leftOver.position(leftOver.position() + count)
    }

    /** Decrypts the records that are there; false when the target is full before that. */
    private fun unwrapAll(target: ByteBuffer): Boolean {
        incoming.flip()
        try {
            while (!leftOver.hasRemaining() && isRecord(incoming.position(), incoming.limit())) {
                val direct = target.remaining() >= engine.session.applicationBufferSize
                val into = if (direct) target else ByteBuffer.allocate(engine.session.applicationBufferSize)
                val result = engine.unwrap(incoming, into)
                countEmpty(result)
                if (!direct) {
                    leftOver = into.flip()
                    takeLeftOver(target)
                }
                if (result.status != SSLEngineResult.Status.OK) break
                checkHandshakeStatus(result.handshakeStatus)
            }
        } finally {
            incoming.compact()
        }
        return !leftOver.hasRemaining()
    }

    /** The engine keeps an answer to each key update until something is written; nobody needs new keys so often without a byte between. */
    private fun countEmpty(result: SSLEngineResult) {
        if (result.bytesProduced() > 0) {
            emptyRecords = 0
        } else if (result.bytesConsumed() > 0 && ++emptyRecords > MAX_EMPTY_RECORDS) {
            throw SSLException("the server has sent more than $MAX_EMPTY_RECORDS TLS records in a row without data")
        }
    }

    /** TLS 1.3 changes keys and sends tickets without a handshake; what wants one here is TLS 1.2's renegotiation. */
    private fun checkHandshakeStatus(status: HandshakeStatus) {
        val answerWaits = status == HandshakeStatus.NEED_WRAP && engine.session.protocol == "TLSv1.3"
        val quiet = status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED
        if (!answerWaits && !quiet && !engine.isInboundDone) {
            throw SSLException("the server asks for another TLS handshake, which is refused")
        }
    }

    private fun endOfStream(): Int {
        if (engine.isInboundDone) return -1
        throw SSLException("the TLS stream was cut: the connection ended without close_notify")
    }

    /** True when a whole record lies there, or what is too long for one: the engine then says so. */
    private fun isRecord(from: Int, end: Int): Boolean {
        val have = end - from
        if (have < HEADER_BYTES) return false
        val length = HEADER_BYTES + (incoming.getShort(from + LENGTH_AT).toInt() and 0xffff)
        return have >= length || length > incoming.capacity()
    }

    override fun write(source: ByteBuffer): Int = writing.withLock {
        var written = 0
        while (true) {
            if (!drain()) break
            val reported = minOf(unreported, source.remaining())
            source.position(source.position() + reported)
            unreported -= reported
            written += reported
            if (unreported > 0 || !source.hasRemaining()) break
            wrapAll(source)
        }
        written
    }

    /** Encrypts as much as there is room for, in as few records as possible; the source stays where it is. */
    private fun wrapAll(source: ByteBuffer) {
        val rest = source.duplicate()
        while (rest.hasRemaining() && outgoing.capacity() - outgoing.limit() >= engine.session.packetBufferSize) {
            if (!wrap(rest)) throw SSLException("the TLS stream can take no more")
        }
        unreported = rest.position() - source.position()
    }

    /** Appends a record, of the source or of a handshake that has precedence; false when nothing came of it. */
    private fun wrap(source: ByteBuffer): Boolean {
        val from = outgoing.position()
        outgoing.position(outgoing.limit()).limit(outgoing.capacity())
        try {
            return engine.wrap(source, outgoing).bytesProduced() > 0
        } finally {
            outgoing.limit(outgoing.position()).position(from)
        }
    }

    /** Gives records to the socket; false when it does not take all. */
    private fun drain(): Boolean {
        while (outgoing.hasRemaining()) {
            if (plain.write(outgoing) == 0) return false
        }
        outgoing.position(0).limit(0)
        return true
    }

    override suspend fun awaitReadable() {
        if (leftOver.hasRemaining() || isRecord(0, incoming.position())) {
            suspendCancellableCoroutine { waiting -> selector.execute { waiting.resume(Unit) } }
        } else {
            plain.awaitReadable()
        }
    }

    override suspend fun awaitWritable() = plain.awaitWritable()

    /** Says close_notify when nobody is writing and the socket takes it, as after that nothing can be added to the stream. */
    override fun close() {
        if (established) sendAlert()
        plain.close()
    }

    private fun sendAlert() {
        try {
            // a writer whose reply is here already may be about to leave
            writing.withLock {
                engine.closeOutbound()
                wrap(EMPTY)
                drain()
            }
        } catch (_: IOException) {
            // the connection is on its way down anyhow
        }
    }

    private companion object {
        val EMPTY: ByteBuffer = ByteBuffer.allocate(0)

        /** Tickets, key updates and empty records: a server sends a handful of them. */
        const val MAX_EMPTY_RECORDS = 64

        /** What one look at the socket may give must fit into the reader's buffer, decrypted. */
        const val INCOMING_RECORDS = 4
        const val OUTGOING_RECORDS = 5

        /** Type, version, length (RFC 8446, section 5.1). */
        const val HEADER_BYTES = 5
        const val LENGTH_AT = 3
    }
}
