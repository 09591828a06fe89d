package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The short form of {@link LoadingCache} for single keys, with the settings that a view has by default, and views without loaders whose items can be
 * forgotten together. The short form works on the client that it is given:
 * take the same object for all calls, so that callers of one key wait for one load.
 */
public final class Loading {
    private Loading() {}

    /** The value of a key; when there is none, what {@code load} gives, which is stored for {@code ttl}. */
    public static <V> @Nullable V getOrPut(
            BlockingMemcachedClient client,
            String key,
            Class<V> type,
            Duration ttl,
            Callable<? extends @Nullable V> load) {
        return getOrPut(client, key, ValueType.of(type), ttl, load);
    }

    /** As {@link #getOrPut(BlockingMemcachedClient, String, Class, Duration, Callable)}, for a generic type. */
    public static <V> @Nullable V getOrPut(
            BlockingMemcachedClient client,
            String key,
            ValueType<V> type,
            Duration ttl,
            Callable<? extends @Nullable V> load) {
        return ShortForms.of(client, type).getLoaded(key, wanted -> Loaded.of(load.call(), ttl));
    }

    /** The value of a key; when there is none, what the stage of {@code load} gives, which is stored for {@code ttl}. */
    public static <V> CompletableFuture<@Nullable V> getOrPut(
            AsyncMemcachedClient client,
            String key,
            Class<V> type,
            Duration ttl,
            Supplier<? extends CompletionStage<? extends @Nullable V>> load) {
        return getOrPut(client, key, ValueType.of(type), ttl, load);
    }

    /** As {@link #getOrPut(AsyncMemcachedClient, String, Class, Duration, Supplier)}, for a generic type. */
    public static <V> CompletableFuture<@Nullable V> getOrPut(
            AsyncMemcachedClient client,
            String key,
            ValueType<V> type,
            Duration ttl,
            Supplier<? extends CompletionStage<? extends @Nullable V>> load) {
        return ShortForms.of(client, type)
                .getLoaded(key, wanted -> load.get().thenApply(value -> Loaded.of(value, ttl)));
    }

    /** The items whose keys begin with a prefix, which can be forgotten together; checked every second. Keep the view: each has its own checks. */
    public static GenerationView generation(BlockingMemcachedClient client, String prefix) {
        return generation(client, prefix, Duration.ofSeconds(1));
    }

    /** As {@link #generation(BlockingMemcachedClient, String)}, with a time between checks. */
    public static GenerationView generation(BlockingMemcachedClient client, String prefix, Duration check) {
        return new GenerationView(new AsyncGenerationView(client.async(), prefix, check));
    }

    /** As {@link #generation(BlockingMemcachedClient, String)}, for futures. */
    public static AsyncGenerationView generation(AsyncMemcachedClient client, String prefix) {
        return generation(client, prefix, Duration.ofSeconds(1));
    }

    /** As {@link #generation(AsyncMemcachedClient, String)}, with a time between checks. */
    public static AsyncGenerationView generation(AsyncMemcachedClient client, String prefix, Duration check) {
        return new AsyncGenerationView(client, prefix, check);
    }
}
