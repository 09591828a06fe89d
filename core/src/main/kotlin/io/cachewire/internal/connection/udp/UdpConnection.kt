package io.cachewire.internal.connection.udp

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.internal.connection.Budget
import io.cachewire.internal.connection.Connection
import io.cachewire.internal.connection.ConnectionSettings
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Found
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.ServerConnection
import io.cachewire.internal.connection.WriteQueue
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.line.MetaDialect
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.nanoseconds

/**
 * Requests to one server over UDP, one datagram each. A lost request or reply ends by its deadline, as indeterminate, and is not sent again.
 *
 * A reply is the one whose datagrams have the request's id, came to the connected socket, and make one message that answers the request by
 * kind and by opaque or key. Whatever else arrives is dropped in silence: over UDP it proves nothing about the server. Ids are no secret,
 * so this is no protection against somebody who can send from the server's address.
 *
 * At most [WINDOW] requests are in flight; the others wait, first come first served. Sending is done by one thread at a time, as in [Connection]:
 * that which raised `toSend` from zero.
 *
 * Decided in docs/decisions/0032-udp.md.
 */
@OptIn(DelicateCoroutinesApi::class)
internal class UdpConnection(
    private val server: ServerAddress,
    private val io: IoThread,
    private val settings: ConnectionSettings,
    private val observer: Connection.Observer,
) : ServerConnection,
    IoThread.Swept {
    /** The exchange gives its request away when it ends, which may be while its reply is looked at. */
    private class InFlight(
        val exchange: Exchange,
        val request: Request,
        val reply: UdpReply,
    )

    private val budget = Budget(settings.maxPendingRequests(), settings.maxPendingBytes(), io.memory)
    private val queue = WriteQueue()
    private val queued = AtomicInteger()
    private val inFlight = ConcurrentHashMap<Int, InFlight>()
    private val failure = AtomicReference<Failure?>()

    /** Above zero while somebody has the right to send; the attempt to connect has it first. */
    private val toSend = AtomicInteger(1)

    @Volatile
    private var socket: UdpSocket? = null

    @Volatile
    private var connecting: Job? = null

    /** As in [Connection]. */
    @Volatile
    private var endedAt = 0L

    @Volatile
    private var startedAt = 0L

    @Volatile
    private var brokeOff: Throwable? = null

    /** When something last came, or when the first request after a pause went out. */
    @Volatile
    private var lastProgress = 0L

    private val window = minOf(WINDOW, settings.maxInFlight())

    // the sender's own
    private lateinit var dialect: Dialect
    private lateinit var ids: UdpRequestIds
    private var proof: UdpProof? = null
    private val datagram = ByteArray(UdpFrame.MAX_DATAGRAM_BYTES + Dialect.MAX_HEADER_BYTES)
    private var nextOpaque = ThreadLocalRandom.current().nextInt(Int.MAX_VALUE)

    override val isOpen: Boolean get() = failure.get() == null
    override val isConnecting: Boolean get() = socket == null && isOpen
    override val pendingCount: Int get() = budget.count()
    override val pendingBytes: Long get() = budget.bytes()
    override val isIdle: Boolean get() = budget.count() == 0 && inFlight.isEmpty()

    override fun start(connector: Connector) {
        startedAt = io.clock.nanos()
        io.register(this)
        try {
            connecting = launch(connector)
        } catch (e: Throwable) {
            notConnected(e)
            send(1)
        }
        if (!isOpen) connecting?.cancel()
    }

    private fun launch(connector: Connector) = io.scope.launch(start = CoroutineStart.ATOMIC) {
        try {
            val opened = connector.openUdp(server)
            socket = opened.socket
            dialect = opened.dialect
            ids = opened.ids
            if (dialect is MetaDialect) proof = UdpProof(io.clock, settings.connectTimeout().toNanos(), ::end)
            if (isOpen) {
                observer.connected(Found(dialect, Found.How.ASKED))
                startReader(opened.socket)
            } else {
                opened.socket.close()
            }
        } catch (e: Throwable) {
            notConnected(e)
        } finally {
            send(1)
        }
    }

    private fun notConnected(e: Throwable) {
        if (e is Error) io.guard.caught("connecting to $server", e)
        val what = "cannot connect: ${e.message ?: e.javaClass.simpleName}"
        end(io.guard.brokenBy ?: Failure(Failure.Kind.UNREACHABLE, Delivery.NOT_SENT, what, e))
    }

    override fun submit(exchange: Exchange) {
        if (admit(exchange)) sendSoon(1)
    }

    override fun submitAll(exchanges: List<Exchange>) {
        val admitted = exchanges.count(::admit)
        if (admitted > 0) sendSoon(admitted)
    }

    private fun admit(exchange: Exchange): Boolean {
        // withdrawn requests leave the budget at once, but the queue only when others are answered
        if (queued.get() > QUEUE_FACTOR * settings.maxPendingRequests() || !exchange.admit(budget)) {
            exchange.fail(Failure(Failure.Kind.OVERLOADED, Delivery.NOT_SENT, budget.toString(), null))
            return false
        }
        queued.incrementAndGet()
        queue.add(exchange)
        io.arm()
        return true
    }

    override fun close(why: Failure) = end(why)

    // ---- sending ----

    private fun sendSoon(entries: Int) {
        if (toSend.getAndAdd(entries) == 0) send(entries)
    }

    private fun send(entries: Int) {
        try {
            var seen = entries
            do {
                try {
                    while (isOpen && inFlight.size < window && isProven()) sendOne(poll() ?: break)
                } catch (e: Exception) {
                    lose("sending failed: ${e.message ?: e.javaClass.simpleName}", e)
                }
                failure.get()?.let(::failAll)
                seen = toSend.addAndGet(-seen)
            } while (seen != 0)
        } catch (e: Throwable) {
            brokeOff = e
            throw e
        }
    }

    private fun poll() = queue.poll()?.also { queued.decrementAndGet() }

    /** False while requests have to wait for the proof of the meta protocol, which this begins when there are any. */
    private fun isProven(): Boolean {
        val proof = proof ?: return true
        if (!proof.isUnderWay && proof.isDue && queued.get() > 0) proof.begin().forEach(::sendOne)
        return !proof.isUnderWay
    }

    private fun sendOne(exchange: Exchange) {
        val opaque = nextOpaque
        val request = exchange.take(opaque) ?: return
        nextOpaque = (opaque + 1) and Int.MAX_VALUE
        val refusal = dialect.refusal(request)
        if (refusal != null) return refuse(exchange, Failure.Kind.REFUSED, refusal)
        val content =
            try {
                encode(request, opaque)
            } catch (e: Throwable) {
                exchange.fail(Failure(Failure.Kind.LOST, Delivery.NOT_SENT, "the request cannot be encoded", e))
                throw e
            }
        if (content > UdpFrame.MAX_DATAGRAM_BYTES) {
            val what = "a request of $content bytes does not fit into a datagram of ${UdpFrame.MAX_DATAGRAM_BYTES}"
            return refuse(exchange, Failure.Kind.REFUSED, what)
        }
        val id = ids.take { !inFlight.containsKey(it) }
        if (inFlight.isEmpty()) lastProgress = io.clock.nanos()
        // first: the reply may be faster than the return from sending
        inFlight[id] = InFlight(exchange, request, UdpReply(settings.limits().maxValueBytes() + MAX_LINES_BYTES))
        val bytes = ByteBuffer.wrap(datagram, 0, content)
        UdpFrame.putRequest(id, bytes)
        if (!socket!!.send(bytes.rewind())) {
            inFlight.remove(id)
            refuse(exchange, Failure.Kind.OVERLOADED, "the UDP socket takes no more now")
        }
    }

    private fun refuse(exchange: Exchange, kind: Failure.Kind, what: String) =
        exchange.fail(Failure(kind, Delivery.NOT_SENT, what, null))

    /** The length with the frame; a request that is too long is encoded in part or not at all. */
    private fun encode(request: Request, opaque: Int): Int {
        var end = dialect.encodeHeader(request, opaque, datagram, UdpFrame.BYTES)
        val data = request.data() ?: return end
        val trailer = dialect.trailer()
        val length = end.toLong() + data.length() + trailer.size
        if (length > UdpFrame.MAX_DATAGRAM_BYTES) return minOf(length, Int.MAX_VALUE.toLong()).toInt()
        end += data.copyTo(ByteBuffer.wrap(datagram, end, datagram.size - end), 0)
        trailer.copyInto(datagram, end)
        return end + trailer.size
    }

    /** Only the sender calls this, so nothing is added to either meanwhile. */
    private fun failAll(ended: Failure) {
        while (true) poll()?.fail(ended.notSent()) ?: break
        for (id in inFlight.keys.toList()) inFlight.remove(id)?.exchange?.fail(ended)
    }

    // ---- receiving: the I/O thread ----

    private fun startReader(from: UdpSocket) {
        io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) {
            try {
                while (true) {
                    from.awaitReadable()
                    receiveAll(from)
                }
            } catch (e: Throwable) {
                if (e is Error) io.guard.caught("receiving from $server", e)
                lose("receiving failed: ${e.message ?: e.javaClass.simpleName}", e)
            }
        }
    }

    private fun receiveAll(from: UdpSocket) {
        val buffer = io.readBuffer
        var answered = 0
        for (turn in 1..MAX_READS_IN_A_ROW) {
            buffer.clear()
            if (from.receive(buffer) == 0) break
            buffer.flip()
            if (receive(buffer)) answered++
        }
        if (answered > 0) sendSoon(1)
    }

    /** True when a request was answered. */
    private fun receive(buffer: ByteBuffer): Boolean {
        val frame = UdpFrame.read(buffer) ?: return false
        val waiting = inFlight[frame.id] ?: return false
        val whole = waiting.reply.add(frame, buffer) ?: return false
        val reply = parse(whole) ?: return false
        val fits = dialect.answers(waiting.request, waiting.exchange.opaque(), reply)
        if (!fits || !inFlight.remove(frame.id, waiting)) return false
        lastProgress = io.clock.nanos()
        waiting.exchange.complete(reply)
        return true
    }

    /** One reply and nothing else; null for anything else. */
    private fun parse(message: ByteArray): Reply? {
        val parser = dialect.newParser(settings.limits())
        return try {
            parser.feed(message, 0, message.size)
            val reply = parser.next()
            if (reply == null || parser.next() != null) null else reply
        } catch (_: MalformedReply) {
            null
        }
    }

    // ---- the end, and deadlines ----

    override fun sweep(now: Long): Boolean {
        queue.sweep(now)
        var expired = 0
        var overdue = 0
        for ((id, waiting) in inFlight) {
            val exchange = waiting.exchange
            // one whose caller has let go must not keep its place until its deadline, which may be a day away
            if (exchange.deadline() > now && exchange.state() == Exchange.State.WRITTEN) continue
            exchange.expire(now)
            if (inFlight.remove(id, waiting)) {
                exchange.fail(EXPIRED)
                expired++
                if (exchange.deadline() <= now) overdue++
            }
        }
        val ended = failure.get()
        when {
            brokeOff != null -> resume()

            ended != null -> return sweepEnded(ended)

            isOverdue(now) -> end(OVERDUE)

            overdue > 0 && now - lastProgress > settings.stallTimeout().toNanos() ->
                lose("nothing received for ${(now - lastProgress).nanoseconds} while replies are due", null)
        }
        if (overdue > 0) proof?.doubt()
        if (expired > 0) io.selector.execute { sendSoon(1) }
        return budget.count() > 0 || inFlight.isNotEmpty()
    }

    private fun isOverdue(now: Long) =
        isConnecting && now - startedAt > settings.connectTimeout().toNanos() + LOST_ATTEMPT_NANOS

    private fun resume() {
        val cause = brokeOff
        lose("sending broke off", cause)
        brokeOff = null
        try {
            io.selector.execute { send(toSend.get()) }
        } catch (e: Throwable) {
            brokeOff = cause
            throw e
        }
    }

    private fun sweepEnded(ended: Failure): Boolean {
        queue.failAll(ended)
        for (waiting in inFlight.values) waiting.exchange.fail(ended)
        val isAwaited = io.clock.nanos() - endedAt < LINGER_NANOS
        if (toSend.get() == 0 && brokeOff == null && !isAwaited) io.unregister(this)
        return isAwaited || budget.count() > 0
    }

    override fun overslept(nanos: Long) {
        lastProgress += nanos
    }

    private fun lose(what: String, cause: Throwable?) =
        end(io.guard.brokenBy ?: Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, what, cause))

    private fun end(why: Failure) {
        if (!failure.compareAndSet(null, why)) return
        io.guard.run("reading the clock") { endedAt = io.clock.nanos() }
        val open = socket
        io.arm()
        io.guard.run("ending an attempt to connect") { connecting?.cancel() }
        io.guard.run("closing a socket") { open?.close() }
        io.guard.run("telling of the end of a connection") { observer.ended(wasConnected = open != null, why) }
        sendSoon(1)
    }

    private companion object {
        /** More would be lost in the buffers of the sockets when they come all at once. */
        const val WINDOW = 64

        /** As in [Connection]. */
        const val QUEUE_FACTOR = 8
        const val MAX_READS_IN_A_ROW = 64

        /** What a reply may have besides its data block; statistics are the longest. */
        const val MAX_LINES_BYTES = 64L * 1024

        /** As in [Connection]. */
        const val LINGER_NANOS = 100_000_000L
        const val LOST_ATTEMPT_NANOS = 1_000_000_000L
        val OVERDUE =
            Failure(
                Failure.Kind.UNREACHABLE,
                Delivery.NOT_SENT,
                "cannot connect: the attempt was lost on the way",
                null,
            )
        val EXPIRED = Failure(Failure.Kind.TIMEOUT, Delivery.INDETERMINATE, "timed out waiting for the reply", null)
    }
}
