package io.cachewire.cluster

import io.cachewire.connection.ConnectionSettings
import io.cachewire.connection.Connector
import io.cachewire.connection.IoThread
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.time.Duration

/**
 * What the nodes of one cluster share.
 *
 * @param placesChanged called when a server has died or is back, without a lock held
 */
internal class NodeContext(
    val io: IoThread,
    settings: ClusterSettings,
    val connector: Connector = Connector(io, settings.connection()),
    val placesChanged: () -> Unit,
) {
    val connection: ConnectionSettings = settings.connection()
    val connectionsPerServer: Int = settings.connectionsPerServer()
    val failures: FailurePolicy = settings.failures()

    /** Runs something in the background after a time; never when the client is closed before. */
    fun later(wait: Duration, task: () -> Unit) {
        io.scope.launch {
            delay(wait)
            task()
        }
    }
}
