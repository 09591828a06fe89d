package io.cachewire.connection

import io.cachewire.protocol.Dialect
import io.cachewire.protocol.Limits
import java.util.concurrent.ThreadLocalRandom
import kotlin.time.Duration

/**
 * What a connection needs to know; the faces' settings stay out of this package.
 *
 * @property dialect the dialect to speak, or null to find out in the handshake
 * @property connectTimeout for name resolution, connect and handshake together
 * @property stallTimeout a connection with pending requests that receives nothing for so long is closed
 * @property maxPendingRequests per connection
 * @property maxPendingBytes per connection
 */
internal data class ConnectionSettings(
    val dialect: Dialect?,
    val connectTimeout: Duration,
    val stallTimeout: Duration,
    val maxPendingRequests: Int,
    val maxPendingBytes: Long,
    val limits: Limits,
    val backoff: Backoff,
)

/** Times to wait between attempts to connect: doubling from [initial] to [max], each shortened by a random part of up to a half. */
internal data class Backoff(
    val initial: Duration,
    val max: Duration,
) {
    /** The wait after so many failures in a row, 1 or more. */
    fun delayNanos(failures: Int): Long {
        val doublings = (failures - 1).coerceIn(0, MAX_DOUBLINGS)
        val full = (initial.inWholeNanoseconds shl doublings).coerceIn(1, max.inWholeNanoseconds)
        return full - ThreadLocalRandom.current().nextLong(full / 2 + 1)
    }

    private companion object {
        const val MAX_DOUBLINGS = 16
    }
}
