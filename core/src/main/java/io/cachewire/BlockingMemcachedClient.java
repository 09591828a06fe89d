package io.cachewire;

import io.cachewire.admin.BlockingAdminClient;
import io.cachewire.internal.admin.AdminCommands;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.observe.ObservedEngine;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.MetaCommands;
import io.cachewire.internal.operation.MultiOperation;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.Operations;
import io.cachewire.internal.operation.Results;
import io.cachewire.internal.operation.Scope;
import io.cachewire.internal.operation.Update;
import io.cachewire.internal.operation.Waiting;
import io.cachewire.meta.BlockingMetaClient;
import io.cachewire.observe.ClientListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client for threads: each call waits for its answer, and may be interrupted ({@link CallInterruptedException}). Safe for any number
 * of platform or virtual threads. Keys are strings or {@link Key}s; values are whatever the serdes take, a {@link TypedValue} where the
 * class does not say all. Calls fail with a {@link MemcachedException}; a miss is not a failure.
 */
public final class BlockingMemcachedClient implements AutoCloseable {
    private final Engine engine;
    private final Operations operations;
    private final ClientSettings settings;

    BlockingMemcachedClient(Engine engine, Operations operations, ClientSettings settings) {
        this.engine = engine;
        this.operations = operations;
        this.settings = settings;
    }

    /** A builder with these servers, each in a form that {@link ServerAddress#parse} reads. */
    public static ClientBuilder<BlockingMemcachedClient> builder(String... servers) {
        return new ClientBuilder<>(BlockingMemcachedClient::new).servers(servers);
    }

    /** A builder with all settings of another client, for one that differs in some. */
    public static ClientBuilder<BlockingMemcachedClient> builder(ClientSettings settings) {
        return new ClientBuilder<>(BlockingMemcachedClient::new).from(settings);
    }

    /** The value of a key, or null on a miss. */
    public <T> @Nullable T get(CharSequence key, Class<T> type) {
        return get(key, ValueType.of(type));
    }

    /** As {@link #get(CharSequence, Class)}, for a generic type. */
    public <T> @Nullable T get(CharSequence key, ValueType<T> type) {
        return await(operations.get(key, type));
    }

    /** The value of a key, or {@code other} on a miss. */
    public <T> T getOrDefault(CharSequence key, Class<T> type, T other) {
        T value = get(key, type);
        return value == null ? other : value;
    }

    /** The value with its cas unique, or null on a miss. */
    public <T> @Nullable CasValue<T> gets(CharSequence key, Class<T> type) {
        return gets(key, ValueType.of(type));
    }

    /** As {@link #gets(CharSequence, Class)}, for a generic type. */
    public <T> @Nullable CasValue<T> gets(CharSequence key, ValueType<T> type) {
        return await(operations.gets(key, type));
    }

    /** The value with all that the server tells of the item, or null on a miss. */
    public <T> @Nullable Item<T> item(CharSequence key, Class<T> type) {
        return item(key, ValueType.of(type));
    }

    /** As {@link #item(CharSequence, Class)}, for a generic type. */
    public <T> @Nullable Item<T> item(CharSequence key, ValueType<T> type) {
        return await(operations.item(key, type));
    }

    /** The value of a key, which gets a new expiry; null on a miss. */
    public <T> @Nullable T getAndTouch(CharSequence key, Class<T> type, Duration ttl) {
        return getAndTouch(key, ValueType.of(type), Expiry.after(ttl));
    }

    /** As {@link #getAndTouch(CharSequence, Class, Duration)}, for a generic type and any expiry. */
    public <T> @Nullable T getAndTouch(CharSequence key, ValueType<T> type, Expiry expiry) {
        return await(operations.getAndTouch(key, type, expiry));
    }

    /** The keys that were there, with their values.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public <K extends CharSequence, T> Map<K, T> getAll(Collection<K> keys, Class<T> type) {
        return getAll(keys, ValueType.of(type));
    }

    /** As {@link #getAll(Collection, Class)}, for a generic type. */
    public <K extends CharSequence, T> Map<K, T> getAll(Collection<K> keys, ValueType<T> type) {
        return Results.hits(getAllResults(keys, type));
    }

    /** Each key as hit, missing or failed. */
    public <K extends CharSequence, T> MultiResults.Got<K, T> getAllResults(Collection<K> keys, ValueType<T> type) {
        return getAllResults(keys, key -> key, type);
    }

    /** As {@link #getAllResults(Collection, ValueType)}, for keys of any kind with a function that names them. */
    public <K, T> MultiResults.Got<K, T> getAllResults(
            Collection<K> keys, Function<? super K, ? extends CharSequence> name, ValueType<T> type) {
        return await(() -> MultiOperation.get(engine, keys, key -> operations.get(name.apply(key), type)));
    }

    /** The keys that were there, with their values and cas uniques. */
    public <K extends CharSequence, T> Map<K, CasValue<T>> getsAll(Collection<K> keys, ValueType<T> type) {
        return Results.hits(await(() -> MultiOperation.get(engine, keys, key -> operations.gets(key, type))));
    }

    /** Stores a value, with the default expiry. */
    public void set(CharSequence key, Object value) {
        await(operations.set(key, value, null));
    }

    /** Stores a value. */
    public void set(CharSequence key, Object value, Duration ttl) {
        set(key, value, Expiry.after(ttl));
    }

    /** Stores a value. */
    public void set(CharSequence key, Object value, Expiry expiry) {
        await(operations.set(key, value, expiry));
    }

    /** Stores a value if the key is absent; whether it was stored, with the default expiry. */
    public boolean add(CharSequence key, Object value) {
        return await(operations.add(key, value, null));
    }

    /** Stores a value if the key is absent; whether it was stored. */
    public boolean add(CharSequence key, Object value, Duration ttl) {
        return add(key, value, Expiry.after(ttl));
    }

    /** Stores a value if the key is absent; whether it was stored. */
    public boolean add(CharSequence key, Object value, Expiry expiry) {
        return await(operations.add(key, value, expiry));
    }

    /** Stores a value if the key is present; whether it was stored, with the default expiry. */
    public boolean replace(CharSequence key, Object value) {
        return await(operations.replace(key, value, null));
    }

    /** Stores a value if the key is present; whether it was stored. */
    public boolean replace(CharSequence key, Object value, Duration ttl) {
        return replace(key, value, Expiry.after(ttl));
    }

    /** Stores a value if the key is present; whether it was stored. */
    public boolean replace(CharSequence key, Object value, Expiry expiry) {
        return await(operations.replace(key, value, expiry));
    }

    /** Puts a text or bytes behind a stored value, raw; whether the key was there. */
    public boolean append(CharSequence key, Object value) {
        return await(operations.append(key, value));
    }

    /** Puts a text or bytes before a stored value, raw; whether the key was there. */
    public boolean prepend(CharSequence key, Object value) {
        return await(operations.prepend(key, value));
    }

    /** Stores a value if the item still has this cas unique, with the default expiry. */
    public CasResult cas(CharSequence key, Object value, long cas) {
        return await(operations.cas(key, value, cas, null));
    }

    /** Stores a value if the item still has this cas unique. */
    public CasResult cas(CharSequence key, Object value, long cas, Duration ttl) {
        return cas(key, value, cas, Expiry.after(ttl));
    }

    /** Stores a value if the item still has this cas unique. */
    public CasResult cas(CharSequence key, Object value, long cas, Expiry expiry) {
        return await(operations.cas(key, value, cas, expiry));
    }

    /**
     * Replaces a value by what {@code change} makes of it, as often as it takes until nobody wrote in between.
     *
     * @param change gets the present value, null when absent; called again after a conflict; null stores nothing
     * @return what was stored, or null
     * @throws UpdateConflictException after {@link ClientBuilder#updateAttempts} conflicts in a row
     */
    public <T> @Nullable T update(
            CharSequence key, ValueType<T> type, Expiry expiry, Function<@Nullable T, @Nullable T> change) {
        Update<T> update = new Update<>(operations, key, type, expiry);
        while (true) {
            T next;
            boolean stored;
            try {
                Update.Held<T> held = await(update.read());
                next = change.apply(held == null ? null : held.value());
                stored = next == null || await(update.write(held, next));
            } catch (MemcachedException e) {
                if (update.ignores(e)) {
                    return null;
                }
                throw e;
            }
            if (stored) {
                return next;
            }
            Waiting.pause(update.conflict(), key);
        }
    }

    /**
     * Stores many values, with the default expiry; the keys that were not stored, or may not have been.
     *
     * @throws SerdeException when a value cannot be encoded; those that can are stored
     */
    public <K extends CharSequence> Set<K> setAll(Map<K, ?> values) {
        return Results.notStored(setAllResults(values, null));
    }

    /**
     * Stores many values; the keys that were not stored, or may not have been.
     *
     * @throws SerdeException when a value cannot be encoded; those that can are stored
     */
    public <K extends CharSequence> Set<K> setAll(Map<K, ?> values, Duration ttl) {
        return Results.notStored(setAllResults(values, Expiry.after(ttl)));
    }

    /** Each key as stored or failed; null for the default expiry. */
    public <K extends CharSequence> MultiResults.Stored<K> setAllResults(Map<K, ?> values, @Nullable Expiry expiry) {
        return await(() -> MultiOperation.set(
                engine, values, (key, value) -> operations.telling().set(key, value, expiry)));
    }

    /** Deletes a key; whether it was there. */
    public boolean delete(CharSequence key) {
        return await(operations.delete(key));
    }

    /** Deletes many keys; those that were there.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public <K extends CharSequence> Set<K> deleteAll(Collection<K> keys) {
        return Results.deleted(deleteAllResults(keys), operations::ignores);
    }

    /** Each key as deleted, missing or failed. */
    public <K extends CharSequence> MultiResults.Deleted<K> deleteAllResults(Collection<K> keys) {
        return await(() -> MultiOperation.delete(engine, keys, operations.telling()::delete));
    }

    /** Marks an item stale for a time instead of deleting it (meta protocol only); whether it was there. */
    public boolean markStale(CharSequence key, Duration ttl) {
        return await(operations.markStale(key, Expiry.after(ttl)));
    }

    /** Adds to a counter; its new value, to be read as unsigned, or null when it is absent. */
    public @Nullable Long increment(CharSequence key) {
        return increment(key, 1);
    }

    /** As {@link #increment(CharSequence)}, by 0 or more; wraps at 2^64. */
    public @Nullable Long increment(CharSequence key, long by) {
        return await(operations.increment(key, by, null, null));
    }

    /** As {@link #increment(CharSequence, long)}; an absent counter is created with {@code initial} (meta or binary protocol only). */
    public @Nullable Long increment(CharSequence key, long by, long initial, @Nullable Duration ttl) {
        return await(operations.increment(key, by, initial, expiry(ttl)));
    }

    /** Subtracts from a counter; its new value, to be read as unsigned, or null when it is absent. */
    public @Nullable Long decrement(CharSequence key) {
        return decrement(key, 1);
    }

    /** As {@link #decrement(CharSequence)}, by 0 or more; stops at 0. */
    public @Nullable Long decrement(CharSequence key, long by) {
        return await(operations.decrement(key, by, null, null));
    }

    /** As {@link #decrement(CharSequence, long)}; an absent counter is created with {@code initial} (meta or binary protocol only). */
    public @Nullable Long decrement(CharSequence key, long by, long initial, @Nullable Duration ttl) {
        return await(operations.decrement(key, by, initial, expiry(ttl)));
    }

    /** Gives an item a new expiry; whether it was there. */
    public boolean touch(CharSequence key, Duration ttl) {
        return touch(key, Expiry.after(ttl));
    }

    /** Gives an item a new expiry; whether it was there. */
    public boolean touch(CharSequence key, Expiry expiry) {
        return await(operations.touch(key, expiry));
    }

    /**
     * Connects to every server and waits until each has answered or failed, or {@code connectTimeout} and {@code requestTimeout} are over: for
     * the start of a program, whose first call would otherwise spend its time on that.
     *
     * @return the servers that answered
     */
    public Set<ServerAddress> connect() {
        engine.connectAll();
        Operations patient = new Operations(operations.scope().withMoreTime(settings.connectTimeout()));
        return Results.answered(await(() -> MultiOperation.onEachServer(engine, patient.noop())));
    }

    /** Asks each server for a sign of life, for health checks: those that answered, and why the others did not. */
    public MultiResults.PerServer<Boolean> ping() {
        return Results.whole(await(() -> MultiOperation.onEachServer(engine, operations.noop())));
    }

    /** Writes that could not be sent and were ignored, in all faces and views, since the client was made. */
    public long ignoredWrites() {
        return operations.scope().ignoredWrites().sum();
    }

    /** General statistics of every server. */
    public Map<ServerAddress, Map<String, String>> stats() {
        return stats("");
    }

    /** Statistics of one kind: items, slabs, settings, sizes, conns and others. */
    public Map<ServerAddress, Map<String, String>> stats(String argument) {
        return Results.answers(await(() -> MultiOperation.onEachServer(engine, operations.stats(argument))));
    }

    /** The version of every server. */
    public Map<ServerAddress, String> version() {
        return Results.answers(await(() -> MultiOperation.onEachServer(engine, operations.version())));
    }

    /** Invalidates all items of every server. */
    public void flushAll() {
        Results.answers(await(() -> MultiOperation.onEachServer(engine, operations.flushAll(null))));
    }

    /** Invalidates all items of every server when a time, in whole seconds, has passed. */
    public void flushAll(Duration delay) {
        Results.answers(await(() -> MultiOperation.onEachServer(engine, operations.flushAll(delay))));
    }

    /** Sets the verbosity of every server's log, 0 or more. */
    public void verbosity(int level) {
        Results.answers(await(() -> MultiOperation.onEachServer(engine, operations.verbosity(level))));
    }

    /** A view whose keys all get a prefix, behind that of this view; on the same connections. */
    public BlockingMemcachedClient namespace(String prefix) {
        return view(operations.scope().within(prefix));
    }

    /** A view whose calls have another total time; on the same connections. */
    public BlockingMemcachedClient withRequestTimeout(Duration timeout) {
        return view(operations.scope().withTimeout(timeout));
    }

    /** A view with another choice of what a value that cannot be decoded is; on the same connections. */
    public BlockingMemcachedClient withUndecodable(Undecodable mode) {
        return view(EngineSettings.undecodable(operations.scope(), mode));
    }

    /** A view whose writes that cannot be sent are treated so; on the same connections. */
    public BlockingMemcachedClient withWriteFailures(WriteFailures how) {
        return view(operations.scope().withWriteFailures(how));
    }

    /** A view of whose calls one more listener is told, behind those that this view tells; on the same connections. */
    public BlockingMemcachedClient withListener(ClientListener listener) {
        Engine observed = ObservedEngine.of(
                engine,
                Objects.requireNonNull(listener, "listener"),
                operations.scope().wallClock());
        return new BlockingMemcachedClient(observed, operations, settings);
    }

    private BlockingMemcachedClient view(Scope scope) {
        return new BlockingMemcachedClient(engine, new Operations(scope), settings);
    }

    /** A view whose writes are sent without waiting for an answer; on the same connections. */
    public FireAndForgetClient fireAndForget() {
        return new FireAndForgetClient(engine, operations);
    }

    /** Commands to servers; on the same connections, and some on one of their own. */
    public BlockingAdminClient admin() {
        return new BlockingAdminClient(engine, new AdminCommands(engine, operations));
    }

    /** The meta commands with all their options, for the keys of this view; on the same connections. */
    public BlockingMetaClient meta() {
        return new BlockingMetaClient(engine, new MetaCommands(engine, operations));
    }

    /** The async twin, on the same connections. */
    public AsyncMemcachedClient async() {
        return new AsyncMemcachedClient(engine, operations, settings);
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
     * written, then it closes as {@link #close()} does. Streams are not waited for.
     *
     * @param grace what is not done after this time is cut off
     * @return whether all was done
     */
    public boolean close(Duration grace) {
        Scope.checkTime("the grace of close", grace);
        try {
            return await(() -> engine.drain(grace));
        } finally {
            engine.close();
        }
    }

    /** The face and its servers. */
    @Override
    public String toString() {
        return Results.face("BlockingMemcachedClient", engine.cluster().servers());
    }

    private <R extends @Nullable Object> R await(Operation<R> operation) {
        Waiting.checkMayWait(engine, operation.key());
        return Waiting.await(engine.submit(operation), operation.key());
    }

    /** For calls of several keys or servers. */
    private <R extends @Nullable Object> R await(Supplier<Call<R>> submit) {
        return Waiting.await(engine, submit);
    }

    private static @Nullable Expiry expiry(@Nullable Duration ttl) {
        return ttl == null ? null : Expiry.after(ttl);
    }
}
