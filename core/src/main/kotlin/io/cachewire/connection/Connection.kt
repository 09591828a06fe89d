package io.cachewire.connection

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.protocol.Dialect
import io.cachewire.protocol.MalformedReply
import io.cachewire.protocol.Reply
import io.cachewire.protocol.ReplyParser
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

    // the writer's own
    private lateinit var dialect: Dialect
    private lateinit var output: OutputBuffer
    private var window: InFlightWindow? = null
    private var nextOpaque = ThreadLocalRandom.current().nextInt(Int.MAX_VALUE)
    private var unfenced = false

    // the I/O thread's own
    private var putOff = 0
    private val writePutOff =
        Runnable {
            val entries = putOff
            putOff = 0
            count(entries)
        }

    override val isOpen: Boolean get() = failure.get() == null

    override val isConnecting: Boolean get() = transport == null && isOpen

    override val pendingCount: Int get() = budget.count()

    override val isIdle: Boolean
        get() = budget.count() == 0 && (isConnecting || (pending.isEmpty && toWrite.get() == 0 && held.get() == 0))

    @Volatile
    override var hasGetAll = false
        private set

    override fun start(connector: Connector) {
        io.register(this)
        connecting =
            // atomic: one that is cancelled before it runs must still end what waits for it
            io.scope.launch(start = CoroutineStart.ATOMIC) {
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
                    end(failedAttempt(e))
                    if (e is VirtualMachineError) throw e
                } finally {
                    write(1)
                }
            }
        if (!isOpen) connecting?.cancel()
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

            isBusy -> if (toWrite.getAndAdd(entries) == 0) io.selector.execute { write(entries) }

            else -> count(entries)
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
    }

    /** False when the socket is full; the I/O thread has the right to write then. */
    private fun writeQueued(seen: Int): Boolean {
        try {
            while (true) {
                fill()
                if (output.isEmpty) return true
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

    private fun writeWhenPossible(seen: Int) {
        io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) {
            try {
                do {
                    transport!!.awaitWritable()
                } while (!output.flush())
            } catch (e: Exception) {
                lose("the connection broke while writing", e)
            }
            write(seen)
        }
    }

    private fun fill() {
        while (output.hasRoom && window?.isFull != true) {
            val exchange = writeQueue.poll() ?: break
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
            exchange.fail(ended.notSent())
        }
        if (!reading) {
            while (true) {
                val exchange = pending.poll() ?: break
                exchange.fail(ended)
            }
        }
    }

    // ---- reading: the I/O thread ----

    private fun startReader(from: Transport) {
        reading = true
        val parser = dialect.newParser(settings.limits(), io.memory)
        val replies = ReplyMatcher(dialect, pending, observer::refusedQuietly)
        parser.expect(replies)
        io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) {
            try {
                while (true) {
                    from.awaitReadable()
                    read(from, parser, replies)
                }
            } catch (e: MalformedReply) {
                end(Failure(Failure.Kind.PROTOCOL, Delivery.INDETERMINATE, e.message ?: "malformed reply", null))
            } catch (e: Throwable) {
                lose("the connection broke: ${e.message ?: e.javaClass.simpleName}", e)
                if (e is VirtualMachineError) throw e
            } finally {
                parser.close()
                reading = false
                // whoever writes now, or this thread, ends what is left
                count(1)
            }
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
        // a coroutine that keeps its thread busy must not keep back what others want to be written
        if (held.get() > 0) io.selector.execute(::writeHeld)
        writeQueue.sweep(now)
        pending.sweep(now)
        if (isOpen) progress.complaint(now)?.let { lose(it, null) }
        return budget.count() > 0 || !pending.isEmpty
    }

    private fun lose(what: String, cause: Throwable?) =
        end(Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, what, cause))

    private fun end(why: Failure) {
        if (!failure.compareAndSet(null, why)) return
        val open = transport
        io.unregister(this)
        connecting?.cancel()
        open?.close()
        observer.ended(wasConnected = open != null, why)
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
        val QUIET_REPLY: Reply = Reply.Status(Reply.Kind.HEADER, Reply.NO_OPAQUE)
    }
}
