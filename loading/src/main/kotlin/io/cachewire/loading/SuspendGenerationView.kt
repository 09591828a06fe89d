package io.cachewire.loading

import io.cachewire.MemcachedClient
import io.cachewire.ValueType
import io.cachewire.valueType
import kotlinx.coroutines.future.await
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/**
 * The items of a client whose keys begin with a prefix, which can be forgotten together by one write, without loaders: as [GenerationView], for
 * coroutines.
 */
public class SuspendGenerationView internal constructor(
    private val client: MemcachedClient,
    private val async: AsyncGenerationView,
) {
    /** The value; null for a miss. */
    public suspend inline fun <reified T : Any> get(name: String): T? = get(name, valueType<T>())

    /** The same for a type that is given as an object. */
    public suspend fun <T : Any> get(name: String, type: ValueType<T>): T? = async.get(name, type).await()

    /** The values of all names that have one. */
    public suspend inline fun <reified T : Any> getAll(names: Collection<String>): Map<String, T> =
        getAll(names, valueType<T>())

    /** The same for a type that is given as an object. */
    public suspend fun <T : Any> getAll(names: Collection<String>, type: ValueType<T>): Map<String, T> =
        async.getAll(names, type).await()

    /** Stores a value. */
    public suspend inline fun <reified T : Any> set(name: String, value: T, ttl: Duration): Unit =
        set(name, value, valueType<T>(), ttl)

    /** The same for a type that is given as an object. */
    public suspend fun <T : Any> set(name: String, value: T, type: ValueType<T>, ttl: Duration) {
        async.set(name, type.value(value), ttl.toJavaDuration()).await()
    }

    /** Stores a value if there is none; whether it was stored. */
    public suspend inline fun <reified T : Any> putIfAbsent(name: String, value: T, ttl: Duration): Boolean =
        putIfAbsent(name, value, valueType<T>(), ttl)

    /** The same for a type that is given as an object. */
    public suspend fun <T : Any> putIfAbsent(name: String, value: T, type: ValueType<T>, ttl: Duration): Boolean =
        async.putIfAbsent(name, type.value(value), ttl.toJavaDuration()).await()

    /** Deletes an item; whether there was one. */
    public suspend fun delete(name: String): Boolean = async.delete(name).await()

    /** Forgets all items: see [GenerationView.invalidateAll]. */
    public suspend fun invalidateAll() {
        async.invalidateAll().await()
    }

    /** A client for all other commands: see [GenerationView.current]. */
    public suspend fun current(): MemcachedClient = client.namespace(async.currentPrefix().await())

    /** The same view for threads. */
    public fun blocking(): GenerationView = async.blocking()

    /** The same view for futures. */
    public fun async(): AsyncGenerationView = async
}

/**
 * The items whose keys begin with a prefix, which can be forgotten together. Keep the view: each has its own checks.
 *
 * @param check for so long this process may see items after another one has forgotten them
 */
public fun MemcachedClient.generation(prefix: String, check: Duration = 1.seconds): SuspendGenerationView =
    SuspendGenerationView(this, AsyncGenerationView(async(), prefix, check.toJavaDuration()))
