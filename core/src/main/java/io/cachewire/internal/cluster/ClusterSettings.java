package io.cachewire.internal.cluster;

import io.cachewire.ServerAddress;
import io.cachewire.internal.connection.ConnectionSettings;
import io.cachewire.routing.LocatorFactory;
import java.util.List;

/**
 * What a cluster needs to know.
 *
 * @param servers one or more, in the order that the user gave
 * @param locators maps keys to them
 * @param connectionsPerServer 1 or more
 * @param connection for each connection
 * @param failures what happens when servers fail
 */
public record ClusterSettings(
        List<ServerAddress> servers,
        LocatorFactory locators,
        int connectionsPerServer,
        ConnectionSettings connection,
        FailurePolicy failures) {}
