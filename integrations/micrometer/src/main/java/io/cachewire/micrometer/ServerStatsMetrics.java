package io.cachewire.micrometer;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.ServerAddress;
import io.cachewire.admin.ServerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the servers themselves count, of all their clients: {@code memcached.server.items}, {@code .bytes}, {@code .limit.bytes}, {@code .connections}, {@code .gets} with
 * {@code result} {@code hit} and {@code miss}, {@code .sets} and {@code .evictions}, each with the tag {@code server}.
 *
 * <p>The thread that reads the meters asks the servers by {@code stats}, all at once, within the request time-out of the client, and not more often than the interval says.
 * A server that does not answer keeps its last values for three intervals; after that its gauges say NaN. Only the servers that are on the list when the
 * registry is read have meters.
 */
public final class ServerStatsMetrics implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStatsMetrics.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final BlockingMemcachedClient client;
    private final Tags tags;
    private final long intervalNanos;
    private final ReentrantLock asking = new ReentrantLock();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<MeterRegistry, Map<String, List<Meter>>> meters = new HashMap<>();
    private volatile long askedAt;

    private record Answer(ServerStats stats, long at) {}

    /**
     * A binder that asks the servers of a client.
     *
     * @param client any view of it; kept for the life of the registry
     * @param interval 1 s or more
     * @param tags further tags
     * @throws IllegalArgumentException when the interval is shorter
     */
    public ServerStatsMetrics(BlockingMemcachedClient client, Duration interval, Iterable<Tag> tags) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("the interval is 1 s or more, not " + interval);
        }
        this.client = Objects.requireNonNull(client, "client");
        this.tags = Tags.of(tags);
        this.intervalNanos = interval.toNanos();
        this.askedAt = System.nanoTime() - intervalNanos - 1;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        asking.lock();
        try {
            meters.computeIfAbsent(registry, any -> new HashMap<>());
            follow();
        } finally {
            asking.unlock();
        }
    }

    /** Asks when it is time, one thread at once; others take what is known. */
    private @Nullable ServerStats now(String server) {
        if (System.nanoTime() - askedAt > intervalNanos && asking.tryLock()) {
            try {
                ask();
            } finally {
                asking.unlock();
            }
        }
        Answer last = answers.get(server);
        return last == null || System.nanoTime() - last.at > 3 * intervalNanos ? null : last.stats;
    }

    private void ask() {
        long at = System.nanoTime();
        try {
            client.admin().stats().forEach((server, stats) -> keep(server, stats, at));
        } catch (PartialResultException e) {
            if (e.results() instanceof MultiResults.PerServer<?> results) {
                results.answers().forEach((server, stats) -> keep(server, stats, at));
            }
        } catch (RuntimeException e) {
            LOG.debug("the servers did not tell their statistics", e);
        }
        // behind the answer: the next one is due an interval later, however long this one took
        askedAt = System.nanoTime();
        follow();
    }

    private void keep(ServerAddress server, @Nullable Object answer, long at) {
        if (answer instanceof ServerStats stats) {
            answers.put(server.toString(), new Answer(stats, at));
        }
    }

    private void follow() {
        List<String> live = client.cluster().servers().stream()
                .map(state -> state.address())
                .map(ServerAddress::toString)
                .toList();
        answers.keySet().retainAll(live);
        meters.forEach((registry, named) -> {
            live.forEach(server -> named.computeIfAbsent(server, any -> metersOf(registry, server)));
            named.entrySet().removeIf(entry -> {
                boolean hasLeft = !live.contains(entry.getKey());
                if (hasLeft) {
                    entry.getValue().forEach(registry::remove);
                }
                return hasLeft;
            });
        });
    }

    private List<Meter> metersOf(MeterRegistry registry, String server) {
        Tags all = tags.and("server", server);
        List<Meter> made = new ArrayList<>();
        made.add(gauge(registry, "memcached.server.items", null, server, all, ServerStats::currItems));
        made.add(gauge(registry, "memcached.server.bytes", "bytes", server, all, ServerStats::bytes));
        made.add(gauge(registry, "memcached.server.limit.bytes", "bytes", server, all, ServerStats::limitMaxBytes));
        made.add(gauge(registry, "memcached.server.connections", null, server, all, ServerStats::currConnections));
        made.add(counter(registry, "memcached.server.gets", server, all.and("result", "hit"), ServerStats::getHits));
        made.add(counter(registry, "memcached.server.gets", server, all.and("result", "miss"), ServerStats::getMisses));
        made.add(counter(registry, "memcached.server.sets", server, all, ServerStats::cmdSet));
        made.add(counter(registry, "memcached.server.evictions", server, all, ServerStats::evictions));
        return made;
    }

    private Meter gauge(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String server,
            Tags all,
            Function<ServerStats, @Nullable Long> part) {
        // strong: the registry holds this binder, and the counters below need it too
        return Gauge.builder(name, this, binder -> binder.value(server, part))
                .description("As the server counts it")
                .baseUnit(unit)
                .tags(all)
                .strongReference(true)
                .register(registry);
    }

    private Meter counter(
            MeterRegistry registry, String name, String server, Tags all, Function<ServerStats, @Nullable Long> part) {
        return FunctionCounter.builder(name, this, binder -> binder.value(server, part))
                .description("As the server counts it, since it was started")
                .tags(all)
                .register(registry);
    }

    private double value(String server, Function<ServerStats, @Nullable Long> part) {
        ServerStats stats = now(server);
        Long value = stats == null ? null : part.apply(stats);
        return value == null ? Double.NaN : value;
    }
}
