package io.cachewire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a server can do, by its version.
 *
 * @param version its version
 * @param available what that version has
 */
public record ServerCapabilities(ServerVersion version, Set<ServerCapability> available) {
    /** By the table at {@link ServerCapability}. */
    public static ServerCapabilities of(ServerVersion version) {
        Set<ServerCapability> available = EnumSet.noneOf(ServerCapability.class);
        for (ServerCapability capability : ServerCapability.values()) {
            if (version.isAtLeast(capability.since())) {
                available.add(capability);
            }
        }
        return new ServerCapabilities(version, Collections.unmodifiableSet(available));
    }

    /** Whether this version has it. */
    public boolean has(ServerCapability capability) {
        return available.contains(capability);
    }
}
