package io.cachewire.benchmarks.client

import io.cachewire.Expiry
import io.cachewire.MemcachedClient
import io.cachewire.TypedValue
import io.cachewire.ValueType
import io.cachewire.benchmarks.load.Batch
import io.cachewire.benchmarks.load.Caller
import io.cachewire.benchmarks.load.Item
import io.cachewire.benchmarks.load.Items
import io.cachewire.benchmarks.load.Workload
import io.cachewire.benchmarks.load.WrongAnswerException
import io.cachewire.setAll
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** A client whose calls suspend. */
internal interface SuspendStore : AutoCloseable {
    suspend fun get(key: String): ByteArray?

    suspend fun set(item: Item): Boolean

    suspend fun getAll(keys: List<String>): Map<String, ByteArray>

    suspend fun setAll(batch: Batch): Boolean
}

/** Our client as a Kotlin caller has it. Values are blocks, which are not copied: as with the peers, they must not change during the call. */
internal class CachewireSuspend(
    private val client: MemcachedClient,
) : SuspendStore {
    private val bytes = ValueType.of(ByteArray::class.java)

    override suspend fun get(key: String) = client.get(key, bytes)

    override suspend fun set(item: Item): Boolean {
        client.set(item.key, TypedValue.of(item.block), null as Expiry?)
        return true
    }

    override suspend fun getAll(keys: List<String>) = client.getAll(keys, bytes)

    override suspend fun setAll(batch: Batch) = client.setAll(batch.blocks).isEmpty()

    override fun close() = client.close()
}

/** A client of futures as coroutines use it. */
internal class AwaitedFutures(
    private val store: FutureStore,
) : SuspendStore {
    override suspend fun get(key: String): ByteArray? = store.get(key).await()

    override suspend fun set(item: Item) = store.isStored(store.set(item).await())

    override suspend fun getAll(keys: List<String>): Map<String, ByteArray> =
        store.asMap(keys, store.getAll(keys).await())

    override suspend fun setAll(batch: Batch) = store.isStored(store.setAll(batch).await())

    override fun close() = store.close()
}

/** Callers that are coroutines on the default dispatcher. */
internal class CoroutineCallers(
    private val store: SuspendStore,
) : InProcess() {
    private val scope = CoroutineScope(Dispatchers.Default)

    override fun start(callers: List<Caller>) {
        for (caller in callers) {
            scope.launch {
                try {
                    while (caller.goesOn()) call(caller)
                } catch (e: Throwable) {
                    caller.failed(e)
                } finally {
                    caller.finished()
                }
            }
        }
    }

    private suspend fun call(caller: Caller) {
        val items = caller.items()
        val index = caller.next()
        val start = System.nanoTime()
        when (caller.verb()) {
            Workload.Verb.GET, Workload.Verb.SET, Workload.Verb.MIX ->
                if (caller.nextIsWrite()) {
                    WrongAnswerException.requireStored(store.set(items.item(index)))
                } else {
                    items.check(index, store.get(items.key(index)))
                }

            Workload.Verb.GET_ALL -> items.checkFrom(index, store.getAll(items.keysFrom(index)))

            Workload.Verb.SET_ALL -> WrongAnswerException.requireStored(store.setAll(items.batch(index)))
        }
        caller.answered(start)
    }

    override fun load(items: Items) = runBlocking {
        for (i in 0 until items.count()) {
            WrongAnswerException.requireStored(store.set(items.item(i)))
        }
        for (i in 0 until items.count()) {
            items.checkAll(i, store.get(items.key(i)))
        }
    }

    override fun close() = store.close()
}
