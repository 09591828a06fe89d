package io.cachewire;

import org.jspecify.annotations.Nullable;

/** The server is too old for what was asked. Nothing was sent but the question for its version. */
public final class UnsupportedByServerException extends MemcachedException {
    private final ServerCapability capability;
    private final ServerVersion found;

    /** Made by whoever compares the versions. */
    public UnsupportedByServerException(
            ServerCapability capability, ServerVersion found, ServerAddress server, @Nullable CharSequence key) {
        super(
                capability.what() + " needs memcached >= " + capability.since() + ", server is " + found,
                Delivery.NOT_SENT,
                server,
                key,
                null);
        this.capability = capability;
        this.found = found;
    }

    /** What the server lacks; it says since which version others have it. */
    public ServerCapability capability() {
        return capability;
    }

    /** The server's version. */
    public ServerVersion found() {
        return found;
    }
}
