package io.cachewire.internal.cluster

import io.cachewire.internal.connection.ConnectionSettings
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.operation.Events
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.LongAdder
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What the nodes of one cluster share.
 *
 * @param metaQuestions the time from a question for the meta protocol, at which a server closed the connection, to the next one
 * @param events told of what happens to connections and servers
 * @param placesChanged called when a server has died or is back, without a lock held; calls back when places are as they have to be
 */
internal class NodeContext(
    val io: IoThread,
    settings: ClusterSettings,
    val connector: Connector = Connector(io, settings.connection()),
    val metaQuestions: Duration = 60.seconds,
    val events: Events = Events.NONE,
    val placesChanged: (then: () -> Unit) -> Unit,
) {
    val connection: ConnectionSettings = settings.connection()
    val connectionsPerServer: Int = settings.connectionsPerServer()
    val failures: FailurePolicy = settings.failures()

    /** Requests that nobody waited for, and that have failed. */
    val failedQuietly = LongAdder()

    /** What [io.cachewire.ClusterView.changes] counts. */
    val changes = AtomicLong()

    /** Runs something in the background after a time; never when the client is closed before. */
    fun later(wait: Duration, task: suspend () -> Unit) {
        io.later(wait.inWholeNanoseconds) { io.scope.launch { task() } }
    }
}
