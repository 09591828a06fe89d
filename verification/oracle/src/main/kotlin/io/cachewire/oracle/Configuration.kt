package io.cachewire.oracle

import io.cachewire.Protocol
import io.cachewire.fixture.MonkeyFault
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** How the client reaches the server. */
internal enum class Wire { TCP, UNIX, TLS }

/** What befalls the server process. */
internal enum class ServerFault { STOP, KILL, FLUSH }

/** One kind of round: all that makes a difference, as data. */
internal data class Configuration(
    val protocol: Protocol,
    val connections: Int,
    val wire: Wire = Wire.TCP,
    /** The faults befall the first one; the keys of the others must not notice. */
    val servers: Int = 1,
    val networkFaults: Set<MonkeyFault> = MonkeyFault.HARMLESS_TO_VALUES,
    val serverFaults: Set<ServerFault> = ServerFault.entries.toSet(),
    /** Beside the writers, which are as many as the key classes need. */
    val readers: Int = 64,
    val requestTimeout: Duration = 150.milliseconds,
    /** The longest a fault or the calm after it lasts. */
    val longestFault: Duration = 300.milliseconds,
    /** False when the server lies on purpose, so that finding it out is right. */
    val honestServer: Boolean = true,
) {
    val name: String
        get() =
            "${protocol.name.lowercase()}-${wire.name.lowercase()}-$connections" +
                if (servers == 1) "" else "-of-$servers"

    companion object {
        /**
         * Every dialect there is, over TCP with 1, 2 and 4 connections, over a Unix domain socket and over TLS with 2, and with two more
         * servers. With these the faulty one is neither killed nor flushed: the model has one life for all keys.
         */
        val ALL: List<Configuration> =
            Protocol.entries.filter { it != Protocol.AUTO }.flatMap { protocol ->
                listOf(1, 2, 4).map { Configuration(protocol, it) } +
                    // no proxy fits in between
                    Configuration(protocol, 2, Wire.UNIX, networkFaults = emptySet()) +
                    Configuration(protocol, 2, Wire.TLS) +
                    Configuration(protocol, 1, servers = 3, serverFaults = setOf(ServerFault.STOP))
            }
    }
}
