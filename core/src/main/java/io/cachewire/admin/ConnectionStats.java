package io.cachewire.admin;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One socket of {@code stats conns}. A part is null when the server did not tell it; {@code raw} has every line.
 *
 * @param address the other side, or where it listens
 * @param listenAddress the side of the server, for a connection
 * @param state as the server calls it
 * @param idle since its last command
 * @param raw all lines of the socket, in the server's order, without their prefix
 */
public record ConnectionStats(
        @Nullable String address,
        @Nullable String listenAddress,
        @Nullable String state,
        @Nullable Duration idle,
        Map<String, String> raw) {}
