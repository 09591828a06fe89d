package io.cachewire.samples;

import com.example.User;
import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientBuilder;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Java snippet of the design page, letter by letter. */
final class DesignSnippetsJava {
    /** Obscures the class where a method is called on it, so that the text may name a host that does not exist. */
    @SuppressWarnings("MemberName")
    private final Hosts BlockingMemcachedClient;

    private record Hosts(Map<String, String> addresses) {
        ClientBuilder<BlockingMemcachedClient> builder(String... names) {
            return io.cachewire.BlockingMemcachedClient.builder(
                    Arrays.stream(names).map(addresses::get).toArray(String[]::new));
        }
    }

    /** The address of each server that the text names. */
    DesignSnippetsJava(Map<String, String> addresses) {
        this.BlockingMemcachedClient = new Hosts(addresses);
    }

    @SuppressWarnings("unused")
    Map<String, User> run(User user) {
        Map<String, User> found;
        try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder("cache-1:11211")
                .serde(JacksonSerde.create()).requestTimeout(Duration.ofMillis(250)).build()) {
            cache.set("user:1", user, Duration.ofMinutes(5));
            @Nullable User u = cache.get("user:1", User.class);
            Map<String, User> many = cache.getAll(List.of("user:1", "user:2"), User.class);
            AsyncMemcachedClient async = cache.async();                     // CompletableFuture twin on the same connections
            found = many;
        }
        return found;
    }
}
