package io.cachewire.internal.connection;

import io.cachewire.Tls;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection needs to know; the faces' settings stay out of this package.
 *
 * @param dialect the dialect to speak, or null to find out by the greeting
 * @param tls how connections are protected, or null when they are not. With it nothing is ever sent in clear
 * @param connectTimeout for name resolution, connect, TLS handshake and greeting together
 * @param stallTimeout a connection that owes replies and receives nothing for so long is closed
 * @param maxPendingRequests per connection
 * @param maxInFlight per connection: written and not answered yet
 * @param maxPendingBytes per connection
 * @param memoryBudget bytes that all connections together may take beyond their allowances
 * @param limits what a reply may cost
 * @param backoff the waits between attempts to connect
 * @param login how to log in, or null when there is no login
 */
public record ConnectionSettings(
        @Nullable Dialect dialect,
        @Nullable Tls tls,
        Duration connectTimeout,
        Duration stallTimeout,
        int maxPendingRequests,
        int maxInFlight,
        long maxPendingBytes,
        long memoryBudget,
        Limits limits,
        Backoff backoff,
        @Nullable LoginSettings login) {}
