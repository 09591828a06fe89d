package io.cachewire.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.connection.Clock
import io.cachewire.connection.Failure
import io.cachewire.protocol.Opcode
import java.util.EnumMap
import java.util.concurrent.TimeUnit

/**
 * Commands that one server may not be able to carry, as proxies close the connection at those that they do not know. A connection that broke,
 * or was silent, while such a command was unanswered makes it a suspect, which gets a connection of its own from then on; when that one
 * breaks too, the command is refused before it is sent. A suspect read of many keys is made as one of each key instead. Both end after a while, and with a greeting in which the server says another version.
 */
internal class Suspects(
    private val clock: Clock,
) {
    private class Suspicion(
        val until: Long,
        val refusal: Failure?,
    )

    /** True as a rule, so that nothing else is looked at. */
    @Volatile
    var isEmpty = true
        private set

    // guarded by this
    private val suspicions = EnumMap<Opcode, Suspicion>(Opcode::class.java)
    private var version: String? = null

    /** A bit for each opcode that the server has answered. A server that could do it once can still do it, whatever breaks its connections. */
    @Volatile
    private var carried = 0

    /** Whether the command is to have a connection of its own. */
    @Synchronized
    fun isSuspect(opcode: Opcode): Boolean = current(opcode) != null

    /** Why the command is not to be sent, or null when it may be. */
    @Synchronized
    fun refusal(opcode: Opcode): Failure? = current(opcode)?.refusal

    private fun current(opcode: Opcode): Suspicion? {
        val suspicion = suspicions[opcode] ?: return null
        if (suspicion.until - clock.nanos() > 0) return suspicion
        suspicions.remove(opcode)
        isEmpty = suspicions.isEmpty()
        return null
    }

    /** The command was unanswered when its connection, which others use too, broke or was silent for too long. */
    @Synchronized
    fun blame(opcode: Opcode) {
        val isCarried = carried and bit(opcode) != 0
        if (!isCarried && opcode in CARRIED_BY_SERVERS_ONLY && current(opcode) == null) put(opcode, null)
    }

    /** The server has answered the command. */
    fun answered(opcode: Opcode) {
        if (carried and bit(opcode) == 0) learn(opcode)
    }

    @Synchronized
    private fun learn(opcode: Opcode) {
        carried = carried or bit(opcode)
        suspicions.remove(opcode)
        isEmpty = suspicions.isEmpty()
    }

    /** The connection that the command had for itself broke, or was silent for too long. */
    @Synchronized
    fun convict(opcode: Opcode, what: String) {
        val how = "alone on a connection, it had no answer ($what)"
        val why = "the server cannot carry $opcode: $how; it is not sent for a while"
        put(opcode, Failure(Failure.Kind.REFUSED, Delivery.NOT_SENT, why, null))
    }

    private fun put(opcode: Opcode, refusal: Failure?) {
        suspicions[opcode] = Suspicion(clock.nanos() + WHILE_NANOS, refusal)
        isEmpty = false
    }

    /** A server that says another version is another server. */
    @Synchronized
    fun greeted(says: String?) {
        if (says == null || says == version) return
        version = says
        suspicions.clear()
        carried = 0
        isEmpty = true
    }

    private companion object {
        fun bit(opcode: Opcode) = 1 shl opcode.ordinal

        /** What a server that is no memcached may lack: Infinispan closes the connection at a read of many keys. */
        val CARRIED_BY_SERVERS_ONLY =
            setOf(Opcode.GET_ALL, Opcode.GET_AND_TOUCH, Opcode.STATS, Opcode.FLUSH_ALL, Opcode.VERBOSITY)
        val WHILE_NANOS = TimeUnit.MINUTES.toNanos(10)
    }
}
