package io.cachewire.samples;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.interop.Interop;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/** Reads what {@code shared_users.py} has stored, as plain data, and stores something for it to read. */
public final class SharedUsersJava {
    private SharedUsersJava() {}

    public static void main(String[] args) {
        Sample.run(SharedUsersJava::run);
    }

    static void run(String[] servers, PrintStream out) {
        try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder(servers)
                .interop(Interop.pymemcache().json())
                .requestTimeout(Duration.ofSeconds(2))
                .build()) {
            out.println("greeting " + cache.get("shared:greeting", String.class));
            out.println("user     " + cache.get("shared:python", Map.class));
            cache.set("shared:java", Map.of("id", 3, "name", "Edsger"));
        }
    }
}
