package io.cachewire;

import java.time.Duration;
import java.util.List;

/**
 * A spare pool of servers that holds the keys of dead ones until they are back.
 *
 * @param servers one or more, none of them a server of the client
 * @param longestTtl no item is stored there for longer, 1 second to 1 day; what is kept in the gutter goes stale when its server returns
 */
public record Gutter(List<ServerAddress> servers, Duration longestTtl) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Checks the parts.
     *
     * @throws IllegalRequestException when there is no server, one is named twice, or the time is out of its range
     */
    public Gutter {
        servers = ServerAddress.listOf(servers);
        if (longestTtl.compareTo(SHORTEST) < 0 || longestTtl.compareTo(LONGEST) > 0) {
            throw new IllegalRequestException("the longest TTL of a gutter must be 1 s to 1 day, not " + longestTtl);
        }
    }
}
