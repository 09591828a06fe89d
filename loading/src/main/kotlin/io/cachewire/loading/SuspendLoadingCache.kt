package io.cachewire.loading

import io.cachewire.MemcachedException
import io.cachewire.meta.MetaClient
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.future.await
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.CoroutineContext
import kotlin.time.toKotlinDuration

/**
 * A view of a client whose misses are loaded, for coroutines: the loader runs in the coroutine of the caller that has the turn, with its context,
 * and all others suspend until its value is there. Each call may be cancelled at any moment without harm to any other: when the one that
 * loads is cancelled, another one takes over. A loader that runs in a transaction caches what is not committed.
 */
public class SuspendLoadingCache<K : Any, V : Any> internal constructor(
    private val engine: LoadingEngine<K, V>,
    private val meta: MetaClient,
) {
    /** The value of a key, loaded if need be; null when the loader found none. What the loader throws comes out as it is. */
    public suspend fun get(key: K, loader: suspend (K) -> V?): V? = getLoaded(key) { Loaded.of(loader(it)) }

    /** As [get], for a loader that says how long its value is fresh. */
    public suspend fun getLoaded(key: K, loader: suspend (K) -> Loaded<V>?): V? {
        val start = start(key)
        val seat = start.seat() ?: return start.value()
        if (start.isBehind) {
            detached().launch { behind(key, seat, loader) }
            return start.value()
        }
        val soft = engine.settings.softTimeout()
        val old = seat.old
        if (soft == null || old == null) return drive(key, seat, loader)
        val load = detached().async { runCatching { drive(key, seat, loader) } }
        val result = withTimeoutOrNull(soft.toKotlinDuration()) { load.await() }
        if (result == null) {
            engine.servedStale()
            return old
        }
        return result.getOrThrow()
    }

    /** As [LoadingCache.getAll]. */
    public suspend fun getAll(keys: Collection<K>, loader: suspend (Set<K>) -> Map<K, V>): Map<K, V> {
        val batch = engine.batch(keys, WaitGraph.current()).await()
        val behind = batch.behind()
        if (!behind.isEmpty) {
            val first = behind.firstKey()
            detached().launch {
                try {
                    driveAll(behind, loader)
                } catch (e: CancellationException) {
                    throw e
                } catch (e: Exception) {
                    engine.failedBehind(first, e)
                }
            }
        }
        return driveAll(batch, loader)
    }

    private suspend fun driveAll(batch: Batch<K, V>, loader: suspend (Set<K>) -> Map<K, V>): Map<K, V> {
        try {
            while (true) {
                val won = batch.turns()
                if (won.isNotEmpty()) {
                    loadAll(batch, won, loader)
                } else if (batch.isDone) {
                    return batch.values()
                } else {
                    batch.next().await()
                }
            }
        } catch (e: Throwable) {
            batch.leave()
            throw e
        }
    }

    private suspend fun loadAll(batch: Batch<K, V>, won: Map<K, Seat<V>>, loader: suspend (Set<K>) -> Map<K, V>) {
        val end =
            try {
                currentCoroutineContext().ensureActive()
                val loaded =
                    withTimeoutOrNull(engine.settings.loadTimeout().toKotlinDuration()) {
                        withContext(LoadElement(Batch.flights(won))) { loader(won.keys) }
                    }
                if (loaded == null) {
                    batch.failed(won, engine.tooLate(won.values.first()))
                } else {
                    batch.loaded(won, loaded)
                }
            } catch (e: Throwable) {
                if (!currentCoroutineContext().isActive) throw e
                batch.failed(won, e)
            }
        end.await()
    }

    private suspend fun start(key: K): LoadingEngine.Start<V> {
        val waiters = WaitGraph.current()
        val wire = engine.wire(key) ?: return engine.start(engine.look(key).await(), waiters)
        engine.near(wire)?.let { return LoadingEngine.Start(it.value, null, false) }
        val ticket = engine.ticket(wire)
        val found =
            try {
                read(wire)
            } catch (e: MemcachedException) {
                return engine.startWithoutCache(wire, e, waiters)
            }
        return engine.start(wire, found, waiters, ticket)
    }

    /** On a hit this is all: one command. */
    private suspend fun read(wire: String): Reading<V> {
        val store = engine.store
        if (store is ClientStore<V> && store.hasMeta()) {
            val changes = store.changes()
            try {
                return store.reading(meta.get(wire, store.undecoded(), store.options(wire)), changes)
            } catch (e: MemcachedException) {
                if (!ClientStore.isWithoutMeta(e)) throw e
            }
        }
        return engine.store.read(wire).await()
    }

    private suspend fun behind(key: K, seat: Seat<V>, loader: suspend (K) -> Loaded<V>?) {
        try {
            drive(key, seat, loader)
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            engine.failedBehind(seat.key(), e)
        }
    }

    /** For what outlives the call: the caller's context without its job. */
    private suspend fun detached() = CoroutineScope(currentCoroutineContext().minusKey(Job) + Job())

    /** Waits for the turn, loads if it is this caller's, and gives the value. */
    private suspend fun drive(key: K, seat: Seat<V>, loader: suspend (K) -> Loaded<V>?): V? {
        val turn =
            try {
                seat.turn.await()
            } catch (e: CancellationException) {
                engine.leave(seat)
                throw e
            }
        return when (turn) {
            is Turn.Done -> turn.value()
            is Turn.Failed -> throw turn.failure()
            is Turn.Load -> load(key, seat, loader)
        }
    }

    private class Box<T>(
        val value: T,
    )

    private suspend fun load(key: K, seat: Seat<V>, loader: suspend (K) -> Loaded<V>?): V? {
        val end: CompletableFuture<V?> =
            try {
                currentCoroutineContext().ensureActive()
                val loaded =
                    withTimeoutOrNull(engine.settings.loadTimeout().toKotlinDuration()) {
                        Box(withContext(LoadElement(seat.flights())) { loader(key) })
                    }
                if (loaded == null) engine.failed(seat, engine.tooLate(seat)) else engine.loaded(seat, loaded.value)
            } catch (e: Throwable) {
                if (!currentCoroutineContext().isActive) {
                    engine.leave(seat)
                    throw e
                }
                engine.failed(seat, e)
            }
        return end.await()
    }

    /**
     * Stores a value, with the view's time to live; null is remembered for `absent`, and without that setting the same as [invalidate]. A load of
     * the key that is under way is not stored.
     */
    public suspend fun put(key: K, value: V?) {
        engine.put(key, value).await()
    }

    /** As [LoadingCache.putIfAbsent]. */
    public suspend fun putIfAbsent(key: K, value: V?): Cached<V>? = engine.putIfAbsent(key, value).await()

    /** As [LoadingCache.getIfPresent]. */
    public suspend fun getIfPresent(key: K): Cached<V>? = engine.getIfPresent(key).await()

    /** As [LoadingCache.invalidate]. */
    public suspend fun invalidate(key: K): Boolean = engine.invalidate(key).await()

    /** As [LoadingCache.invalidateAll]. */
    public suspend fun invalidateAll() {
        engine.invalidateAll().await()
    }

    /** What the view has counted. */
    public fun stats(): LoadingStats = engine.stats()

    /** How the view is set up. */
    public fun settings(): LoadingSettings = engine.settings

    /** The same view for threads. */
    public fun blocking(): LoadingCache<K, V> = LoadingCache(engine)

    /** The same view for futures. */
    public fun async(): AsyncLoadingCache<K, V> = AsyncLoadingCache(engine)

    /** Tells calls inside of a load, blocking ones included, what they are loaded for. */
    private class LoadElement(
        private val flights: List<Flight<*>>,
    ) : ThreadContextElement<List<Flight<*>>?> {
        override val key: CoroutineContext.Key<*> get() = Key

        override fun updateThreadContext(context: CoroutineContext) = WaitGraph.enter(flights)

        override fun restoreThreadContext(context: CoroutineContext, oldState: List<Flight<*>>?) {
            WaitGraph.enter(oldState)
        }

        companion object Key : CoroutineContext.Key<LoadElement>
    }
}
