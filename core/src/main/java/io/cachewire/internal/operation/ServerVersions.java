package io.cachewire.internal.operation;

import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.ServerVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which version each server had when it was last asked. A server is asked before the first call that needs more than the oldest one has,
 * and again when the version known is too old for a call: it may have been replaced by a newer one.
 */
public final class ServerVersions {
    private final Map<ServerAddress, ServerVersion> known = new ConcurrentHashMap<>();

    /** Nothing is known. */
    public ServerVersions() {}

    /** Whether a version is known that has it. */
    boolean hasFor(ServerAddress server, ServerCapability capability) {
        ServerVersion version = known.get(server);
        return version != null && capability.isIn(version);
    }

    void learn(ServerAddress server, ServerVersion version) {
        known.put(server, version);
    }
}
