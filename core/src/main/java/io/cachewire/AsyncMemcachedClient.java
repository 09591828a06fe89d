package io.cachewire;

import io.cachewire.admin.AsyncAdminClient;
import io.cachewire.internal.admin.AdminCommands;
import io.cachewire.internal.observe.ObservedEngine;
import io.cachewire.internal.operation.CallFutures;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.MetaCommands;
import io.cachewire.internal.operation.MultiOperation;
import io.cachewire.internal.operation.Operations;
import io.cachewire.internal.operation.Results;
import io.cachewire.internal.operation.Scope;
import io.cachewire.internal.operation.Update;
import io.cachewire.internal.operation.UpdateFuture;
import io.cachewire.meta.AsyncMetaClient;
import io.cachewire.observe.ClientListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The client for futures. A call never blocks; its future is completed on the {@linkplain ClientBuilder#callbackExecutor callback
 * executor}, and {@code cancel} on it withdraws the request. Arguments that cannot be sent throw at once, everything else is in the future.
 * Keys are strings or {@link Key}s; values are whatever the serdes take, a {@link TypedValue} where the class does not say all.
 */
public final class AsyncMemcachedClient implements AutoCloseable {
    private final Engine engine;
    private final Operations operations;
    private final ClientSettings settings;
    private final CallFutures futures;

    AsyncMemcachedClient(Engine engine, Operations operations, ClientSettings settings) {
        futures = new CallFutures(engine, settings.callbackExecutor());
        this.engine = engine;
        this.operations = operations;
        this.settings = settings;
    }

    /** A builder with these servers, each in a form that {@link ServerAddress#parse} reads. */
    public static ClientBuilder<AsyncMemcachedClient> builder(String... servers) {
        return new ClientBuilder<>(AsyncMemcachedClient::new).servers(servers);
    }

    /** A builder with all settings of another client, for one that differs in some. */
    public static ClientBuilder<AsyncMemcachedClient> builder(ClientSettings settings) {
        return new ClientBuilder<>(AsyncMemcachedClient::new).from(settings);
    }

    /** The value of a key, or null on a miss. */
    public <T> CompletableFuture<@Nullable T> get(CharSequence key, Class<T> type) {
        return get(key, ValueType.of(type));
    }

    /** As {@link #get(CharSequence, Class)}, for a generic type. */
    public <T> CompletableFuture<@Nullable T> get(CharSequence key, ValueType<T> type) {
        return futures.of(operations.get(key, type));
    }

    /** The value of a key, or {@code other} on a miss. */
    public <T> CompletableFuture<T> getOrDefault(CharSequence key, Class<T> type, T other) {
        return futures.of(operations.get(key, ValueType.of(type)), value -> value == null ? other : value);
    }

    /** The value with its cas unique, or null on a miss. */
    public <T> CompletableFuture<@Nullable CasValue<T>> gets(CharSequence key, Class<T> type) {
        return gets(key, ValueType.of(type));
    }

    /** As {@link #gets(CharSequence, Class)}, for a generic type. */
    public <T> CompletableFuture<@Nullable CasValue<T>> gets(CharSequence key, ValueType<T> type) {
        return futures.of(operations.gets(key, type));
    }

    /** The value with all that the server tells of the item, or null on a miss. */
    public <T> CompletableFuture<@Nullable Item<T>> item(CharSequence key, Class<T> type) {
        return item(key, ValueType.of(type));
    }

    /** As {@link #item(CharSequence, Class)}, for a generic type. */
    public <T> CompletableFuture<@Nullable Item<T>> item(CharSequence key, ValueType<T> type) {
        return futures.of(operations.item(key, type));
    }

    /** The value of a key, which gets a new expiry; null on a miss. */
    public <T> CompletableFuture<@Nullable T> getAndTouch(CharSequence key, Class<T> type, Duration ttl) {
        return getAndTouch(key, ValueType.of(type), Expiry.after(ttl));
    }

    /** As {@link #getAndTouch(CharSequence, Class, Duration)}, for a generic type and any expiry. */
    public <T> CompletableFuture<@Nullable T> getAndTouch(CharSequence key, ValueType<T> type, Expiry expiry) {
        return futures.of(operations.getAndTouch(key, type, expiry));
    }

    /** The keys that were there, with their values.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public <K extends CharSequence, T> CompletableFuture<Map<K, T>> getAll(Collection<K> keys, Class<T> type) {
        return getAll(keys, ValueType.of(type));
    }

    /** As {@link #getAll(Collection, Class)}, for a generic type. */
    public <K extends CharSequence, T> CompletableFuture<Map<K, T>> getAll(Collection<K> keys, ValueType<T> type) {
        return futures.of(() -> MultiOperation.get(engine, keys, key -> operations.get(key, type)), Results::hits);
    }

    /** Each key as hit, missing or failed. */
    public <K extends CharSequence, T> CompletableFuture<MultiResults.Got<K, T>> getAllResults(
            Collection<K> keys, ValueType<T> type) {
        return getAllResults(keys, key -> key, type);
    }

    /** As {@link #getAllResults(Collection, ValueType)}, for keys of any kind with a function that names them. */
    public <K, T> CompletableFuture<MultiResults.Got<K, T>> getAllResults(
            Collection<K> keys, Function<? super K, ? extends CharSequence> name, ValueType<T> type) {
        return futures.of(() -> MultiOperation.get(engine, keys, key -> operations.get(name.apply(key), type)));
    }

    /** The keys that were there, with their values and cas uniques. */
    public <K extends CharSequence, T> CompletableFuture<Map<K, CasValue<T>>> getsAll(
            Collection<K> keys, ValueType<T> type) {
        return futures.of(() -> MultiOperation.get(engine, keys, key -> operations.gets(key, type)), Results::hits);
    }

    /** Stores a value, with the default expiry. */
    public CompletableFuture<@Nullable Void> set(CharSequence key, Object value) {
        return futures.of(operations.set(key, value, null));
    }

    /** Stores a value. */
    public CompletableFuture<@Nullable Void> set(CharSequence key, Object value, Duration ttl) {
        return set(key, value, Expiry.after(ttl));
    }

    /** Stores a value. */
    public CompletableFuture<@Nullable Void> set(CharSequence key, Object value, Expiry expiry) {
        return futures.of(operations.set(key, value, expiry));
    }

    /** Stores a value if the key is absent; whether it was stored, with the default expiry. */
    public CompletableFuture<Boolean> add(CharSequence key, Object value) {
        return futures.of(operations.add(key, value, null));
    }

    /** Stores a value if the key is absent; whether it was stored. */
    public CompletableFuture<Boolean> add(CharSequence key, Object value, Duration ttl) {
        return add(key, value, Expiry.after(ttl));
    }

    /** Stores a value if the key is absent; whether it was stored. */
    public CompletableFuture<Boolean> add(CharSequence key, Object value, Expiry expiry) {
        return futures.of(operations.add(key, value, expiry));
    }

    /** Stores a value if the key is present; whether it was stored, with the default expiry. */
    public CompletableFuture<Boolean> replace(CharSequence key, Object value) {
        return futures.of(operations.replace(key, value, null));
    }

    /** Stores a value if the key is present; whether it was stored. */
    public CompletableFuture<Boolean> replace(CharSequence key, Object value, Duration ttl) {
        return replace(key, value, Expiry.after(ttl));
    }

    /** Stores a value if the key is present; whether it was stored. */
    public CompletableFuture<Boolean> replace(CharSequence key, Object value, Expiry expiry) {
        return futures.of(operations.replace(key, value, expiry));
    }

    /** Puts a text or bytes behind a stored value, raw; whether the key was there. */
    public CompletableFuture<Boolean> append(CharSequence key, Object value) {
        return futures.of(operations.append(key, value));
    }

    /** Puts a text or bytes before a stored value, raw; whether the key was there. */
    public CompletableFuture<Boolean> prepend(CharSequence key, Object value) {
        return futures.of(operations.prepend(key, value));
    }

    /** Stores a value if the item still has this cas unique, with the default expiry. */
    public CompletableFuture<CasResult> cas(CharSequence key, Object value, long cas) {
        return futures.of(operations.cas(key, value, cas, null));
    }

    /** Stores a value if the item still has this cas unique. */
    public CompletableFuture<CasResult> cas(CharSequence key, Object value, long cas, Duration ttl) {
        return cas(key, value, cas, Expiry.after(ttl));
    }

    /** Stores a value if the item still has this cas unique. */
    public CompletableFuture<CasResult> cas(CharSequence key, Object value, long cas, Expiry expiry) {
        return futures.of(operations.cas(key, value, cas, expiry));
    }

    /**
     * Replaces a value by what {@code change} makes of it, as often as it takes until nobody wrote in between; ends with what was stored,
     * or null, or with {@link UpdateConflictException} after {@link ClientBuilder#updateAttempts} conflicts in a row.
     *
     * @param change gets the present value, null when absent; called again after a conflict; null stores nothing
     */
    public <T> CompletableFuture<@Nullable T> update(
            CharSequence key, ValueType<T> type, Expiry expiry, Function<@Nullable T, @Nullable T> change) {
        Update<T> update = new Update<>(operations, key, type, expiry);
        return UpdateFuture.start(futures, update, change);
    }

    /**
     * Stores many values, with the default expiry; the keys that were not stored, or may not have been.
     *
     * @throws SerdeException when a value cannot be encoded; those that can are stored
     */
    public <K extends CharSequence> CompletableFuture<Set<K>> setAll(Map<K, ?> values) {
        return setAll(values, (Expiry) null);
    }

    /**
     * Stores many values; the keys that were not stored, or may not have been.
     *
     * @throws SerdeException when a value cannot be encoded; those that can are stored
     */
    public <K extends CharSequence> CompletableFuture<Set<K>> setAll(Map<K, ?> values, Duration ttl) {
        return setAll(values, Expiry.after(ttl));
    }

    /** Each key as stored or failed; null for the default expiry. */
    public <K extends CharSequence> CompletableFuture<MultiResults.Stored<K>> setAllResults(
            Map<K, ?> values, @Nullable Expiry expiry) {
        return futures.of(() -> MultiOperation.set(
                engine, values, (key, value) -> operations.telling().set(key, value, expiry)));
    }

    /** Deletes a key; whether it was there. */
    public CompletableFuture<Boolean> delete(CharSequence key) {
        return futures.of(operations.delete(key));
    }

    /** Deletes many keys; those that were there.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public <K extends CharSequence> CompletableFuture<Set<K>> deleteAll(Collection<K> keys) {
        return futures.of(
                () -> MultiOperation.delete(engine, keys, operations.telling()::delete),
                results -> Results.deleted(results, operations::ignores));
    }

    /** Each key as deleted, missing or failed. */
    public <K extends CharSequence> CompletableFuture<MultiResults.Deleted<K>> deleteAllResults(Collection<K> keys) {
        return futures.of(() -> MultiOperation.delete(engine, keys, operations.telling()::delete));
    }

    /** Marks an item stale for a time instead of deleting it (meta protocol only); whether it was there. */
    public CompletableFuture<Boolean> markStale(CharSequence key, Duration ttl) {
        return futures.of(operations.markStale(key, Expiry.after(ttl)));
    }

    /** Adds to a counter; its new value, to be read as unsigned, or null when it is absent. */
    public CompletableFuture<@Nullable Long> increment(CharSequence key) {
        return increment(key, 1);
    }

    /** As {@link #increment(CharSequence)}, by 0 or more; wraps at 2^64. */
    public CompletableFuture<@Nullable Long> increment(CharSequence key, long by) {
        return futures.of(operations.increment(key, by, null, null));
    }

    /** As {@link #increment(CharSequence, long)}; an absent counter is created with {@code initial} (meta or binary protocol only). */
    public CompletableFuture<@Nullable Long> increment(
            CharSequence key, long by, long initial, @Nullable Duration ttl) {
        return futures.of(operations.increment(key, by, initial, expiry(ttl)));
    }

    /** Subtracts from a counter; its new value, to be read as unsigned, or null when it is absent. */
    public CompletableFuture<@Nullable Long> decrement(CharSequence key) {
        return decrement(key, 1);
    }

    /** As {@link #decrement(CharSequence)}, by 0 or more; stops at 0. */
    public CompletableFuture<@Nullable Long> decrement(CharSequence key, long by) {
        return futures.of(operations.decrement(key, by, null, null));
    }

    /** As {@link #decrement(CharSequence, long)}; an absent counter is created with {@code initial} (meta or binary protocol only). */
    public CompletableFuture<@Nullable Long> decrement(
            CharSequence key, long by, long initial, @Nullable Duration ttl) {
        return futures.of(operations.decrement(key, by, initial, expiry(ttl)));
    }

    /** Gives an item a new expiry; whether it was there. */
    public CompletableFuture<Boolean> touch(CharSequence key, Duration ttl) {
        return touch(key, Expiry.after(ttl));
    }

    /** Gives an item a new expiry; whether it was there. */
    public CompletableFuture<Boolean> touch(CharSequence key, Expiry expiry) {
        return futures.of(operations.touch(key, expiry));
    }

    /**
     * Connects to every server; ends when each has answered or failed, or {@code connectTimeout} and {@code requestTimeout} are over, with the
     * servers that answered: for the start of a program, whose first call would otherwise spend its time on that.
     */
    public CompletableFuture<Set<ServerAddress>> connect() {
        engine.connectAll();
        Operations patient = new Operations(operations.scope().withMoreTime(settings.connectTimeout()));
        return futures.of(() -> MultiOperation.onEachServer(engine, patient.noop()), Results::answered);
    }

    /** Asks each server for a sign of life, for health checks: those that answered, and why the others did not. */
    public CompletableFuture<MultiResults.PerServer<Boolean>> ping() {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.noop()), Results::whole);
    }

    /** Writes that could not be sent and were ignored, in all faces and views, since the client was made. */
    public long ignoredWrites() {
        return operations.scope().ignoredWrites().sum();
    }

    /** General statistics of every server. */
    public CompletableFuture<Map<ServerAddress, Map<String, String>>> stats() {
        return stats("");
    }

    /** Statistics of one kind: items, slabs, settings, sizes, conns and others. */
    public CompletableFuture<Map<ServerAddress, Map<String, String>>> stats(String argument) {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.stats(argument)), Results::answers);
    }

    /** The version of every server. */
    public CompletableFuture<Map<ServerAddress, String>> version() {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.version()), Results::answers);
    }

    /** Invalidates all items of every server. */
    public CompletableFuture<@Nullable Void> flushAll() {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.flushAll(null)), Results::done);
    }

    /** Invalidates all items of every server when a time, in whole seconds, has passed. */
    public CompletableFuture<@Nullable Void> flushAll(Duration delay) {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.flushAll(delay)), Results::done);
    }

    /** Sets the verbosity of every server's log, 0 or more. */
    public CompletableFuture<@Nullable Void> verbosity(int level) {
        return futures.of(() -> MultiOperation.onEachServer(engine, operations.verbosity(level)), Results::done);
    }

    /** A view whose keys all get a prefix, behind that of this view; on the same connections. */
    public AsyncMemcachedClient namespace(String prefix) {
        return view(operations.scope().within(prefix));
    }

    /** A view whose calls have another total time; on the same connections. */
    public AsyncMemcachedClient withRequestTimeout(Duration timeout) {
        return view(operations.scope().withTimeout(timeout));
    }

    /** A view with another choice of what a value that cannot be decoded is; on the same connections. */
    public AsyncMemcachedClient withUndecodable(Undecodable mode) {
        return view(EngineSettings.undecodable(operations.scope(), mode));
    }

    /** A view whose writes that cannot be sent are treated so; on the same connections. */
    public AsyncMemcachedClient withWriteFailures(WriteFailures how) {
        return view(operations.scope().withWriteFailures(how));
    }

    /** A view of whose calls one more listener is told, behind those that this view tells; on the same connections. */
    public AsyncMemcachedClient withListener(ClientListener listener) {
        Engine observed = ObservedEngine.of(
                engine,
                Objects.requireNonNull(listener, "listener"),
                operations.scope().wallClock());
        return new AsyncMemcachedClient(observed, operations, settings);
    }

    private AsyncMemcachedClient view(Scope scope) {
        return new AsyncMemcachedClient(engine, new Operations(scope), settings);
    }

    /** A view whose writes are sent without waiting for an answer; on the same connections. */
    public FireAndForgetClient fireAndForget() {
        return new FireAndForgetClient(engine, operations);
    }

    /** Commands to servers; on the same connections, and some on one of their own. */
    public AsyncAdminClient admin() {
        return new AsyncAdminClient(new AdminCommands(engine, operations), futures);
    }

    /** The meta commands with all their options, for the keys of this view; on the same connections. */
    public AsyncMetaClient meta() {
        return new AsyncMetaClient(new MetaCommands(engine, operations), futures);
    }

    /** The blocking twin, on the same connections. */
    public BlockingMemcachedClient blocking() {
        return new BlockingMemcachedClient(engine, operations, settings);
    }

    /** How the client was set up. */
    public ClientSettings settings() {
        return settings;
    }

    /**
     * Drops all connections; the next call makes new ones. Pending calls that were sent fail. Does not wait: what they held of the
     * limits of requests and bytes is given back by the I/O thread, a moment later; a call before that can fail with
     * {@link OverloadedException}.
     */
    public void disconnectAll() {
        engine.disconnectAll();
    }

    /** Forgets failed attempts to connect, so that the next call tries every server at once. */
    public void forgetDeadServers() {
        engine.cluster().forgetDeadServers();
    }

    /** The servers, how each stands, and ways to change the list. */
    public ClusterView cluster() {
        return engine.cluster();
    }

    /** Closes the client with all its faces and views: pending and new calls fail with {@link ClientClosedException}. Safe to repeat. */
    @Override
    public void close() {
        engine.close();
    }

    /**
     * Closes the client gracefully: new calls fail with {@link ClientClosedException}, those that were accepted end, fire-and-forget requests are
     * written, then it closes as {@link #close()} does. Streams are not waited for. The future says whether all was done.
     *
     * @param grace what is not done after this time is cut off
     */
    public CompletableFuture<Boolean> close(Duration grace) {
        Scope.checkTime("the grace of close", grace);
        return futures.of(() -> engine.drain(grace), done -> {
            engine.close();
            return done;
        });
    }

    /** The face and its servers. */
    @Override
    public String toString() {
        return Results.face("AsyncMemcachedClient", engine.cluster().servers());
    }

    private <K extends CharSequence> CompletableFuture<Set<K>> setAll(Map<K, ?> values, @Nullable Expiry expiry) {
        return futures.of(
                () -> MultiOperation.set(
                        engine, values, (key, value) -> operations.telling().set(key, value, expiry)),
                Results::notStored);
    }

    private static @Nullable Expiry expiry(@Nullable Duration ttl) {
        return ttl == null ? null : Expiry.after(ttl);
    }
}
