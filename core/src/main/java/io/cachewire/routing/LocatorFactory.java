package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.BitSet;
import java.util.List;

/** Builds the locator for a list of servers; asked again whenever the list changes. */
@FunctionalInterface
public interface LocatorFactory {
    /**
     * The locator for these servers.
     *
     * @param servers one or more, in the order that the user gave
     */
    NodeLocator build(List<ServerAddress> servers);

    /**
     * The locator while some servers are out of use; asked again whenever that set changes. By default it is
     * {@link #build(List)}: places stay, and whoever fails over asks for further attempts. Clients that forget dead
     * servers override it: see {@link #ejecting}.
     *
     * @param servers as for {@link #build(List)}
     * @param down indexes into {@code servers}
     * @return a locator that names nodes by their index in {@code servers}, all of them
     */
    default NodeLocator build(List<ServerAddress> servers, BitSet down) {
        return build(servers);
    }

    /**
     * The same rule, but places are computed anew over the servers that are in use, as libmemcached's
     * {@code remove_failed} and {@code auto_eject} and memcached (npm)'s {@code remove} do. When all are down it is
     * the rule over all.
     */
    default LocatorFactory ejecting() {
        return EjectingLocator.factory(this);
    }
}
