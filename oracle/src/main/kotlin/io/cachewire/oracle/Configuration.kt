package io.cachewire.oracle

import io.cachewire.Protocol
import io.cachewire.fixture.MonkeyFault
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** How the client reaches the server. */
internal enum class Wire { TCP, UNIX }

/** What befalls the server process. */
internal enum class ServerFault { STOP, KILL, FLUSH }

/** One kind of round: all that makes a difference, as data. */
internal data class Configuration(
    val protocol: Protocol,
    val connections: Int,
    val wire: Wire = Wire.TCP,
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
    val name: String get() = "${protocol.name.lowercase()}-${wire.name.lowercase()}-$connections"

    companion object {
        /** Every dialect there is, over TCP with 1, 2 and 4 connections and over a Unix domain socket with 2. */
        val ALL: List<Configuration> =
            Protocol.entries.filter { it != Protocol.AUTO }.flatMap { protocol ->
                listOf(1, 2, 4).map { Configuration(protocol, it) } +
                    // no proxy fits in between
                    Configuration(protocol, 2, Wire.UNIX, networkFaults = emptySet())
            }
    }
}
