package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.List;

/** The text that stands for a server on a ring. Two clients share a ring only when they write the servers alike. */
@FunctionalInterface
public interface NodeName {
    /** Host and port, the default port too; a Unix domain socket is its path. IPv6 addresses have no brackets. */
    NodeName HOST_PORT = server -> server.isUnix() ? server.host() : server.host() + ":" + server.port();

    /**
     * libmemcached's: the host alone when the port is 11211, else host and port; a Unix domain socket is
     * {@code path:0}.
     */
    NodeName LIBMEMCACHED =
            server -> server.port() == ServerAddress.DEFAULT_PORT ? server.host() : server.host() + ":" + server.port();

    /** libmemcached's with KETAMA_SPY set: a slash before host and port. Not what spymemcached itself does. */
    NodeName LIBMEMCACHED_KETAMA_SPY = server -> "/" + server.host() + ":" + server.port();

    /**
     * spymemcached's default: {@code address:port} for a server given by address, {@code name/address:port} for one
     * given by name.
     */
    static NodeName spymemcached(HostLookup lookup) {
        return server -> HostLookup.isLiteral(server.host())
                ? HOST_PORT.of(server)
                : server.host() + "/" + lookup.address(server.host()) + ":" + server.port();
    }

    /**
     * spymemcached's LIBMEMCACHED format: the host's name, also for an address that has one, and the port unless it
     * is 11211.
     */
    static NodeName spymemcachedLibmemcached(HostLookup lookup) {
        return server -> LIBMEMCACHED.of(named(server, lookup));
    }

    /** xmemcached's default: {@code name/address:port}, the name empty when reverse resolution knows none. */
    static NodeName xmemcached(HostLookup lookup) {
        return server -> {
            if (!HostLookup.isLiteral(server.host())) {
                return spymemcached(lookup).of(server);
            }
            String name = lookup.name(server.host());
            return (name == null ? "" : name) + "/" + HOST_PORT.of(server);
        };
    }

    /** xmemcached with {@code cwNginxUpstreamConsistent}: the address, and the port unless it is 11211. */
    static NodeName xmemcachedNginx(HostLookup lookup) {
        return server -> HostLookup.isLiteral(server.host())
                ? LIBMEMCACHED.of(server)
                : LIBMEMCACHED.of(new ServerAddress(lookup.address(server.host()), server.port()));
    }

    /** xmemcached with {@code gwhalin}: the host's name, also for an address that has one, and the port always. */
    static NodeName xmemcachedGwhalin(HostLookup lookup) {
        return server -> HOST_PORT.of(named(server, lookup));
    }

    private static ServerAddress named(ServerAddress server, HostLookup lookup) {
        String name = HostLookup.isLiteral(server.host()) ? lookup.name(server.host()) : null;
        return name == null ? server : new ServerAddress(name, server.port());
    }

    /** The name of a server. Called while a locator is built, never on look-up. */
    String of(ServerAddress server);

    /** The names of all servers, in their order. */
    default List<String> all(List<ServerAddress> servers) {
        return servers.stream().map(this::of).toList();
    }
}
