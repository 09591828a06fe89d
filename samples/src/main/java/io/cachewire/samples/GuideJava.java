package io.cachewire.samples;

import com.example.User;
import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.CasValue;
import io.cachewire.ConnectionLostException;
import io.cachewire.Expiry;
import io.cachewire.FailureMode;
import io.cachewire.FireAndForgetClient;
import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.RequestTimeoutException;
import io.cachewire.ServerAddress;
import io.cachewire.ValueType;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Compression;
import io.cachewire.serialization.java.JavaSerde;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** The code of {@code docs/guide-java.md}. */
@SuppressWarnings({"SystemOut", "UnusedVariable"})
final class GuideJava {
    private GuideJava() {}

    static BlockingMemcachedClient settings() {
        BlockingMemcachedClient cache = BlockingMemcachedClient.builder("cache-1:11211", "cache-2:11211:2")
                .serde(JavaSerde.allowing("com.example.**"))
                .requestTimeout(Duration.ofMillis(250))
                .compression(Compression.zlib(2048, 6))
                .locator(RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED)
                .namespace("shop:")
                .defaultExpiry(Expiry.after(Duration.ofHours(1)))
                .backoff(Duration.ofMillis(50), Duration.ofSeconds(2))
                .build();
        return cache;
    }

    static BlockingMemcachedClient copy(BlockingMemcachedClient cache) {
        BlockingMemcachedClient lenient = BlockingMemcachedClient.builder(cache.settings())
                .failureMode(FailureMode.MISS)
                .build();
        return lenient;
    }

    static AsyncMemcachedClient async(ExecutorService workers) {
        AsyncMemcachedClient cache = AsyncMemcachedClient.builder("cache-1:11211")
                .callbackExecutor(workers)
                .build();
        return cache;
    }

    static @Nullable Item<User> readAndWrite(BlockingMemcachedClient cache) {
        cache.set("user:1", new User(1, "Ada"), Duration.ofMinutes(5));
        cache.set("report", "draft", Expiry.at(Instant.parse("2030-01-01T00:00:00Z")));
        cache.set("motto", "for ever", Expiry.never());

        User user = cache.get("user:1", User.class);
        User other = cache.getOrDefault("user:2", User.class, new User(0, "nobody"));
        User touched = cache.getAndTouch("user:1", User.class, Duration.ofMinutes(10));
        Item<User> item = cache.item("user:1", User.class);
        return item;
    }

    static @Nullable List<User> types(BlockingMemcachedClient cache) {
        ValueType<ArrayList<User>> users = new ValueType<>() {};
        cache.set("users", new ArrayList<>(List.of(new User(1, "Ada"))));
        return cache.get("users", users);
    }

    static Map<Long, User> severalKeys(BlockingMemcachedClient cache) {
        Set<String> notStored = cache.setAll(
                Map.of("user:1", new User(1, "Ada"), "user:2", new User(2, "Grace")), Duration.ofMinutes(5));
        Map<String, User> hits = cache.getAll(List.of("user:1", "user:2", "user:3"), User.class);
        MultiResults.Got<Long, User> byId =
                cache.getAllResults(List.of(1L, 2L, 3L), id -> "user:" + id, ValueType.of(User.class));
        return byId.hits();
    }

    static Map<String, User> eachKey(BlockingMemcachedClient cache) {
        MultiResults.Got<String, User> results =
                cache.getAllResults(List.of("user:1", "user:2", "user:3"), ValueType.of(User.class));
        results.missing().forEach(key -> System.out.println(key + " is not cached"));
        results.failed().forEach((key, why) -> System.out.println(key + ": " + why.getMessage()));

        MultiResults.Stored<String> written = cache.setAllResults(Map.of("a", 1, "b", 2), null);
        Set<String> gone = cache.deleteAll(List.of("a", "b", "c"));
        return results.hits();
    }

    static @Nullable Long counters(BlockingMemcachedClient cache) {
        Long absent = cache.increment("visits");
        Long created = cache.increment("visits", 5, 1, Duration.ofHours(1));
        Long six = cache.increment("visits", 5);
        Long zero = cache.decrement("visits", 100);
        return zero;
    }

    static @Nullable User compareAndSet(BlockingMemcachedClient cache) {
        CasValue<User> held = cache.gets("user:1", User.class);
        if (held != null) {
            User changed = new User(held.value().id(), "Grace");
            switch (cache.cas("user:1", changed, held.cas(), Duration.ofMinutes(5))) {
                case STORED -> System.out.println("changed");
                case EXISTS -> System.out.println("somebody else was faster");
                case NOT_FOUND -> System.out.println("it is gone");
            }
        }

        Expiry expiry = Expiry.after(Duration.ofMinutes(5));
        return cache.update(
                "user:1", ValueType.of(User.class), expiry, old -> old == null ? null : new User(old.id(), "Edsger"));
    }

    static @Nullable User namespaces(BlockingMemcachedClient cache) {
        BlockingMemcachedClient users = cache.namespace("users:");
        users.set("1", new User(1, "Ada"));
        users.namespace("old:").set("1", new User(1, "Augusta"));
        return cache.get("users:old:1", User.class);
    }

    static @Nullable User placement(BlockingMemcachedClient cache) {
        cache.set(Key.routed("user:1", "tenant-7"), new User(1, "Ada"));
        return cache.get(Key.routed("user:1", "tenant-7"), User.class);
    }

    static void fireAndForget(BlockingMemcachedClient cache) {
        FireAndForgetClient quiet = cache.fireAndForget();
        quiet.set("seen:1", System.currentTimeMillis(), Duration.ofMinutes(1));
        quiet.delete("user:1");
    }

    static CompletableFuture<String> futures(BlockingMemcachedClient cache) {
        AsyncMemcachedClient async = cache.async();
        CompletableFuture<String> name = async.set("user:1", new User(1, "Ada"))
                .thenCompose(stored -> async.get("user:1", User.class))
                .thenApply(user -> user == null ? "nobody" : user.name());
        return name;
    }

    static @Nullable User timeouts(BlockingMemcachedClient cache) {
        BlockingMemcachedClient patient = cache.withRequestTimeout(Duration.ofSeconds(2));
        try {
            return patient.get("user:1", User.class);
        } catch (CallInterruptedException e) {
            return null; // the thread's interrupt flag is still set
        }
    }

    static @Nullable User errors(BlockingMemcachedClient cache) {
        try {
            return cache.get("user:1", User.class);
        } catch (RequestTimeoutException | ConnectionLostException e) {
            return null; // go on without the cache
        }
    }

    static boolean writeErrors(BlockingMemcachedClient cache) {
        try {
            cache.set("user:1", new User(1, "Grace"));
            return true;
        } catch (MemcachedException e) {
            if (e.delivery() == Delivery.INDETERMINATE) {
                System.out.println("the old or the new value is there");
            }
            return false;
        }
    }

    static Map<String, User> partialResults(BlockingMemcachedClient cache) {
        try {
            return cache.getAll(List.of("user:1", "user:2"), User.class);
        } catch (PartialResultException e) {
            System.out.println(e.results().failed().keySet() + " could not be asked");
            return Map.of();
        }
    }

    static BlockingMemcachedClient misses() {
        BlockingMemcachedClient lenient = BlockingMemcachedClient.builder("cache-1:11211")
                .failureMode(FailureMode.MISS)
                .build();
        return lenient;
    }

    static Map<ServerAddress, String> servers(BlockingMemcachedClient cache) {
        cache.stats().forEach((server, statistics) -> System.out.println(server + " " + statistics.get("get_hits")));
        return cache.version();
    }
}
