package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.List;

/** The text that stands for a server on a ring. Two clients share a ring only when they write the servers alike. */
@FunctionalInterface
public interface NodeName {
    /** Host and port, the default port too; a Unix domain socket is its path. IPv6 addresses have no brackets. */
    NodeName HOST_PORT = server -> server.isUnix() ? server.host() : server.host() + ":" + server.port();

    /** libmemcached's: the host alone when the port is 11211, else host and port; a Unix domain socket is {@code path:0}. */
    NodeName LIBMEMCACHED = server -> server.port() == ServerAddress.DEFAULT_PORT
            ? server.host()
            : server.host() + ":" + server.port();

    /** libmemcached's with KETAMA_SPY set: a slash before host and port. Not what spymemcached itself does. */
    NodeName LIBMEMCACHED_KETAMA_SPY = server -> "/" + server.host() + ":" + server.port();

    /** The name of a server. Called while a locator is built, never on look-up. */
    String of(ServerAddress server);

    /** The names of all servers, in their order. */
    default List<String> all(List<ServerAddress> servers) {
        return servers.stream().map(this::of).toList();
    }
}
