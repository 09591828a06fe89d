package io.cachewire.embedded;

import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What all connections together hold in memory for requests that are not complete and for replies that are not written.
 * When more is asked for than is left, connections on which nothing has moved for a second are closed, the largest
 * first. A connection that moves is never closed for another one's sake. Used only on the server's thread.
 */
final class Memory {
    private static final long LARGEST_BYTES = 64L * 1024 * 1024;
    private static final int SHARE_OF_HEAP = 8;
    private static final long IDLE_NANOS = 1_000_000_000;

    private final long limit;
    private final Supplier<Stream<Connection>> connections;
    private long used;

    Memory(long limit, Supplier<Stream<Connection>> connections) {
        this.limit = limit;
        this.connections = connections;
    }

    /** An eighth of the heap, at most 64 MiB. */
    static long defaultLimit() {
        return Math.min(LARGEST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** Whether a connection may hold so many bytes more; makes room for them when it can. */
    boolean allows(long more, Connection asking) {
        if (more <= 0 || used + more <= limit) {
            return true;
        }
        long now = System.nanoTime();
        connections
                .get()
                .filter(connection ->
                        connection != asking && connection.held() > 0 && connection.idleNanos(now) >= IDLE_NANOS)
                .sorted(Comparator.comparingLong(Connection::held).reversed())
                .takeWhile(connection -> used + more > limit)
                .forEach(Connection::pushOut);
        return used + more <= limit;
    }

    /** A connection holds so many bytes more, or fewer. */
    void change(long difference) {
        used += difference;
    }
}
