package io.cachewire

import io.cachewire.admin.AdminClient
import io.cachewire.internal.admin.AdminCommands
import io.cachewire.internal.call.Resumptions
import io.cachewire.internal.observe.ObservedEngine
import io.cachewire.internal.operation.Engine
import io.cachewire.internal.operation.MetaCommands
import io.cachewire.internal.operation.MultiOperation
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.operation.Operations
import io.cachewire.internal.operation.Results
import io.cachewire.internal.operation.Scope
import io.cachewire.internal.operation.Update
import io.cachewire.meta.MetaClient
import io.cachewire.observe.ClientListener
import kotlinx.coroutines.delay
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/**
 * The client for coroutines: each call suspends until its answer is here, and may be cancelled at any moment without harm to any other call.
 * Safe for any number of coroutines and threads.
 *
 * Keys are strings or [Key]s. The functions with a reified type, which most callers want, are extensions of this class; the members take the
 * type as a [ValueType] or [TypedValue]. Calls fail with a [MemcachedException]; a miss is null, never an exception.
 */
public class MemcachedClient internal constructor(
    private val engine: Engine,
    private val operations: Operations,
    private val settings: ClientSettings,
) : AutoCloseable {
    private val resumptions = Resumptions(engine.wakeups())

    /** The value of a key, or null on a miss. */
    public suspend fun <T : Any> get(key: CharSequence, type: ValueType<T>): T? = await(operations.get(key, type))

    /** The value with its cas unique, or null on a miss. */
    public suspend fun <T : Any> gets(key: CharSequence, type: ValueType<T>): CasValue<T>? =
        await(operations.gets(key, type))

    /** The value with all that the server tells of the item, or null on a miss. */
    public suspend fun <T : Any> item(key: CharSequence, type: ValueType<T>): Item<T>? =
        await(operations.item(key, type))

    /** The value of a key, which gets a new expiry; null on a miss. */
    public suspend fun <T : Any> getAndTouch(key: CharSequence, type: ValueType<T>, expiry: Expiry): T? =
        await(operations.getAndTouch(key, type, expiry))

    /**
     * The keys that were there, with their values.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public suspend fun <K : CharSequence, T : Any> getAll(keys: Collection<K>, type: ValueType<T>): Map<K, T> =
        Results.hits(getAllResults(keys, type))

    /** Each key as hit, missing or failed. */
    public suspend fun <K : CharSequence, T : Any> getAllResults(
        keys: Collection<K>,
        type: ValueType<T>,
    ): MultiResults.Got<K, T> = getAllResults(keys, type) { it }

    /** As the other one, for keys of any kind with a function that names them. */
    public suspend fun <K : Any, T : Any> getAllResults(
        keys: Collection<K>,
        type: ValueType<T>,
        name: (K) -> CharSequence,
    ): MultiResults.Got<K, T> = resumptions.await {
        MultiOperation.get(engine, keys) { operations.get(name(it), type) }
    }

    /** The keys that were there, with their values and cas uniques. */
    public suspend fun <K : CharSequence, T : Any> getsAll(
        keys: Collection<K>,
        type: ValueType<T>,
    ): Map<K, CasValue<T>> = Results.hits(
        resumptions.await {
            MultiOperation.get(engine, keys) { operations.gets(it, type) }
        },
    )

    /** Stores a value; null for the default expiry. */
    public suspend fun set(key: CharSequence, value: TypedValue<*>, expiry: Expiry?) {
        await(operations.set(key, value, expiry))
    }

    /** Stores a value if the key is absent; whether it was stored. */
    public suspend fun add(key: CharSequence, value: TypedValue<*>, expiry: Expiry?): Boolean =
        await(operations.add(key, value, expiry))

    /** Stores a value if the key is present; whether it was stored. */
    public suspend fun replace(key: CharSequence, value: TypedValue<*>, expiry: Expiry?): Boolean =
        await(operations.replace(key, value, expiry))

    /** Puts a text or bytes behind a stored value, raw; whether the key was there. */
    public suspend fun append(key: CharSequence, value: Any): Boolean = await(operations.append(key, value))

    /** Puts a text or bytes before a stored value, raw; whether the key was there. */
    public suspend fun prepend(key: CharSequence, value: Any): Boolean = await(operations.prepend(key, value))

    /** Stores a value if the item still has this cas unique. */
    public suspend fun cas(key: CharSequence, value: TypedValue<*>, cas: Long, expiry: Expiry?): CasResult =
        await(operations.cas(key, value, cas, expiry))

    /**
     * Replaces a value by what [change] makes of it, as often as it takes until nobody wrote in between.
     *
     * @param change gets the present value, null when absent; called again after a conflict; null stores nothing
     * @return what was stored, or null
     * @throws UpdateConflictException after [ClientBuilder.updateAttempts] conflicts in a row
     */
    public suspend fun <T : Any> update(
        key: CharSequence,
        type: ValueType<T>,
        expiry: Expiry?,
        change: suspend (T?) -> T?,
    ): T? {
        val update = Update(operations, key, type, expiry)
        while (true) {
            try {
                val held = await(update.read())
                val next = change(held?.value()) ?: return null
                if (await(update.write(held, next))) return next
            } catch (e: MemcachedException) {
                if (update.ignores(e)) return null
                throw e
            }
            delay(update.conflict().toKotlinDuration())
        }
    }

    /**
     * Stores many values; the keys that were not stored, or may not have been.
     *
     * @throws SerdeException when a value cannot be encoded; those that can are stored
     */
    public suspend fun <K : CharSequence> setAll(values: Map<K, TypedValue<*>>, expiry: Expiry?): Set<K> =
        Results.notStored(setAllResults(values, expiry))

    /** Each key as stored or failed. */
    public suspend fun <K : CharSequence> setAllResults(
        values: Map<K, TypedValue<*>>,
        expiry: Expiry?,
    ): MultiResults.Stored<K> = resumptions.await {
        MultiOperation.set(engine, values) { key, value -> operations.telling().set(key, value, expiry) }
    }

    /** Deletes a key; whether it was there. */
    public suspend fun delete(key: CharSequence): Boolean = await(operations.delete(key))

    /**
     * Deletes many keys; those that were there.
     *
     * @throws PartialResultException when a server could not be asked; it has what the others said
     */
    public suspend fun <K : CharSequence> deleteAll(keys: Collection<K>): Set<K> =
        Results.deleted(deleteAllResults(keys)) { operations.ignores(it) }

    /** Each key as deleted, missing or failed. */
    public suspend fun <K : CharSequence> deleteAllResults(keys: Collection<K>): MultiResults.Deleted<K> =
        resumptions.await { MultiOperation.delete(engine, keys) { operations.telling().delete(it) } }

    /** Marks an item stale for a time instead of deleting it (meta protocol only); whether it was there. */
    public suspend fun markStale(key: CharSequence, ttl: Duration): Boolean =
        await(operations.markStale(key, ttl.toExpiry()))

    /**
     * Adds to a counter.
     *
     * @param by 0 or more; the sum wraps at 2^64
     * @param initial what an absent counter is created with (meta or binary protocol only), or null to leave it absent
     * @param ttl of a counter that is created; null for the default
     * @return the new value, to be read as unsigned, or null when the counter is absent
     */
    public suspend fun increment(
        key: CharSequence,
        by: Long = 1,
        initial: Long? = null,
        ttl: Duration? = null,
    ): Long? = await(operations.increment(key, by, initial, ttl?.toExpiry()))

    /** Subtracts from a counter, down to 0; otherwise as [increment]. */
    public suspend fun decrement(
        key: CharSequence,
        by: Long = 1,
        initial: Long? = null,
        ttl: Duration? = null,
    ): Long? = await(operations.decrement(key, by, initial, ttl?.toExpiry()))

    /** Gives an item a new expiry; whether it was there. */
    public suspend fun touch(key: CharSequence, expiry: Expiry): Boolean = await(operations.touch(key, expiry))

    /** Gives an item a new time to live; whether it was there. */
    public suspend fun touch(key: CharSequence, ttl: Duration): Boolean = touch(key, ttl.toExpiry())

    /**
     * Connects to every server and waits until each has answered or failed, or `connectTimeout` and `requestTimeout` are over: for the start
     * of a program, whose first call would otherwise spend its time on that.
     *
     * @return the servers that answered
     */
    public suspend fun connect(): Set<ServerAddress> {
        engine.connectAll()
        val patient = Operations(operations.scope().withMoreTime(settings.connectTimeout()))
        return Results.answered(resumptions.await { MultiOperation.onEachServer(engine, patient.noop()) })
    }

    /** Asks each server for a sign of life, for health checks: those that answered, and why the others did not. */
    public suspend fun ping(): MultiResults.PerServer<Boolean> =
        Results.whole(resumptions.await { MultiOperation.onEachServer(engine, operations.noop()) })

    /** Writes that could not be sent and were ignored, in all faces and views, since the client was made. */
    public fun ignoredWrites(): Long = operations.scope().ignoredWrites().sum()

    /** Statistics of every server: general ones, or of one kind (items, slabs, settings, sizes, conns and others). */
    public suspend fun stats(argument: String = ""): Map<ServerAddress, Map<String, String>> =
        onEachServer(operations.stats(argument))

    /** The version of every server. */
    public suspend fun version(): Map<ServerAddress, String> = onEachServer(operations.version())

    /** Invalidates all items of every server, at once or when a time, in whole seconds, has passed. */
    public suspend fun flushAll(delay: Duration? = null) {
        onEachServer(operations.flushAll(delay?.toJavaDuration()))
    }

    /** Sets the verbosity of every server's log, 0 or more. */
    public suspend fun verbosity(level: Int) {
        onEachServer(operations.verbosity(level))
    }

    /** A view whose keys all get a prefix, behind that of this view; on the same connections. */
    public fun namespace(prefix: String): MemcachedClient = view(operations.scope().within(prefix))

    /** A view whose calls have another total time; on the same connections. */
    public fun withRequestTimeout(timeout: Duration): MemcachedClient =
        view(operations.scope().withTimeout(timeout.toJavaDuration()))

    /** A view with another choice of what a value that cannot be decoded is; on the same connections. */
    public fun withUndecodable(mode: Undecodable): MemcachedClient =
        view(EngineSettings.undecodable(operations.scope(), mode))

    /** A view whose writes that cannot be sent are treated so; on the same connections. */
    public fun withWriteFailures(how: WriteFailures): MemcachedClient = view(operations.scope().withWriteFailures(how))

    /** A view of whose calls one more listener is told, behind those that this view tells; on the same connections. */
    public fun withListener(listener: ClientListener): MemcachedClient = MemcachedClient(
        ObservedEngine.of(engine, listener, operations.scope().wallClock()),
        operations,
        settings,
    )

    private fun view(scope: Scope) = MemcachedClient(engine, Operations(scope), settings)

    /** A view whose writes are sent without waiting for an answer; on the same connections. */
    public fun fireAndForget(): FireAndForgetClient = FireAndForgetClient(engine, operations)

    /** Commands to servers; on the same connections, and some on one of their own. */
    public fun admin(): AdminClient = AdminClient(AdminCommands(engine, operations), resumptions)

    /** The meta commands with all their options, for the keys of this view; on the same connections. */
    public fun meta(): MetaClient = MetaClient(MetaCommands(engine, operations), resumptions)

    /** The blocking twin, on the same connections. */
    public fun blocking(): BlockingMemcachedClient = BlockingMemcachedClient(engine, operations, settings)

    /** The twin of futures, on the same connections. */
    public fun async(): AsyncMemcachedClient = AsyncMemcachedClient(engine, operations, settings)

    /** A new client with connections of its own, set up as this one but for what [configure] changes. */
    public fun copy(configure: MemcachedClientConfig.() -> Unit = {}): MemcachedClient =
        build(configure) { from(settings) }

    /** How the client was set up. */
    public fun settings(): ClientSettings = settings

    /**
     * Drops all connections; the next call makes new ones. Pending calls that were sent fail. Does not wait: what they held of the
     * limits of requests and bytes is given back by the I/O thread, a moment later; a call before that can fail with
     * [OverloadedException].
     */
    public fun disconnectAll(): Unit = engine.disconnectAll()

    /** Forgets failed attempts to connect, so that the next call tries every server at once. */
    public fun forgetDeadServers(): Unit = engine.cluster().forgetDeadServers()

    /** The servers, how each stands, and ways to change the list. */
    public fun cluster(): ClusterView = engine.cluster()

    /**
     * Closes the client with all its faces and views: pending and new calls fail with [ClientClosedException]. Does not suspend; safe to
     * repeat.
     */
    override fun close(): Unit = engine.close()

    /**
     * Closes the client gracefully: new calls fail with [ClientClosedException], those that were accepted end, fire-and-forget requests are
     * written, then it closes as `close()` does. Streams are not waited for.
     *
     * @param grace what is not done after this time is cut off
     * @return whether all was done
     */
    public suspend fun close(grace: Duration): Boolean {
        Scope.checkTime("the grace of close", grace.toJavaDuration())
        try {
            return resumptions.await { engine.drain(grace.toJavaDuration()) }
        } finally {
            engine.close()
        }
    }

    /** The face and its servers. */
    override fun toString(): String = Results.face("MemcachedClient", engine.cluster().servers())

    private suspend fun <V : Any> onEachServer(operation: Operation<V>): Map<ServerAddress, V> =
        Results.answers(resumptions.await { MultiOperation.onEachServer(engine, operation) })

    private suspend fun <R> await(operation: Operation<R>): R = resumptions.await { engine.submit(operation) }

    private fun Duration.toExpiry() = Expiry.after(toJavaDuration())
}
