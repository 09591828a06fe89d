package io.cachewire.routing;

import io.cachewire.ServerAddress;
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
}
