package io.cachewire.oracle

import io.cachewire.AsyncMemcachedClient
import io.cachewire.BlockingMemcachedClient
import io.cachewire.CasResult
import io.cachewire.CasValue
import io.cachewire.Expiry
import io.cachewire.Item
import io.cachewire.MemcachedClient
import io.cachewire.MultiResults
import io.cachewire.TypedValue
import io.cachewire.ValueType
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaValue
import io.cachewire.valueType
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runInterruptible
import java.time.Duration

private val SEEN: ValueType<Seen> = valueType()
private val TEXT: ValueType<String> = valueType()

/** Longer than any run: what must be there must not expire. */
private val HOUR: Expiry = Expiry.after(Duration.ofHours(1))
private val LEASE: MetaGet = MetaGet.plain().vivify(Duration.ofHours(1))

/**
 * The operations that the oracle makes, over whichever face of the client. Cancelling the caller cancels the call in the face's own way:
 * the coroutine, the future, or the thread by an interrupt.
 */
internal interface Cache {
    suspend fun get(key: String): Seen?

    suspend fun gets(key: String): CasValue<Seen>?

    suspend fun item(key: String): Item<Seen>?

    suspend fun getAndTouch(key: String): Seen?

    suspend fun getAll(keys: List<String>): MultiResults.Got<String, Seen>

    suspend fun text(key: String): String?

    suspend fun set(key: String, value: Any)

    suspend fun add(key: String, value: Any): Boolean

    suspend fun replace(key: String, value: Any): Boolean

    suspend fun append(key: String, text: String): Boolean

    suspend fun cas(key: String, value: Any, cas: Long): CasResult

    suspend fun delete(key: String): Boolean

    suspend fun increment(key: String): Long?

    suspend fun decrement(key: String): Long?

    suspend fun touch(key: String): Boolean

    /** A get that makes an absent item, whose first caller is to fill it. Meta only. */
    suspend fun lease(key: String): MetaValue<Seen>
}

/** The suspend functions. */
internal class SuspendCache(
    private val client: MemcachedClient,
) : Cache {
    override suspend fun get(key: String) = client.get(key, SEEN)

    override suspend fun gets(key: String) = client.gets(key, SEEN)

    override suspend fun item(key: String) = client.item(key, SEEN)

    override suspend fun getAndTouch(key: String) = client.getAndTouch(key, SEEN, HOUR)

    override suspend fun getAll(keys: List<String>) = client.getAllResults(keys, SEEN)

    override suspend fun text(key: String) = client.get(key, TEXT)

    override suspend fun set(key: String, value: Any) = client.set(key, TypedValue.of(value), HOUR)

    override suspend fun add(key: String, value: Any) = client.add(key, TypedValue.of(value), HOUR)

    override suspend fun replace(key: String, value: Any) = client.replace(key, TypedValue.of(value), HOUR)

    override suspend fun append(key: String, text: String) = client.append(key, text)

    override suspend fun cas(key: String, value: Any, cas: Long) = client.cas(key, TypedValue.of(value), cas, HOUR)

    override suspend fun delete(key: String) = client.delete(key)

    override suspend fun increment(key: String) = client.increment(key)

    override suspend fun decrement(key: String) = client.decrement(key)

    override suspend fun touch(key: String) = client.touch(key, HOUR)

    override suspend fun lease(key: String) = client.meta().get(key, SEEN, LEASE)
}

/** The futures. */
internal class FutureCache(
    private val client: AsyncMemcachedClient,
) : Cache {
    override suspend fun get(key: String): Seen? = client.get(key, SEEN).await()

    override suspend fun gets(key: String): CasValue<Seen>? = client.gets(key, SEEN).await()

    override suspend fun item(key: String): Item<Seen>? = client.item(key, SEEN).await()

    override suspend fun getAndTouch(key: String): Seen? = client.getAndTouch(key, SEEN, HOUR).await()

    override suspend fun getAll(keys: List<String>): MultiResults.Got<String, Seen> =
        client.getAllResults(keys, SEEN).await()

    override suspend fun text(key: String): String? = client.get(key, TEXT).await()

    override suspend fun set(key: String, value: Any) {
        client.set(key, value, HOUR).await()
    }

    override suspend fun add(key: String, value: Any): Boolean = client.add(key, value, HOUR).await()

    override suspend fun replace(key: String, value: Any): Boolean = client.replace(key, value, HOUR).await()

    override suspend fun append(key: String, text: String): Boolean = client.append(key, text).await()

    override suspend fun cas(key: String, value: Any, cas: Long): CasResult = client.cas(key, value, cas, HOUR).await()

    override suspend fun delete(key: String): Boolean = client.delete(key).await()

    override suspend fun increment(key: String): Long? = client.increment(key).await()

    override suspend fun decrement(key: String): Long? = client.decrement(key).await()

    override suspend fun touch(key: String): Boolean = client.touch(key, HOUR).await()

    override suspend fun lease(key: String): MetaValue<Seen> = client.meta().get(key, SEEN, LEASE).await()
}

/** The blocking calls, each on a thread of [threads], which must not run out of them. */
internal class ThreadCache(
    private val client: BlockingMemcachedClient,
    private val threads: CoroutineDispatcher,
) : Cache {
    private suspend fun <T> on(call: () -> T): T = runInterruptible(threads, call)

    override suspend fun get(key: String): Seen? = on { client.get(key, SEEN) }

    override suspend fun gets(key: String): CasValue<Seen>? = on { client.gets(key, SEEN) }

    override suspend fun item(key: String): Item<Seen>? = on { client.item(key, SEEN) }

    override suspend fun getAndTouch(key: String): Seen? = on { client.getAndTouch(key, SEEN, HOUR) }

    override suspend fun getAll(keys: List<String>): MultiResults.Got<String, Seen> =
        on { client.getAllResults(keys, SEEN) }

    override suspend fun text(key: String): String? = on { client.get(key, TEXT) }

    override suspend fun set(key: String, value: Any) = on { client.set(key, value, HOUR) }

    override suspend fun add(key: String, value: Any): Boolean = on { client.add(key, value, HOUR) }

    override suspend fun replace(key: String, value: Any): Boolean = on { client.replace(key, value, HOUR) }

    override suspend fun append(key: String, text: String): Boolean = on { client.append(key, text) }

    override suspend fun cas(key: String, value: Any, cas: Long): CasResult = on { client.cas(key, value, cas, HOUR) }

    override suspend fun delete(key: String): Boolean = on { client.delete(key) }

    override suspend fun increment(key: String): Long? = on { client.increment(key) }

    override suspend fun decrement(key: String): Long? = on { client.decrement(key) }

    override suspend fun touch(key: String): Boolean = on { client.touch(key, HOUR) }

    override suspend fun lease(key: String): MetaValue<Seen> = on { client.meta().get(key, SEEN, LEASE) }
}
