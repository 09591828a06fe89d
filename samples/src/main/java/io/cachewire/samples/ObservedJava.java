package io.cachewire.samples;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.micrometer.MemcachedCacheMetrics;
import io.cachewire.micrometer.MicrometerListener;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.time.Duration;

/** Prints what Prometheus would scrape while a server works, is dead, and is back. It ends a server of its own, whatever servers are named. */
public final class ObservedJava {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ObservedJava() {}

    public static void main(String[] args) {
        Sample.run(ObservedJava::run);
    }

    static void run(String[] servers, PrintStream out) throws InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        EmbeddedMemcached server = EmbeddedMemcached.start();
        int port = server.port();
        try (BlockingMemcachedClient client = BlockingMemcachedClient.builder(server.address())
                .requestTimeout(Duration.ofSeconds(2))
                .listener(MicrometerListener.create(registry))
                .build()) {
            BlockingMemcachedClient users =
                    MemcachedCacheMetrics.monitor(registry, client.namespace("users:"), "users", Tags.empty());
            users.set("1", "Ada");
            users.get("1", String.class);
            users.get("2", String.class);
            print("up", registry, out);

            server.close();
            answers(users);
            print("down", registry, out);

            server = EmbeddedMemcached.start(port);
            long limit = System.nanoTime() + PATIENCE.toNanos();
            while (!answers(users) && System.nanoTime() - limit < 0) {
                Thread.sleep(50);
            }
            print("back", registry, out);
        } finally {
            server.close();
        }
    }

    private static boolean answers(BlockingMemcachedClient users) {
        try {
            users.get("1", String.class);
            return true;
        } catch (MemcachedException e) {
            return false;
        }
    }

    private static void print(String title, PrometheusMeterRegistry registry, PrintStream out) {
        out.println("--- " + title);
        registry.scrape()
                .lines()
                .filter(line -> line.startsWith("memcached_") || line.startsWith("cache_"))
                .forEach(out::println);
    }
}
