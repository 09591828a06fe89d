package io.cachewire.samples;

import com.example.User;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.ValueType;
import io.cachewire.serialization.java.JavaSerde;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Stores, reads, counts and updates; prints what came back. */
public final class JavaQuickStart {
    private JavaQuickStart() {}

    public static void main(String[] args) {
        Sample.run(JavaQuickStart::run);
    }

    static void run(String[] servers, PrintStream out) {
        Duration ttl = Duration.ofMinutes(5);
        try (BlockingMemcachedClient client = BlockingMemcachedClient.builder(servers)
                .serde(JavaSerde.allowing("com.example.**"))
                .requestTimeout(Duration.ofSeconds(2))
                .build()) {
            // the Kotlin quick start has the same keys, as JSON
            BlockingMemcachedClient cache = client.namespace("java:");

            cache.set("user:1", new User(1, "Ada"), ttl);
            out.println("get      " + cache.get("user:1", User.class));

            User changed = cache.update(
                    "user:1",
                    ValueType.of(User.class),
                    Expiry.after(ttl),
                    old -> old == null ? null : new User(old.id(), "Grace"));
            out.println("update   " + changed);

            cache.setAll(Map.of("user:2", new User(2, "Edsger"), "user:3", new User(3, "Barbara")), ttl);
            Map<String, User> many = cache.getAll(List.of("user:1", "user:2", "user:3", "user:4"), User.class);
            out.println("getAll   " + new TreeMap<>(many).values());

            cache.delete("visits");
            cache.increment("visits", 1, 1, null);
            out.println("counter  " + cache.increment("visits", 5));

            out.println("delete   " + cache.delete("user:1"));
            out.println("a miss   " + cache.get("user:1", User.class));
        }
    }
}
