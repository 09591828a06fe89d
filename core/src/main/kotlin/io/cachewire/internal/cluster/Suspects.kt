package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Request
import java.util.EnumMap
import java.util.concurrent.TimeUnit

/**
 * Commands that one server may not be able to carry, as proxies close the connection at those that they do not know. A connection that broke,
 * or was silent, while such a command was unanswered makes it a suspect, which gets a connection of its own from then on; when that one
 * breaks too, and a [ControlRead] is answered, the command is refused before it is sent. A suspect read of many keys is made as one of each key instead. A command whose refusal cost a connection that others use
 * gets one of its own too, and is tried there each time. All this ends after a while, and with a greeting in which the server says another version.
 */
internal class Suspects(
    private val clock: Clock,
) {
    private class Suspicion(
        val until: Long,
        val refusal: Failure?,
        val isRefused: Boolean = false,
        val trial: Trial? = null,
        /** A control had no answer, so that one which is answered may only show that the network is well again. */
        val isExcused: Boolean = false,
    )

    /** True as a rule, so that nothing else is looked at. */
    @Volatile
    var isEmpty = true
        private set

    // guarded by this
    private val suspicions = EnumMap<Opcode, Suspicion>(Opcode::class.java)
    private var version: String? = null

    /** Of meta writes with a cas unique of the caller's, which some servers take for a bad command. */
    private var chosenCas: Suspicion? = null

    /** A bit for each opcode that the server has answered. A server that could do it once can still do it, whatever breaks its connections. */
    @Volatile
    private var carried = 0

    /** Whether the command is to have a connection of its own. */
    @Synchronized
    fun isSuspect(opcode: Opcode): Boolean = current(opcode) != null

    /** Why the request is not to be sent, or null when it may be. */
    @Synchronized
    fun refusal(request: Request): Failure? =
        if (choosesCas(request) && isLive(chosenCas)) chosenCas?.refusal else refusal(request.opcode())

    /** Why no request with the command is to be sent, or null. */
    @Synchronized
    fun refusal(opcode: Opcode): Failure? = current(opcode)?.refusal

    private fun current(opcode: Opcode): Suspicion? {
        val suspicion = suspicions[opcode] ?: return null
        if (isLive(suspicion)) return suspicion
        suspicions.remove(opcode)
        look()
        return null
    }

    private fun isLive(suspicion: Suspicion?) = suspicion != null && suspicion.until - clock.nanos() > 0

    private fun look() {
        isEmpty = suspicions.isEmpty() && chosenCas == null
    }

    /** The command was unanswered when its connection, which others use too, broke or was silent for too long. */
    @Synchronized
    fun blame(opcode: Opcode) {
        val isCarried = carried and bit(opcode) != 0
        if (!isCarried && opcode in CARRIED_BY_SERVERS_ONLY &&
            current(opcode) == null
        ) {
            put(opcode, Suspicion(end(), null))
        }
    }

    /** The server's refusal of the request has cost a connection that others use. */
    @Synchronized
    fun refused(request: Request) {
        val opcode = request.opcode()
        when {
            choosesCas(request) -> {
                chosenCas = Suspicion(end(), NO_CHOSEN_CAS)
                isEmpty = false
            }

            opcode in CARRIED_BY_SERVERS_ONLY -> put(opcode, Suspicion(end(), null, isRefused = true))
        }
    }

    /** The server has answered the command. */
    fun answered(opcode: Opcode) {
        if (carried and bit(opcode) == 0) learn(opcode)
    }

    @Synchronized
    private fun learn(opcode: Opcode) {
        carried = carried or bit(opcode)
        if (suspicions[opcode]?.isRefused != true) suspicions.remove(opcode)
        look()
    }

    /**
     * The connection that the command had for itself broke, or was silent for too long. The command is not sent until the trial has ended, which is at
     * [until]; false when there is one already, or when none is needed.
     */
    @Synchronized
    fun await(opcode: Opcode, trial: Trial, until: Long): Boolean {
        if (carried and bit(opcode) != 0 || trial(opcode) != null) return false
        put(opcode, Suspicion(until, AWAITED, trial = trial, isExcused = current(opcode)?.isExcused == true))
        return true
    }

    /** What will show whether the server carries the command. */
    @Synchronized
    fun trial(opcode: Opcode): Trial? = current(opcode)?.trial

    /** The control was not answered either: the command gets a connection of its own again. */
    @Synchronized
    fun acquit(opcode: Opcode, trial: Trial) {
        if (trial(opcode) === trial) put(opcode, Suspicion(end(), null, isExcused = true))
    }

    /**
     * The control was answered. It says nothing when the server has answered the command meanwhile, or is another one, and the first time after a control
     * that was not.
     */
    @Synchronized
    fun convict(opcode: Opcode, trial: Trial, what: String) {
        val suspicion = current(opcode)
        if (suspicion?.trial !== trial) return
        if (suspicion.isExcused) return put(opcode, Suspicion(end(), null))
        val how = "alone on a connection, it had no answer ($what)"
        val why = "the server cannot carry $opcode: $how; it is not sent for a while"
        put(opcode, Suspicion(end(), Failure(Failure.Kind.REFUSED, Delivery.NOT_SENT, why, null)))
    }

    private fun end() = clock.nanos() + WHILE_NANOS

    private fun put(opcode: Opcode, suspicion: Suspicion) {
        suspicions[opcode] = suspicion
        isEmpty = false
    }

    /** A server that says another version is another server. */
    @Synchronized
    fun greeted(says: String?) {
        if (says == null || says == version) return
        version = says
        suspicions.clear()
        chosenCas = null
        carried = 0
        isEmpty = true
    }

    private companion object {
        fun bit(opcode: Opcode) = 1 shl opcode.ordinal

        fun choosesCas(request: Request): Boolean = (request.plain() as? Request.Meta)?.choosesCas() == true

        val AWAITED =
            Failure(
                Failure.Kind.LOST,
                Delivery.NOT_SENT,
                "connections break at this command; whether at others too is being tried",
                null,
            )
        val NO_CHOSEN_CAS =
            Failure(
                Failure.Kind.REFUSED,
                Delivery.NOT_SENT,
                "the server has refused a cas unique of the caller's choice; it is not sent one for a while",
                null,
            )

        /** What a server that is no memcached may lack: Infinispan closes the connection at a read of many keys. */
        val CARRIED_BY_SERVERS_ONLY =
            setOf(Opcode.GET_ALL, Opcode.GET_AND_TOUCH, Opcode.CAS, Opcode.STATS, Opcode.FLUSH_ALL, Opcode.VERBOSITY)
        val WHILE_NANOS = TimeUnit.MINUTES.toNanos(10)
    }
}
