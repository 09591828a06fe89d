package io.cachewire.admin;

import io.cachewire.ServerCapability;
import io.cachewire.ServerVersion;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server can do: by what it has proven on a connection, then by its version when that is one of memcached.
 *
 * @param version its version; null when the server does not tell a version of memcached (proxies, other products, builds without a tag)
 * @param available what it is known to have
 */
public record ServerCapabilities(@Nullable ServerVersion version, Set<ServerCapability> available) {
    /** By the table at {@link ServerCapability}. */
    public static ServerCapabilities of(ServerVersion version) {
        Set<ServerCapability> available = EnumSet.noneOf(ServerCapability.class);
        for (ServerCapability capability : ServerCapability.values()) {
            if (capability.isIn(version)) {
                available.add(capability);
            }
        }
        return new ServerCapabilities(version, Collections.unmodifiableSet(available));
    }

    /**
     * By the table, and by what a connection has found.
     *
     * @param provenMeta whether the server has proven the meta protocol; null when it was not asked to
     */
    public static ServerCapabilities of(@Nullable ServerVersion version, @Nullable Boolean provenMeta) {
        if (Boolean.FALSE.equals(provenMeta) && version != null && ServerCapability.META.isIn(version)) {
            // the version is that of a server behind this one
            return new ServerCapabilities(version, Set.of());
        }
        Set<ServerCapability> available = EnumSet.noneOf(ServerCapability.class);
        if (version != null) {
            available.addAll(of(version).available());
        }
        if (Boolean.TRUE.equals(provenMeta)) {
            available.add(ServerCapability.META);
        }
        return new ServerCapabilities(version, Collections.unmodifiableSet(available));
    }

    /** Whether it is known to have it. */
    public boolean has(ServerCapability capability) {
        return available.contains(capability);
    }
}
