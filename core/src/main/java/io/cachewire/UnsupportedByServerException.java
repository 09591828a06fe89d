package io.cachewire;

import org.jspecify.annotations.Nullable;

/** The server is too old, or too new, for what was asked, or a product without it. Nothing has changed on the server. */
public final class UnsupportedByServerException extends MemcachedException {
    private final ServerCapability capability;
    private final @Nullable ServerVersion found;

    /** Made by whoever compares the versions. */
    public UnsupportedByServerException(
            ServerCapability capability, ServerVersion found, ServerAddress server, @Nullable CharSequence key) {
        super(
                capability.what() + " needs " + capability.versions() + ", server is " + found,
                Delivery.NOT_SENT,
                server,
                key,
                null);
        this.capability = capability;
        this.found = found;
    }

    /** Made when the server has answered that it does not know the command. */
    public UnsupportedByServerException(ServerCapability capability, ServerAddress server, @Nullable CharSequence key) {
        super(
                capability.what() + " needs " + capability.versions() + "; the server does not know the command",
                Delivery.ANSWERED,
                server,
                key,
                null);
        this.capability = capability;
        this.found = null;
    }

    /** What the server lacks; it says since which version others have it. */
    public ServerCapability capability() {
        return capability;
    }

    /** The server's version; null when the server was not asked for it, but has refused the command. */
    public @Nullable ServerVersion found() {
        return found;
    }
}
