package io.cachewire.interop.live;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ServerAddress;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Five real servers, and how often they were asked for what they did not have. */
final class Pool implements AutoCloseable {
    static final int SIZE = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<MemcachedServer> servers =
            Stream.generate(MemcachedServer::start).limit(SIZE).toList();
    private final BlockingMemcachedClient watcher = BlockingMemcachedClient.builder()
            .servers(servers(i -> 1))
            .requestTimeout(PATIENCE)
            .connectTimeout(PATIENCE)
            .build();

    /** The addresses, each with the weight that its number has. */
    List<ServerAddress> servers(ToIntFunction<Integer> weight) {
        return new ArrayList<>(IntStream.range(0, SIZE)
                .mapToObj(i -> servers.get(i).address().withWeight(weight.applyAsInt(i)))
                .toList());
    }

    /** The sum of a statistic over all servers. */
    long sum(String statistic) {
        return watcher.stats().values().stream()
                .mapToLong(all -> Long.parseLong(all.get(statistic)))
                .sum();
    }

    void clear() {
        watcher.flushAll();
    }

    @Override
    public void close() {
        watcher.close();
        servers.forEach(MemcachedServer::close);
    }
}
