package io.cachewire.internal.cluster

import io.cachewire.Escaped
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.ServerLoad
import io.cachewire.ServerState
import io.cachewire.internal.connection.Connection
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Found
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.LoginRefused
import io.cachewire.internal.connection.ServerConnection
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.binary.BinaryDialect
import io.cachewire.observe.ClientEvent
import java.io.IOException
import java.net.ConnectException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReferenceArray
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.time.Duration.Companion.nanoseconds

/**
 * One server and the connections to it. Connections are made when they are needed; after a failed attempt requests fail at once, and probes
 * are made in the background until one is greeted, which then serves as a connection.
 *
 * Decided in docs/decisions/0077-connection-for-many-keys.md.
 *
 * @param cap of a server of the gutter: what it stores is made to live no longer
 */
internal class Node(
    address: ServerAddress,
    private val context: NodeContext,
    private val cap: TtlCap? = null,
) {
    /** Changes by its weight only. */
    @Volatile
    var address = address
        private set

    private val io = context.io

    /** Of all calls, and behind them the one of calls over very many keys, made with the first of them. */
    private val connections = AtomicReferenceArray<ServerConnection?>(context.connectionsPerServer + 1)

    @Volatile
    private var partSentAt = 0L

    /** When a connection for parts could not be made. */
    @Volatile
    private var partsRefusedAt = io.clock.nanos() - PARTS_REFUSED_NANOS - 1

    /** When a timer looks whether it is still needed; 0 when there is none. */
    private val partsEndAt = AtomicLong()
    private val health = NodeHealth(context.failures, context.connection.backoff(), io.clock)
    private val log = NodeLog(address, io.clock) { wait, task -> context.later(wait) { task() } }
    private val dialects = NodeDialects()
    private val isAskDue = AtomicBoolean()

    /** What this server may not be able to carry. */
    val suspects = Suspects(io.clock)

    /** Turns that plain reads have taken. */
    val staleTurns = StaleTurns(this, io.clock::nanos)
    private val lones = ConcurrentHashMap.newKeySet<LoneConnection>()

    /** Guards the making and closing of connections; submitting to an open one takes no lock. */
    private val lock = ReentrantLock()

    @Volatile
    private var closedBy: Failure? = null

    // guarded by the lock
    private var probe: ServerConnection? = null
    private var probeIsDue = false
    private val probedAgainAt = AtomicLong()

    /** Whether the connections that are open have proven the meta protocol; null when none was asked to. */
    val hasProvenMeta: Boolean? get() = dialects.hasProvenMeta

    /** So many requests of one call over many keys are sent before the others wait, and so many bytes of data. */
    val windowRequests: Int = minOf(WINDOW_REQUESTS, maxOf(1, context.connection.maxPendingRequests() / 4))
    val windowBytes: Long = minOf(
        WINDOW_BYTES,
        context.connection.maxPendingBytes() / 4,
        context.connection.memoryBudget() / 4,
    )

    /** True while keys that live here may have to live elsewhere. */
    val isDead: Boolean get() = health.isDead

    /** The request as this server is to get it. */
    fun adapted(request: Request): Request = cap?.capped(request) ?: request

    fun submit(exchange: Exchange) {
        val slot = slot()
        val open = connections.get(slot)
        if (open != null && open.isOpen && !(open.isConnecting && health.isRefusing)) {
            open.submit(exchange)
        } else {
            withConnection(slot, exchange::fail) { it.submit(exchange) }
        }
    }

    /** As [submit], while there are commands that this server may not be able to carry: those go on connections of their own, or not at all. */
    fun submitWarily(exchange: Exchange, request: Request) {
        val opcode = request.opcode()
        if (suspects.trial(opcode)?.keeps(exchange) != true) submitWarily(exchange, opcode, suspects.refusal(request))
    }

    private fun submitWarily(exchange: Exchange, opcode: Opcode, refusal: Failure?) = when {
        refusal != null -> exchange.fail(refusal)
        suspects.isSuspect(opcode) -> submitAlone(exchange, opcode)
        else -> submit(exchange)
    }

    private fun submitAlone(exchange: Exchange, opcode: Opcode) {
        val why = closedBy ?: health.refusal()
        if (why != null) return exchange.fail(why)
        carryAlone(exchange) { broken -> if (!isDatagrams && closedBy == null) tryControl(opcode, broken) }
    }

    private fun tryControl(opcode: Opcode, broken: Failure) {
        val limit = io.clock.nanos() + context.connection.connectTimeout().toNanos()
        val trial = Trial(io)
        try {
            if (!suspects.await(opcode, trial, limit)) return endTrial(opcode, trial)
            carryAlone(ControlRead(limit) { isAnswered -> judge(opcode, trial, isAnswered, broken) }) {}
        } catch (e: Throwable) {
            judge(opcode, trial, isAnswered = false, broken)
            throw e
        }
    }

    private fun judge(opcode: Opcode, trial: Trial, isAnswered: Boolean, broken: Failure) {
        try {
            if (isAnswered) suspects.convict(opcode, trial, broken.what()) else suspects.acquit(opcode, trial)
        } finally {
            endTrial(opcode, trial)
        }
    }

    private fun endTrial(opcode: Opcode, trial: Trial) =
        trial.end { submitWarily(it, opcode, suspects.refusal(opcode)) }

    private val isDatagrams get() = address.transport() == ServerAddress.Transport.UDP

    private fun carryAlone(exchange: Exchange, broke: (Failure) -> Unit) {
        val lone = LoneConnection(io, dialects.isText, broke)
        lones.add(lone)
        lone.carry(exchange, { ServerConnection.to(address, io, context.connection, it) }, context, lones::remove)
        closedBy?.let(lone::close)
    }

    /** [exchanges] is told whether the connection takes many reads as one request. */
    inline fun submitAll(refuse: (Failure) -> Unit, exchanges: (Boolean) -> List<Exchange>) =
        submitAll(slot(), refuse, exchanges)

    /**
     * As [submitAll], for a part of a call over so many keys that other calls should not wait behind them: they have a connection of their own,
     * when there is one. The first part does not wait for it.
     */
    inline fun submitPart(refuse: (Failure) -> Unit, exchanges: (Boolean) -> List<Exchange>) {
        submitAll(if (hasPartsConnection()) context.connectionsPerServer else slot(), refuse, exchanges)
    }

    private fun hasPartsConnection(): Boolean {
        if (isDatagrams) return false
        val now = io.clock.nanos()
        partSentAt = now
        val present = connections.get(context.connectionsPerServer)
        if (present?.isOpen != true && now - partsRefusedAt > PARTS_REFUSED_NANOS && closedBy == null) {
            lock.withLock { usable(context.connectionsPerServer) ?: connect(context.connectionsPerServer) }
        }
        val due = partsEndAt.get()
        val isUnwatched = due == 0L || now - due > KEEP_PARTS_NANOS
        if (isUnwatched && partsEndAt.compareAndSet(due, now + KEEP_PARTS_NANOS)) endPartsLater(KEEP_PARTS_NANOS)
        return present?.isOpen == true && !present.isConnecting
    }

    /** The connection of parts is closed when no call has needed it for a while. */
    private fun endPartsLater(wait: Long) {
        io.guard.run("setting a timer") { context.later(wait.nanoseconds) { endParts() } }
    }

    private fun endParts() {
        partsEndAt.set(0)
        val connection = connections.get(context.connectionsPerServer) ?: return
        val now = io.clock.nanos()
        val left = KEEP_PARTS_NANOS - (now - partSentAt)
        when {
            closedBy != null -> Unit

            left <= 0 && connection.isIdle -> replace(connection, RESTED)

            else -> {
                val wait = maxOf(left, KEEP_PARTS_NANOS / 10)
                if (partsEndAt.compareAndSet(0, now + wait)) endPartsLater(wait)
            }
        }
    }

    private inline fun submitAll(slot: Int, refuse: (Failure) -> Unit, exchanges: (Boolean) -> List<Exchange>) =
        withConnection(slot, refuse) { it.submitAll(exchanges(it.hasGetAll && carriesGetAll())) }

    private fun carriesGetAll() = suspects.isEmpty || !suspects.isSuspect(Opcode.GET_ALL)

    /** A command was unanswered when its connection, which others use too, broke or was silent for too long. */
    fun blame(opcode: Opcode) {
        // no proxy speaks it
        if (context.connection.dialect() is BinaryDialect) return
        val isProven = dialects.wasProvenLast && opcode in PROVEN_BY_META
        if (!isProven) suspects.blame(opcode)
    }

    private inline fun withConnection(slot: Int, refuse: (Failure) -> Unit, use: (ServerConnection) -> Unit) {
        // without the lock: a dead server may have very many callers
        val why = closedBy ?: health.refusal()?.also { if (health.isProbeOverdue) probeAgain() }
        val connection = if (why == null) lock.withLock { usable(slot) ?: connect(slot) } else greeted()
        if (connection != null) use(connection) else refuse(why ?: closedBy!!)
    }

    private fun usable(slot: Int): ServerConnection? = connections.get(slot)?.takeIf { it.isOpen }

    /** After a failed attempt for one slot the connections of the others still serve. */
    private fun greeted(): ServerConnection? = open().firstOrNull { it.isOpen && !it.isConnecting }

    private fun connect(slot: Int): ServerConnection? {
        if (closedBy != null) return null
        // what another connection has found serves the first one of a slot only: a server may have been replaced meanwhile
        val isFirst = connections.get(slot) == null
        val isOfParts = slot == context.connectionsPerServer
        val connection = connection(isProbe = false, isOfParts, asksText = { isFirst && dialects.isText })
        // one that cannot be started is none; one that is refused at once is in its place before others look
        connection.start(context.connector)
        connections.set(slot, connection)
        return connection
    }

    /** Opens the connections that are missing, unless attempts have to wait. */
    fun connectAll() {
        if (health.isRefusing) return
        lock.withLock { for (slot in 0 until context.connectionsPerServer) usable(slot) ?: connect(slot) }
    }

    /** True when nothing is under way on any connection. */
    val isIdle: Boolean get() = open().all { !it.isOpen || it.isIdle } && lones.all { it.isIdle }

    private fun connection(
        isProbe: Boolean,
        isOfParts: Boolean = false,
        asksText: () -> Boolean = { false },
    ): ServerConnection {
        val watch = Watch(io.clock.nanos(), isProbe, isOfParts, asksText)
        return ServerConnection.to(address, io, context.connection, watch).also { watch.connection = it }
    }

    /** Of several connections, the less busy of two taken at random: close to the best choice, at the cost of two looks. */
    private fun slot(): Int {
        val count = context.connectionsPerServer
        if (count == 1) return 0
        val random = ThreadLocalRandom.current()
        val a = random.nextInt(count)
        val b = random.nextInt(count)
        return if (load(a) <= load(b)) a else b
    }

    private fun load(slot: Int) = connections.get(slot)?.pendingCount ?: 0

    // ---- requests that nobody waits for ----

    /** The server has refused one. */
    fun refusedQuietly(reply: Reply.Line) {
        failedQuietly("${reply.kind()} ${Escaped.text(reply.text())}".trim())
    }

    /** One was lost with its connection, or was not written in time. */
    fun lostQuietly(failure: Failure) {
        if (failure.kind() == Failure.Kind.CLOSED) return
        failedQuietly(failure.what())
    }

    private fun failedQuietly(what: String) {
        context.failedQuietly.increment()
        log.quiet(what)
        context.events.tell(ClientEvent.FireAndForgetFailed(address, what))
    }

    // ---- health ----

    /** A reply came to a caller who waited. */
    fun answered() = health.answered()

    /** A request that was submitted then and written has run into its time-out. */
    fun timedOut(submittedAt: Long, why: Failure) = failed(NodeHealth.Sign.TIMED_OUT, submittedAt, why)

    private fun failed(sign: NodeHealth.Sign, startedAt: Long, why: Failure) {
        val wasRefusing = health.isRefusing
        val verdict = health.failed(sign, startedAt, why)
        when {
            verdict.died -> log.dead(why.what())
            verdict.probeIn >= 0 && !wasRefusing -> log.failing(why.what())
            sign == NodeHealth.Sign.LOST -> log.lost(why.what())
            else -> log.attempt(health.failures, why.what())
        }
        when (sign) {
            NodeHealth.Sign.LOST -> context.events.tell(ClientEvent.ConnectionLost(address, why.what()))

            NodeHealth.Sign.REFUSED, NodeHealth.Sign.ATTEMPT_FAILED ->
                context.events.tell(ClientEvent.ConnectFailed(address, why.what()))

            NodeHealth.Sign.TIMED_OUT -> Unit
        }
        if (verdict.died) context.events.tell(ClientEvent.ServerDown(address, why.what()))
        if (wasRefusing && health.isDead) log.stillDead(health.failures, why.what())
        if (verdict.probeIn >= 0) probeLater(verdict.probeIn)
        if (verdict.died) {
            // first: the reads that the second line ends look for another place
            context.placesChanged {
                val lost =
                    Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the server is marked dead: ${why.what()}", null)
                lock.withLock { open() }.forEach { it.close(lost) }
            }
        }
    }

    /** What a call is to be told of an Error that has kept it from going its way. */
    fun explained(e: Throwable): Throwable = io.guard.explained(e)

    /** Starts a probe that is overdue: an Error ended the step that should have started it. */
    private fun probeAgain() {
        val now = io.clock.nanos()
        val last = probedAgainAt.get()
        val isTooSoon = last != 0L && now - last < PROBE_AGAIN_NANOS
        if (isTooSoon || !probedAgainAt.compareAndSet(last, now)) return
        lock.withLock { probeIsDue = false }
        probeLater(0)
    }

    private fun probeLater(wait: Long) {
        lock.withLock {
            if (probeIsDue || closedBy != null) return
            probeIsDue = true
        }
        try {
            context.later(wait.nanoseconds) { startProbe() }
        } catch (e: Throwable) {
            // a later call finds that the probe is overdue
            lock.withLock { probeIsDue = false }
            throw e
        }
    }

    private fun startProbe() {
        val next =
            lock.withLock {
                probeIsDue = false
                if (closedBy != null || !health.isRefusing || probe?.isConnecting == true) return
                connection(isProbe = true).also { probe = it }
            }
        try {
            next.start(context.connector)
        } catch (e: Throwable) {
            lock.withLock { probe = null }
            throw e
        }
    }

    private fun greeted(by: Watch, dialect: String) {
        val failures = health.failures
        val wasDead = health.isDead
        val verdict = health.greeted()
        context.events.tell(ClientEvent.Connected(address))
        if (wasDead && !health.isDead) context.events.tell(ClientEvent.ServerUp(address))
        if (by.isProbe) {
            if (verdict.probeIn >= 0 || !adopt(by.connection)) by.connection.close(PROBED)
        }
        if (verdict.probeIn >= 0) probeLater(verdict.probeIn)
        if (verdict.isBack) {
            log.back(dialect, failures)
            if (wasDead) context.placesChanged {}
        } else {
            log.connected(dialect)
        }
    }

    private fun adopt(greeted: ServerConnection): Boolean = lock.withLock {
        probe = null
        val free = (0 until context.connectionsPerServer).firstOrNull { usable(it) == null }
        if (closedBy != null || free == null) return false
        connections.set(free, greeted)
        true
    }

    /** Tells the node of the turns in the life of one connection. */
    private inner class Watch(
        private val startedAt: Long,
        val isProbe: Boolean,
        private val isOfParts: Boolean,
        private val asksText: () -> Boolean,
    ) : Connection.Observer {
        lateinit var connection: ServerConnection
        private var greetedAt = 0L

        override fun asksText() = asksText.invoke()

        override fun connected(found: Found): Dialect {
            greetedAt = io.clock.nanos()
            suspects.greeted(found.version)
            if (found.hasProvenCas) suspects.answered(Opcode.CAS)
            val spoken = spoken(connection, found)
            greeted(this, spoken.name())
            return spoken
        }

        override fun refusedQuietly(reply: Reply.Line) = this@Node.refusedQuietly(reply)

        override fun doubted(request: Request?) {
            request?.let(suspects::refused)
        }

        override fun ended(wasConnected: Boolean, failure: Failure) {
            if (wasConnected) context.changes.incrementAndGet()
            try {
                dialects.ended(connection).forEach { replace(it) }
            } finally {
                ended(wasConnected, failure, startedAt)
            }
        }

        private fun ended(wasConnected: Boolean, failure: Failure, startedAt: Long) {
            when {
                failure.kind() in ENDS || failure in ENDED_BY_US -> Unit

                wasConnected -> failed(NodeHealth.Sign.LOST, greetedAt, failure)

                // the server may only have no connection to spare
                isOfParts && greeted() != null -> partsRefusedAt = io.clock.nanos()

                isRefusal(failure.cause()) -> failed(NodeHealth.Sign.REFUSED, startedAt, failure)

                else -> failed(NodeHealth.Sign.ATTEMPT_FAILED, startedAt, failure)
            }
        }
    }

    // ---- dialects ----

    private fun spoken(connection: ServerConnection, found: Found): Dialect {
        val verdict = dialects.connected(connection, found)
        // its end may have been told before
        if (!connection.isOpen) dialects.ended(connection)
        verdict.replaced.forEach { replace(it) }
        if (found.how == Found.How.CLOSED) askMetaLater()
        return verdict.dialect
    }

    /**
     * A server that closed the connection at the question for meta may have been about to end, or was replaced since. One that gave an answer is
     * asked again when its connections are made anew.
     */
    private fun askMetaLater() {
        if (!isAskDue.compareAndSet(false, true)) return
        context.later(context.metaQuestions) {
            isAskDue.set(false)
            if (closedBy == null && dialects.isText) askMeta()
        }
    }

    private suspend fun askMeta() {
        try {
            val opened = context.connector.open(address)
            opened.transport.close()
            if (opened.found.how == Found.How.PROVEN) return dialects.upgraded().forEach { replace(it) }
        } catch (e: IOException) {
            log.attempt(health.failures, "the question for the meta protocol failed: ${e.message}")
        } catch (e: LoginRefused) {
            log.attempt(health.failures, "the question for the meta protocol failed: ${e.message}")
        }
        askMetaLater()
    }

    /** The connection gets no more requests, and is closed when those that it has are answered. */
    private fun replace(connection: ServerConnection, why: Failure = REPLACED) {
        for (slot in 0 until connections.length()) connections.compareAndSet(slot, connection, null)
        io.register(Replaced(connection, why, io.clock.nanos()))
        io.arm()
    }

    private inner class Replaced(
        private val connection: ServerConnection,
        private val why: Failure,
        private val since: Long,
    ) : IoThread.Swept {
        override fun sweep(now: Long): Boolean {
            if (closedBy == null && connection.isOpen && (now - since < GRACE_NANOS || connection.pendingCount > 0)) {
                return true
            }
            io.unregister(this)
            connection.close(closedBy ?: why)
            return false
        }
    }

    /** Forgets failures: the next request tries at once. */
    fun forgive() = health.forgive()

    /** For people. */
    fun state(): ServerState = health.state(address)

    /** What is under way; a probe counts as an attempt to connect. */
    fun load(): ServerLoad {
        val all = (open() + listOfNotNull(lock.withLock { probe })).distinct().filter { it.isOpen }
        val (connecting, greeted) = all.partition { it.isConnecting }
        return ServerLoad(
            address,
            greeted.size,
            connecting.size,
            all.sumOf { it.pendingCount },
            all.sumOf { it.pendingBytes },
        )
    }

    // ---- the end ----

    /** Drops the connections; the next request makes new ones. */
    fun disconnect() = lock.withLock { open() }.forEach { it.close(DISCONNECTED) }

    /** No connection is open after this, and none will be made. */
    fun close(why: Failure) {
        val open =
            lock.withLock {
                closedBy = why
                open() + listOfNotNull(probe)
            }
        open.forEach { it.close(why) }
        lones.forEach { it.close(why) }
    }

    private fun open() = (0 until connections.length()).mapNotNull(connections::get)

    /** The same server has another weight. */
    fun renamed(to: ServerAddress) {
        address = to
    }

    /** Gets no more requests; closes when all that is pending has ended. */
    fun retire() {
        io.register(Draining(io.clock.nanos()))
        io.arm()
    }

    private inner class Draining(
        private val since: Long,
    ) : IoThread.Swept {
        override fun sweep(now: Long): Boolean {
            if (closedBy == null &&
                (
                    now - since < GRACE_NANOS || open().any { it.isOpen && it.pendingCount > 0 } ||
                        !lones.all { it.isIdle }
                    )
            ) {
                return true
            }
            io.unregister(this)
            close(REMOVED)
            return false
        }
    }

    private companion object {
        /** What every server has that has proven meta. */
        val PROVEN_BY_META = setOf(Opcode.GET_ALL, Opcode.GET_AND_TOUCH, Opcode.CAS)
        const val PROBE_AGAIN_NANOS = 1_000_000_000L
        const val KEEP_PARTS_NANOS = 5_000_000_000L

        /** A server or a proxy that has no connection to spare is not asked for one with each part. */
        const val PARTS_REFUSED_NANOS = 60_000_000_000L

        /** Of the client, which say nothing about the server. */
        val ENDS = setOf(Failure.Kind.CLOSED, Failure.Kind.BROKEN)
        val DISCONNECTED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "disconnected by the caller", null)
        val PROBED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the probe has done its work", null)
        val REPLACED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the server speaks another dialect now", null)

        val RESTED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "no call over very many keys needs it", null)

        /** Such an end says nothing about the server. */
        val ENDED_BY_US = setOf(DISCONNECTED, PROBED, REPLACED, RESTED)
        val REMOVED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the server was taken off the list", null)

        /** Time for callers who chose this server just before it was removed, and for quiet requests, which nobody counts. */
        const val GRACE_NANOS = 200_000_000L

        /** Enough to keep a server busy, and few enough that others wait for a millisecond or two behind them. */
        const val WINDOW_REQUESTS = 1024
        const val WINDOW_BYTES = 2L shl 20

        /** Others that throw the same class are down routes and time-outs, which may pass. */
        fun isRefusal(cause: Throwable?) = generateSequence(cause) { it.cause }.any {
            it is ConnectException && it.message.orEmpty().contains("refused", ignoreCase = true)
        }
    }
}
