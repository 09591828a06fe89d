package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of a client whose keys begin with a prefix, which can be forgotten together, for futures: as {@link GenerationView}. Made by
 * {@link Loading#generation(AsyncMemcachedClient, String)}.
 */
public final class AsyncGenerationView {
    private record Names(long generation, AsyncMemcachedClient client) {}

    private final AsyncMemcachedClient client;
    private final String prefix;
    private final GenerationKey key;
    private volatile @Nullable Names last;

    AsyncGenerationView(AsyncMemcachedClient client, String prefix, Duration check) {
        this.client = client;
        this.prefix = LoadingBuilder.requireName(prefix);
        Time time = Time.system(client.settings().callbackExecutor());
        this.key = new GenerationKey(
                client, prefix, null, LoadingBuilder.requirePositive("check", check), Duration.ZERO, time);
    }

    /** The same view for threads. */
    public GenerationView blocking() {
        return new GenerationView(this);
    }

    private String names(long generation) {
        return prefix + Generation.text(generation) + ':';
    }

    /** What comes before the names now. */
    CompletableFuture<String> currentPrefix() {
        return key.current().thenApply(this::names);
    }

    /** The client under a generation. */
    private AsyncMemcachedClient under(long generation) {
        Names names = last;
        if (names == null || names.generation() != generation) {
            names = new Names(generation, client.namespace(names(generation)));
            last = names;
        }
        return names.client();
    }

    /**
     * A client for all other commands, whose keys get the prefix and the generation. After the time between checks it may be that of a generation
     * that was forgotten: take a new one.
     */
    public CompletableFuture<AsyncMemcachedClient> current() {
        return key.current().thenApply(this::under);
    }

    private <R extends @Nullable Object> CompletableFuture<R> read(
            Function<AsyncMemcachedClient, CompletableFuture<R>> command) {
        long fresh = key.fresh();
        if (fresh != 0) {
            return command.apply(under(fresh));
        }
        return both(key.lastKnown(), key.current(), command);
    }

    private <R extends @Nullable Object> CompletableFuture<R> write(
            Function<AsyncMemcachedClient, CompletableFuture<R>> command) {
        return both(key.lastKnown(), key.anew(), command);
    }

    /** Runs a command under the generation that is known, and once more when the check that is sent along finds another one. */
    private <R extends @Nullable Object> CompletableFuture<R> both(
            long known, CompletableFuture<Long> check, Function<AsyncMemcachedClient, CompletableFuture<R>> command) {
        if (known == 0) {
            return check.thenCompose(now -> command.apply(under(now)));
        }
        CompletableFuture<R> early = command.apply(under(known));
        return check.thenCompose(now -> now == known
                ? early
                : early.handle((done, failure) -> now).thenCompose(next -> command.apply(under(next))));
    }

    /** The value; null for a miss. */
    public <T> CompletableFuture<@Nullable T> get(String name, Class<T> type) {
        return get(name, ValueType.of(type));
    }

    /** As {@link #get(String, Class)}, for a generic type. */
    public <T> CompletableFuture<@Nullable T> get(String name, ValueType<T> type) {
        return read(names -> names.get(name, type));
    }

    /** The values of all names that have one. */
    public <T> CompletableFuture<Map<String, T>> getAll(Collection<String> names, Class<T> type) {
        return getAll(names, ValueType.of(type));
    }

    /** As {@link #getAll(Collection, Class)}, for a generic type. */
    public <T> CompletableFuture<Map<String, T>> getAll(Collection<String> names, ValueType<T> type) {
        return read(client -> client.getAll(names, type));
    }

    /** Stores a value. */
    public CompletableFuture<@Nullable Void> set(String name, Object value, Duration ttl) {
        Expiry expiry = Expiry.after(ttl);
        return write(names -> names.set(name, value, expiry));
    }

    /** Stores a value if there is none; whether it was stored. */
    public CompletableFuture<Boolean> putIfAbsent(String name, Object value, Duration ttl) {
        Expiry expiry = Expiry.after(ttl);
        return write(names -> names.add(name, value, expiry));
    }

    /** Deletes an item; whether there was one. */
    public CompletableFuture<Boolean> delete(String name) {
        return write(names -> names.delete(name));
    }

    /** Forgets all items: see {@link GenerationView#invalidateAll}. */
    public CompletableFuture<@Nullable Void> invalidateAll() {
        return key.forget().thenApply(done -> null);
    }

    @Override
    public String toString() {
        return "GenerationView[" + prefix + ']';
    }
}
