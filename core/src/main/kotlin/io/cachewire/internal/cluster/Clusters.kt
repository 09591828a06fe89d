package io.cachewire.internal.cluster

import io.cachewire.ClientBrokenException
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.WrongPlatform
import io.cachewire.internal.operation.Events

/** Makes clusters, on class paths too on which none can be made. */
internal object Clusters {
    /** @throws ClientBrokenException when a library is missing, or too old for the client's classes to be loaded */
    @JvmStatic
    fun of(settings: ClusterSettings, events: Events): Cluster = try {
        Cluster(settings, Clock.System, events)
    } catch (e: LinkageError) {
        throw if (WrongPlatform.isMeantBy(e)) WrongPlatform.failure(e).toException(null, null) else e
    }
}
