package io.cachewire.interop.live;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ServerAddress;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.fixture.PlainClient;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
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

    /** Items that have no bytes and flags 0, which a read of many keys over meta asks for twice: they may be placeholders. */
    long emptyWithoutFlags() {
        return servers.stream().mapToLong(Pool::emptyWithoutFlags).sum();
    }

    private static long emptyWithoutFlags(MemcachedServer server) {
        try (PlainClient client = PlainClient.to(server.address())) {
            client.send("lru_crawler metadump all\r\n");
            String asked = client.readUpTo("END\r\n")
                    .lines()
                    .map(line -> line.substring("key=".length(), line.indexOf(' ')))
                    .map(key -> "mg " + URLDecoder.decode(key, StandardCharsets.ISO_8859_1) + " s f\r\n")
                    .collect(Collectors.joining());
            return client.ask(asked).lines().filter("HD s0 f0"::equals).count();
        }
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
