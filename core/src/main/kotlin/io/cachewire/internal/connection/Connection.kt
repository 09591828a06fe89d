package io.cachewire.internal.connection

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.ReplyParser
import io.cachewire.internal.protocol.Request
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import java.io.EOFException
import java.io.IOException
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/**
 * One pipelined connection, from the attempt to connect to its end. It does not come back: the node makes a new one.
 *
 * Requests are written in the order in which they were submitted and answered in the order in which they were written. Whoever submits to
 * an idle connection writes, for all who submit meanwhile; when the socket is full the I/O thread goes on. The reader runs on the I/O
 * thread, takes no lock, and ends the exchanges. Each reply must fit the request at the head of the pending queue, by opaque or key and
 * by kind; when it does not, or cannot be parsed, the connection is closed and all that is pending fails. `docs/concurrency.md` has the
 * rules in one place.
 *
 * Decided in docs/decisions/0016-who-writes.md.
 */
@OptIn(DelicateCoroutinesApi::class)
internal class Connection(
    val server: ServerAddress,
    private val io: IoThread,
    private val settings: ConnectionSettings,
    private val observer: Observer,
) : ServerConnection,
    IoThread.Swept {
    /** Told about the turns in a connection's life, each at most once but for refusals, on the I/O thread or on the thread that closed it. */
    interface Observer {
        /** Whether the server is to be greeted without a question for the meta protocol; asked when an attempt begins. */
        fun asksText(): Boolean = false

        /** Gives the dialect to speak on this connection, as a rule the one that was found. */
        fun connected(found: Found): Dialect

        /** The server has refused a quiet request; often, and on the I/O thread. */
        fun refusedQuietly(reply: Reply.Line) = Unit

        /** The server has refused a request, null for a quiet one, in a way that costs the connection; on the I/O thread, before the end is told. */
        fun doubted(request: Request?) = Unit

        /** [wasConnected] tells a lost connection from a failed attempt. */
        fun ended(wasConnected: Boolean, failure: Failure)
    }

    private val budget = Budget(settings.maxPendingRequests(), settings.maxPendingBytes(), io.memory)
    private val writeQueue = WriteQueue()
    private val pending = PendingQueue()
    private val progress = Progress(pending, settings.stallTimeout().toNanos())

    /**
     * Entries in the write queue since the writer last looked; above zero while somebody has the right to write. It starts at one: the
     * attempt to connect has the right first.
     */
    private val toWrite = AtomicInteger(1)

    /** Entries in the write queue that are kept back by threads on which many go on, and that toWrite does not count yet. */
    private val held = AtomicInteger()

    private val failure = AtomicReference<Failure?>()

    @Volatile
    private var transport: Transport? = null

    /** True while the reader may take from the pending queue; after that, whoever has the right to write empties it. */
    @Volatile
    private var reading = false

    @Volatile
    private var connecting: Job? = null

    /** When it ended; a caller may have chosen it just before. */
    @Volatile
    private var endedAt = 0L

    @Volatile
    private var isEndTold = false

    /** When the attempt to connect began. */
    @Volatile
    private var startedAt = 0L

    /**
     * What has been thrown by the thread that had the right to write, which has left without giving it up. A field and nothing more, because a thread that has
     * run out of stack can call nothing; the sweep finds it.
     */
    @Volatile
    private var brokeOff: Throwable? = null

    // the writer's own
    private var taken: Exchange? = null
    private lateinit var dialect: Dialect
    private lateinit var output: OutputBuffer
    private var window: InFlightWindow? = null
    private var nextOpaque = ThreadLocalRandom.current().nextInt(Int.MAX_VALUE)
    private var unfenced = false
    private var unfencedBytes = 0

    /** How many bytes the socket got in the I/O thread's turn with the number [turn]. */
    private var turnBytes = 0L
    private var turn = 0

    /** How much of the count is known to the turn that goes on with the writing. */
    private var leftOver = 0
    private val writeLeftOver = Runnable { write(leftOver) }

    // the I/O thread's own
    private var putOff = 0
    private val writePutOff =
        Runnable {
            val entries = putOff
            putOff = 0
            count(entries)
        }

    override var hasHeard = false
        private set

    // made once: the sweep needs no memory for them
    private val heldWriting: () -> Unit = ::writeHeld
    private val takingOver: () -> Unit = ::takeOver

    override val isOpen: Boolean get() = failure.get() == null

    override val isConnecting: Boolean get() = transport == null && isOpen

    override val pendingCount: Int get() = budget.count()

    override val pendingBytes: Long get() = budget.bytes()

    override val isIdle: Boolean
        get() = budget.count() == 0 && (isConnecting || (pending.isEmpty && toWrite.get() == 0 && held.get() == 0))

    @Volatile
    override var hasGetAll = false
        private set

    override fun start(connector: Connector) {
        startedAt = io.clock.nanos()
        // first, and outside: what is not swept must not be used
        io.register(this)
        try {
            connecting = launch(connector)
        } catch (e: Throwable) {
            // no memory, no thread, or a class path without coroutines: this attempt has failed
            notConnected(e)
            write(1)
        }
        if (!isOpen) connecting?.cancel()
    }

    /** Atomic: one that is cancelled before it runs must still end what waits for it. */
    private fun launch(connector: Connector) = io.scope.launch(start = CoroutineStart.ATOMIC) {
        try {
            val opened = connector.open(server, observer.asksText())
            transport = opened.transport // first: whatever happens from here on closes it
            output = OutputBuffer(opened.transport, io.largeBuffer)
            if (isOpen) {
                dialect = observer.connected(opened.found)
                window = InFlightWindow.of(settings, opened.found)
                hasGetAll = true
                startReader(opened.transport)
            } else {
                opened.transport.close()
            }
        } catch (e: Throwable) {
            notConnected(e)
        } finally {
            write(1)
        }
    }

    private fun notConnected(e: Throwable) {
        // others are told of the attempt, in the log of the server
        if (e is Error) io.guard.caught("connecting to $server", e)
        end(io.guard.brokenBy ?: failedAttempt(e))
    }

    /** Queues an exchange, and writes when nobody else does. Ends the exchange at once when a bound is reached. Never blocks. */
    override fun submit(exchange: Exchange) {
        if (admit(exchange)) writeSoon(1)
    }

    /** As [submit] for many, in order and in as few writes as they fit. */
    override fun submitAll(exchanges: List<Exchange>) {
        val admitted = exchanges.count { admit(it) }
        if (admitted > 0) writeSoon(admitted)
    }

    /**
     * Writes now; or has the I/O thread do it on a busy connection, where others submit too and a write of their own would cost each a system
     * call. On the I/O thread, where callbacks submit one request for each reply of a batch, it is put off to the end of the turn, so that they go
     * out in one write too; and on a thread on which many coroutines or futures go on, each of which submits one, until all have,
     * unless they are large.
     */
    private fun writeSoon(entries: Int) {
        if (io.isCurrentThread()) {
            if (putOff == 0) io.selector.atEndOfTurn(writePutOff)
            putOff += entries
            return
        }
        val holder = io.heldWrites?.takeIf { it.isHolding }
        val isBusy = budget.count() - entries - held.get() >= BUSY
        when {
            holder != null && !isBusy && budget.bytes() <= MAX_HELD_BYTES -> {
                held.addAndGet(entries)
                holder.add(this)
            }

            isBusy -> if (toWrite.getAndAdd(entries) == 0) handOver(entries)

            else -> count(entries)
        }
    }

    private fun handOver(entries: Int) {
        try {
            io.selector.execute { write(entries) }
        } catch (e: Throwable) {
            brokeOff = e
            throw e
        }
    }

    /** Writes what was kept back, unless somebody else does. */
    fun writeHeld() {
        val entries = held.getAndSet(0)
        if (entries > 0) count(entries)
    }

    private fun admit(exchange: Exchange): Boolean {
        // withdrawn requests leave the budget at once, but the queue only when the socket moves again
        val queueFull = toWrite.get() + held.get() > QUEUE_FACTOR * settings.maxPendingRequests()
        if (queueFull || !exchange.admit(budget)) {
            exchange.fail(Failure(Failure.Kind.OVERLOADED, Delivery.NOT_SENT, budget.toString(), null))
            return false
        }
        writeQueue.add(exchange)
        io.arm()
        return true
    }

    override fun close(why: Failure) = end(why)

    // ---- writing: one thread at a time, that which raised toWrite from zero, or to which the right was handed ----

    /** Counts entries in, and writes unless somebody else does. */
    private fun count(entries: Int) {
        if (toWrite.getAndAdd(entries) == 0) write(entries)
    }

    /** Writes until the queue is empty, then gives up the right; [entries] is how much of the count this thread knows of. */
    private fun write(entries: Int) {
        try {
            countTurn()
            var seen = entries
            while (true) {
                val ended = failure.get()
                if (ended != null) {
                    failAll(ended)
                } else if (!writeQueued(seen)) {
                    return
                }
                seen = toWrite.addAndGet(-seen)
                if (seen == 0) return
            }
        } catch (e: Throwable) {
            brokeOff = e
            throw e
        }
    }

    /** On the I/O thread: writing has broken off, so nobody knows what is in the buffer. The right to write lies here now. */
    private fun takeOver() {
        val ended = failure.get() ?: return
        taken?.let {
            it.fail(ended)
            it.retell(ended)
        }
        write(toWrite.get())
    }

    /** False when the socket is full, or others have waited long enough; the I/O thread has the right to write then. */
    private fun writeQueued(seen: Int): Boolean {
        try {
            while (true) {
                fill()
                if (output.isEmpty) return true
                if (turnBytes >= TURN_BYTES && io.isCurrentThread()) {
                    leftOver = seen
                    io.selector.inNextTurn(writeLeftOver)
                    return false
                }
                turnBytes += output.size
                if (!output.flush()) {
                    writeWhenPossible(seen)
                    return false
                }
            }
        } catch (e: Exception) {
            // not only I/O: after a failed encoding nobody knows what of the request is in the buffer
            lose("the connection broke while writing", e)
            failAll(failure.get()!!)
            return true
        }
    }

    /** The right to write may be given up and taken many times in one turn of the I/O thread. */
    private fun countTurn() {
        if (!io.isCurrentThread() || turn == io.selector.turns) return
        turn = io.selector.turns
        turnBytes = 0
    }

    private fun writeWhenPossible(seen: Int) {
        io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) {
            try {
                do {
                    transport!!.awaitWritable()
                } while (!output.flush())
            } catch (e: Throwable) {
                lose("the connection broke while writing", e)
            } finally {
                write(seen)
            }
        }
    }

    private fun fill() {
        while (output.hasRoom && window?.isFull != true) {
            if (unfencedBytes >= FENCE_BYTES) fenceQuiet()
            val exchange = writeQueue.poll() ?: break
            taken = exchange
            val opaque = nextOpaque
            val request = exchange.take(opaque) ?: continue
            nextOpaque = (opaque + 1) and Int.MAX_VALUE
            val refusal = dialect.refusal(request)
            if (refusal != null) {
                exchange.fail(Failure(Failure.Kind.REFUSED, Delivery.NOT_SENT, refusal, null))
                continue
            }
            val quiet = exchange.isQuiet && dialect.hasQuiet()
            val end =
                if (quiet) {
                    beginQuiet()
                    dialect.encodeQuietHeader(request, output.array, output.position)
                } else {
                    fenceQuiet()
                    append(exchange)
                    dialect.encodeHeader(request, opaque, output.array, output.position)
                }
            if (quiet) unfencedBytes += end - output.position + (request.data()?.length() ?: 0)
            output.advance(end)
            dialect.dataBlock(request, opaque)?.let { output.block(it, dialect.trailer()) }
            if (quiet) exchange.complete(QUIET_REPLY)
        }
        if (output.hasRoom) fenceQuiet()
    }

    /** From here on the server may send what quiet requests have to say; the fence in the pending queue takes it all. */
    private fun beginQuiet() {
        if (unfenced) return
        unfenced = true
        val fence = Sentinel()
        fence.take(nextOpaque)
        append(fence)
    }

    /** The no-op whose answer ends what quiet requests had to say, so that none of it is taken for the next reply. */
    private fun fenceQuiet() {
        if (!unfenced) return
        unfenced = false
        unfencedBytes = 0
        output.advance(dialect.encodeHeader(Sentinel.NOOP, 0, output.array, output.position))
    }

    private fun append(exchange: Exchange) {
        if (pending.isEmpty) progress.made(io.clock.nanos())
        window?.written()
        pending.add(exchange)
    }

    private fun failAll(ended: Failure) {
        while (true) {
            val exchange = writeQueue.poll() ?: break
            taken = exchange
            exchange.fail(ended.notSent())
        }
        if (!reading) {
            while (true) {
                val exchange = pending.poll() ?: break
                taken = exchange
                exchange.fail(ended)
            }
        }
        taken = null
    }

    // ---- reading: the I/O thread ----

    private fun startReader(from: Transport) {
        val parser = dialect.newParser(settings.limits(), io.memory)
        val replies = ReplyMatcher(dialect, pending, observer::refusedQuietly, ::doubt)
        parser.expect(replies)
        reading = true
        try {
            io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) { readAll(from, parser, replies) }
        } catch (e: Throwable) {
            reading = false
            throw e
        }
    }

    /** Out of use before the caller of the refused request goes on. The others are innocent: they are told of a lost connection. */
    private fun doubt(request: Request?, reply: Reply.Line) {
        observer.doubted(request)
        val what = "${reply.kind()} to another request left in doubt what the server has read"
        end(Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, what, null))
    }

    private suspend fun readAll(from: Transport, parser: ReplyParser, replies: ReplyMatcher) {
        try {
            while (true) {
                from.awaitReadable()
                read(from, parser, replies)
            }
        } catch (e: MalformedReply) {
            end(Failure(Failure.Kind.PROTOCOL, Delivery.INDETERMINATE, e.message ?: "malformed reply", null))
        } catch (e: Throwable) {
            if (e is Error) io.guard.caught("reading from $server", e)
            lose("the connection broke: ${e.message ?: e.javaClass.simpleName}", e)
        } finally {
            reading = false
            // there was no memory for a reason
            end(BROKE)
            io.guard.run("giving back a reader's memory") { parser.close() }
            // whoever writes now, or this thread, ends what is left
            count(1)
        }
    }

    /** Reads what is there, but ends the turn when half of what the server was asked is answered: it should be asked again before it runs dry. */
    private fun read(from: Transport, parser: ReplyParser, replies: ReplyMatcher) {
        val buffer = io.readBuffer
        val half = asked() / 2
        repeat(MAX_READS_IN_A_ROW) {
            buffer.clear()
            if (parser.missing() > PIECE_BYTES && asked() > 1 && from.takesSmallReads) buffer.limit(PIECE_BYTES)
            val count = from.read(buffer)
            if (count == 0) return
            if (count < 0) throw EOFException("the server closed the connection")
            hasHeard = true
            val isFull = !buffer.hasRemaining()
            progress.made(io.clock.nanos())
            buffer.flip()
            parser.takeBlock(buffer)
            val left = buffer.remaining()
            buffer.get(io.readArray, 0, left)
            parser.feed(io.readArray, 0, left)
            while (true) {
                replies.accept(parser.next() ?: break)
            }
            window?.let {
                it.answered(replies.takeEnded())
                count(1)
            }
            if (!isFull || asked() <= half) return
        }
    }

    /** Requests that are pending, without those that the I/O thread has put off. */
    private fun asked() = budget.count() - putOff

    // ---- the end, and deadlines ----

    override fun sweep(now: Long): Boolean {
        writeQueue.sweep(now)
        pending.sweep(now)
        val ended = failure.get()
        when {
            brokeOff != null -> resume()
            ended != null -> return sweepEnded(ended)
            isOverdue(now) -> end(OVERDUE)
            transport?.isOpen == false -> lose("the connection's socket is closed", null)
            else -> progress.complaint(now)?.let { lose(it, null) }
        }
        // a coroutine that keeps its thread busy must not keep back what others want to be written
        if (held.get() > 0) io.selector.execute(heldWriting)
        return budget.count() > 0 || !pending.isEmpty
    }

    /** The attempt has a time limit of its own; this is for one that was lost on the way. */
    private fun isOverdue(now: Long) =
        isConnecting && now - startedAt > settings.connectTimeout().toNanos() + LOST_ATTEMPT_NANOS

    private fun resume() {
        val cause = brokeOff
        lose("the connection broke while writing", cause)
        brokeOff = null
        try {
            io.selector.execute(takingOver)
        } catch (e: Throwable) {
            brokeOff = cause
            throw e
        }
    }

    /** The last one of reader and writer ends what is left; but they may have been kept from it. */
    private fun sweepEnded(ended: Failure): Boolean {
        val isAwaited = io.clock.nanos() - endedAt < LINGER_NANOS
        if (isAwaited && !isEndTold) return true
        // the reader may not have been told
        transport?.let { if (reading || it.isOpen) it.close() }
        writeQueue.failAll(ended)
        pending.failAll(ended)
        val isLeft = toWrite.get() == 0 && !reading && brokeOff == null
        if (isLeft && !isAwaited) io.unregister(this)
        return isAwaited || budget.count() > 0
    }

    override fun overslept(nanos: Long) = progress.overslept(nanos)

    private fun lose(what: String, cause: Throwable?) = end(
        try {
            io.guard.brokenBy ?: Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, what, cause)
        } catch (_: Throwable) {
            BROKE
        },
    )

    private fun end(why: Failure) {
        if (!failure.compareAndSet(null, why)) return
        io.guard.run("reading the clock") { endedAt = io.clock.nanos() }
        val open = transport
        // the sweep takes this off its list when all has ended
        io.arm()
        io.guard.run("ending an attempt to connect") { connecting?.cancel() }
        // before the reader and the sweep may end the calls: those who make the next call are to find what was learnt from this one
        io.guard.run("telling of the end of a connection") { observer.ended(wasConnected = open != null, why) }
        isEndTold = true
        io.guard.run("closing a socket") { open?.close() }
    }

    private companion object {
        /** So many pending requests make it worth while to leave writing to the I/O thread. */
        const val BUSY = 8

        /** With more pending the writes themselves take long, and the server better begins at once. */
        const val MAX_HELD_BYTES = 40L * 1024

        /** The queue may hold this many times the budget, counting withdrawn requests that were not passed over yet. */
        const val QUEUE_FACTOR = 8

        /** A fast server must not keep the I/O thread from the other connections. */
        const val MAX_READS_IN_A_ROW = 16

        /** So much is read at once of the middle of a large value that others follow: while it is copied the server goes on with them. */
        const val PIECE_BYTES = 32 * 1024

        /** So much later than its time limit an attempt to connect that has not ended is given up. */
        const val LOST_ATTEMPT_NANOS = 1_000_000_000L

        /** The I/O thread writes no more than that for one connection before it looks at the others. */
        const val TURN_BYTES = 256L * 1024

        /** The server has something to say at least each time that it has taken so many bytes of quiet requests. */
        const val FENCE_BYTES = 128 * 1024

        /** An ended connection stays with the sweep for so long. */
        const val LINGER_NANOS = 100_000_000L
        val OVERDUE =
            Failure(
                Failure.Kind.UNREACHABLE,
                Delivery.NOT_SENT,
                "cannot connect: the attempt was lost on the way",
                null,
            )
        val BROKE = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the connection broke for want of memory", null)
        val QUIET_REPLY: Reply = Reply.Status(Reply.Kind.HEADER, Reply.NO_OPAQUE)
    }
}
