package io.cachewire.loading

import io.cachewire.MemcachedClient
import io.cachewire.ValueType
import io.cachewire.valueType
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * The settings of a view as Kotlin writes them; each is that of [LoadingBuilder], where its meaning and its default stand. What is not set keeps
 * its default.
 */
public class LoadingConfig<K : Any> internal constructor() {
    /** [LoadingBuilder.ttl]. */
    public var ttl: Duration? = null

    /** [LoadingBuilder.jitter]. */
    public var jitter: Double? = null

    /** [LoadingBuilder.refreshAhead]. */
    public var refreshAhead: Duration? = null

    /** [LoadingBuilder.refreshMode]. */
    public var refreshMode: RefreshMode? = null

    /** [LoadingBuilder.leases]. */
    public var leases: Boolean? = null

    /** [LoadingBuilder.lease]. */
    public var lease: Duration? = null

    /** [LoadingBuilder.leaseFor]. */
    public var leaseFor: ((String) -> Boolean)? = null

    /** [LoadingBuilder.maxWait]. */
    public var maxWait: Duration? = null

    /** [LoadingBuilder.waitOver]. */
    public var waitOver: WaitOver? = null

    /** [LoadingBuilder.loadTimeout]. */
    public var loadTimeout: Duration? = null

    /** [LoadingBuilder.softTimeout]. */
    public var softTimeout: Duration? = null

    /** [LoadingBuilder.failSafe]. */
    public var failSafe: Duration? = null

    /** [LoadingBuilder.throttle]. */
    public var throttle: Duration? = null

    /** [LoadingBuilder.fleetThrottle]. */
    public var fleetThrottle: Boolean? = null

    /** [LoadingBuilder.absent]. */
    public var absent: Duration? = null

    /** [LoadingBuilder.staleFor]. */
    public var staleFor: Duration? = null

    /** [LoadingBuilder.forgettable]. */
    public var forgettable: Boolean? = null

    /** [LoadingBuilder.generationCheck]. */
    public var generationCheck: Duration? = null

    /** [LoadingBuilder.generationOutage]. */
    public var generationOutage: Duration? = null

    private var near: NearSettings? = null

    /**
     * [LoadingBuilder.near], with the settings of [NearSettings].
     *
     * @param keepDecoded whether values are decoded once for all readers, who must not change them
     * @param hotWithin only values are kept that the server has been asked for before, within this time; null for all
     */
    public fun near(maxBytes: Long, staleAtMost: Duration, keepDecoded: Boolean = false, hotWithin: Duration? = null) {
        near = NearSettings(maxBytes, staleAtMost.toJavaDuration(), keepDecoded, hotWithin?.toJavaDuration())
    }

    /** [LoadingBuilder.cacheErrors]. */
    public var cacheErrors: CacheErrors? = null

    /** [LoadingBuilder.maxFlights]. */
    public var maxFlights: Int? = null

    /** [LoadingBuilder.listener]. */
    public var listener: LoadingListener? = null

    private var name: ((K) -> CharSequence)? = null

    /** [LoadingBuilder.keyName]. */
    public fun keyName(text: (K) -> CharSequence) {
        name = text
    }

    internal fun applyTo(builder: LoadingBuilder<K, *, *>) {
        name?.let { builder.keyName(it) }
        ttl?.let { builder.ttl(it.toJavaDuration()) }
        jitter?.let { builder.jitter(it) }
        refreshAhead?.let { builder.refreshAhead(it.toJavaDuration()) }
        refreshMode?.let { builder.refreshMode(it) }
        leases?.let { builder.leases(it) }
        lease?.let { builder.lease(it.toJavaDuration()) }
        leaseFor?.let { builder.leaseFor(it) }
        maxWait?.let { builder.maxWait(it.toJavaDuration()) }
        waitOver?.let { builder.waitOver(it) }
        loadTimeout?.let { builder.loadTimeout(it.toJavaDuration()) }
        softTimeout?.let { builder.softTimeout(it.toJavaDuration()) }
        failSafe?.let { builder.failSafe(it.toJavaDuration()) }
        throttle?.let { builder.throttle(it.toJavaDuration()) }
        fleetThrottle?.let { builder.fleetThrottle(it) }
        absent?.let { builder.absent(it.toJavaDuration()) }
        staleFor?.let { builder.staleFor(it.toJavaDuration()) }
        forgettable?.let { builder.forgettable(it) }
        generationCheck?.let { builder.generationCheck(it.toJavaDuration()) }
        generationOutage?.let { builder.generationOutage(it.toJavaDuration()) }
        near?.let { builder.near(it) }
        cacheErrors?.let { builder.cacheErrors(it) }
        maxFlights?.let { builder.maxFlights(it) }
        listener?.let { builder.listener(it) }
    }
}

/** A view of all keys that begin with a prefix, whose misses are loaded. */
public inline fun <K : Any, reified V : Any> MemcachedClient.loading(
    prefix: String,
    noinline configure: LoadingConfig<K>.() -> Unit = {},
): SuspendLoadingCache<K, V> = loading(prefix, valueType<V>(), configure)

/** The same for a type of values that is given as an object. */
public fun <K : Any, V : Any> MemcachedClient.loading(
    prefix: String,
    type: ValueType<V>,
    configure: LoadingConfig<K>.() -> Unit = {},
): SuspendLoadingCache<K, V> {
    val builder = LoadingBuilder<K, V, SuspendLoadingCache<K, V>>(async(), prefix, type) {
        SuspendLoadingCache(it, meta())
    }
    LoadingConfig<K>().apply(configure).applyTo(builder)
    return builder.build()
}

/**
 * The value of a key; when there is none, what [load] gives, which is stored for [ttl]: the short form of a view with its default settings. Take
 * the same client object for all calls, so that callers of one key wait for one load.
 */
public suspend inline fun <reified V : Any> MemcachedClient.getOrPut(
    key: String,
    ttl: Duration,
    noinline load: suspend () -> V?,
): V? = getOrPut(key, valueType<V>(), ttl, load)

/** The same for a type of the value that is given as an object. */
public suspend fun <V : Any> MemcachedClient.getOrPut(
    key: String,
    type: ValueType<V>,
    ttl: Duration,
    load: suspend () -> V?,
): V? = SuspendLoadingCache(ShortForms.engine(this, { async() }, type), meta())
    .getLoaded(key) { Loaded.of(load(), ttl.toJavaDuration()) }
