package io.cachewire.verification.consumers;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Uses the blocking client, and its CompletableFuture twin. */
public final class BlockingUser implements CacheUser {
    private static final Duration TTL = Duration.ofMinutes(5);

    private final BlockingMemcachedClient cache;
    private final AutoCloseable whole;

    /** A user whose {@link #close} closes the client. */
    public BlockingUser(BlockingMemcachedClient cache) {
        this(cache, cache);
    }

    /** A user whose {@link #close} closes what the client is a part of, and with it the client. */
    public BlockingUser(BlockingMemcachedClient cache, AutoCloseable whole) {
        this.cache = cache;
        this.whole = whole;
    }

    /** A program that needs nothing but the two jars. */
    public static void main(String[] args) throws Exception {
        Checks.run(server -> new BlockingUser(connect(server)));
    }

    /** A client whose calls wait long enough for a loaded machine. */
    public static BlockingMemcachedClient connect(String server) {
        return BlockingMemcachedClient.builder(server)
                .requestTimeout(Checks.REQUEST_TIMEOUT)
                .connectTimeout(Checks.CONNECT_TIMEOUT)
                .build();
    }

    @Override
    public void set(String key, String value) {
        cache.set(key, value, TTL);
    }

    @Override
    public @Nullable String get(String key) {
        return cache.get(key, String.class);
    }

    @Override
    public Map<String, String> getAll(List<String> keys) {
        return cache.getAll(keys, String.class);
    }

    @Override
    public void callItsOwn() throws Exception {
        cache.set("updated", "a", TTL);
        Checks.equal("ab", cache.update("updated", ValueType.of(String.class), Expiry.after(TTL), old -> old + "b"));
        Checks.equal(true, cache.delete("updated"));

        CompletableFuture<Map<String, String>> both = cache.async()
                .set("first", "1", TTL)
                .thenCompose(done -> cache.async().set("second", "2", TTL))
                .thenCompose(done -> cache.async().getAll(List.of("first", "second"), String.class));
        Checks.equal(Map.of("first", "1", "second", "2"), both.get(10, TimeUnit.SECONDS));
    }

    @Override
    public void close() throws Exception {
        whole.close();
    }
}
