package io.cachewire.admin;

import io.cachewire.ServerCapability;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The logs that a server gives to watchers. */
public enum WatchLog {
    /** Each look-up of an item, also those that a write makes. */
    FETCHERS(null),
    /** Each store, with what became of it. */
    MUTATIONS(null),
    /** Items that are evicted. */
    EVICTIONS(null),
    /** Connections that open and close. */
    CONNEVENTS(ServerCapability.WATCH_CONNECTION_EVENTS),
    /** Requests through memcached's proxy; a server without it accepts this and logs nothing. */
    PROXYREQS(null),
    /** What happens in memcached's proxy. */
    PROXYEVENTS(null),
    /** Items that are deleted. */
    DELETIONS(ServerCapability.WATCH_DELETIONS);

    private final @Nullable ServerCapability needs;

    WatchLog(@Nullable ServerCapability needs) {
        this.needs = needs;
    }

    /** What the server must have, or null. */
    public @Nullable ServerCapability needs() {
        return needs;
    }

    /** As the protocol writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
