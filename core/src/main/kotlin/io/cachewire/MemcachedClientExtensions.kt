package io.cachewire

import io.cachewire.internal.operation.Results
import io.cachewire.meta.MetaClient
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.cachewire.meta.MetaStored
import io.cachewire.meta.MetaValue
import kotlin.reflect.typeOf
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * A client for these servers, each in a form that [ServerAddress.parse] reads. It connects when it is first used; a server that cannot be
 * reached does not make this throw.
 */
public fun MemcachedClient(vararg servers: String, configure: MemcachedClientConfig.() -> Unit = {}): MemcachedClient =
    build(configure) { if (servers.isEmpty()) this else servers(*servers) }

internal fun build(
    configure: MemcachedClientConfig.() -> Unit,
    start: ClientBuilder<MemcachedClient>.() -> ClientBuilder<MemcachedClient>,
): MemcachedClient {
    val builder = ClientBuilder { engine, operations, settings ->
        MemcachedClient(engine, operations, settings)
    }.start()
    MemcachedClientConfig(builder).configure()
    return builder.build()
}

/** A key that is placed by [routing] or by [hash] in place of its name; by its name when both are null. */
public fun Key(name: String, routing: String? = null, hash: Long? = null): Key {
    require(routing == null || hash == null) { "a key is placed by a routing text or by a hash, not by both" }
    return when {
        routing != null -> Key.routed(name, routing)
        hash != null -> Key.hashed(name, hash)
        else -> Key.of(name)
    }
}

/** The type [T] with its type arguments. */
public inline fun <reified T : Any> valueType(): ValueType<T> = KotlinValueType(typeOf<T>(), T::class)

/** A value with its declared type. */
public inline fun <reified T : Any> typed(value: T): TypedValue<T> = TypedValue(value, valueType<T>())

@PublishedApi
internal fun <K : CharSequence, T : Any> allTyped(values: Map<K, T>, type: ValueType<T>): Map<K, TypedValue<T>> =
    values.mapValues { TypedValue(it.value, type) }

/** A time to live as an expiry; null stays null, for the client's default. */
@PublishedApi
internal fun expiryOf(ttl: Duration?): Expiry? = ttl?.let { Expiry.after(it.toJavaDuration()) }

/** The value of a key, or null on a miss. */
public suspend inline fun <reified T : Any> MemcachedClient.get(key: CharSequence): T? = get(key, valueType<T>())

/** The value with its cas unique, or null on a miss. */
public suspend inline fun <reified T : Any> MemcachedClient.gets(key: CharSequence): CasValue<T>? =
    gets(key, valueType<T>())

/** The value with all that the server tells of the item, or null on a miss. */
public suspend inline fun <reified T : Any> MemcachedClient.item(key: CharSequence): Item<T>? =
    item(key, valueType<T>())

/** The value of a key, which gets a new time to live; null on a miss. */
public suspend inline fun <reified T : Any> MemcachedClient.getAndTouch(key: CharSequence, ttl: Duration): T? =
    getAndTouch(key, valueType<T>(), Expiry.after(ttl.toJavaDuration()))

/**
 * The keys that were there, with their values.
 *
 * @throws PartialResultException when a server could not be asked; it has what the others said
 */
public suspend inline fun <reified T : Any> MemcachedClient.getAll(keys: Collection<String>): Map<String, T> =
    getAll(keys, valueType<T>())

/** As the other one, for keys of any kind with a function that names them: `getAll<User, Long>(ids) { "user:$it" }`. */
public suspend inline fun <reified T : Any, K : Any> MemcachedClient.getAll(
    keys: Collection<K>,
    noinline name: (K) -> CharSequence,
): Map<K, T> = hitsOrThrow(getAllResults(keys, valueType<T>(), name))

@PublishedApi
internal fun <K : Any, T : Any> hitsOrThrow(results: MultiResults.Got<K, T>): Map<K, T> = Results.hits(results)

/** Stores a value; [ttl] null for the client's default. */
public suspend inline fun <reified T : Any> MemcachedClient.set(
    key: CharSequence,
    value: T,
    ttl: Duration? = null,
): Unit = set(key, typed(value), expiryOf(ttl))

/** Stores a value with any expiry. */
public suspend inline fun <reified T : Any> MemcachedClient.set(key: CharSequence, value: T, expiry: Expiry): Unit =
    set(key, typed(value), expiry)

/** Stores a value if the key is absent; whether it was stored. */
public suspend inline fun <reified T : Any> MemcachedClient.add(
    key: CharSequence,
    value: T,
    ttl: Duration? = null,
): Boolean = add(key, typed(value), expiryOf(ttl))

/** Stores a value if the key is present; whether it was stored. */
public suspend inline fun <reified T : Any> MemcachedClient.replace(
    key: CharSequence,
    value: T,
    ttl: Duration? = null,
): Boolean = replace(key, typed(value), expiryOf(ttl))

/** Stores a value if the item still has this cas unique. */
public suspend inline fun <reified T : Any> MemcachedClient.cas(
    key: CharSequence,
    value: T,
    cas: Long,
    ttl: Duration? = null,
): CasResult = cas(key, typed(value), cas, expiryOf(ttl))

/**
 * Replaces a value by what [change] makes of it, as often as it takes until nobody wrote in between; what was stored, or null when [change]
 * gave null.
 *
 * @throws UpdateConflictException after [ClientBuilder.updateAttempts] conflicts in a row
 */
public suspend inline fun <reified T : Any> MemcachedClient.update(
    key: CharSequence,
    ttl: Duration? = null,
    noinline change: suspend (T?) -> T?,
): T? = update(key, valueType<T>(), expiryOf(ttl), change)

/** Stores many values of one type; the keys that were not stored, or may not have been. */
public suspend inline fun <K : CharSequence, reified T : Any> MemcachedClient.setAll(
    values: Map<K, T>,
    ttl: Duration? = null,
): Set<K> = setAll(allTyped(values, valueType<T>()), expiryOf(ttl))

/** Each key as stored or failed. */
public suspend inline fun <K : CharSequence, reified T : Any> MemcachedClient.setAllResults(
    values: Map<K, T>,
    ttl: Duration? = null,
): MultiResults.Stored<K> = setAllResults(allTyped(values, valueType<T>()), expiryOf(ttl))

/** Stores a value with a time to live, without waiting for an answer. */
public inline fun <reified T : Any> FireAndForgetClient.set(key: CharSequence, value: T, ttl: Duration): Unit =
    set(key, typed(value), ttl.toJavaDuration())

/** The value of a key, and whose turn it is to make it anew. */
public suspend inline fun <reified T : Any> MetaClient.get(
    key: CharSequence,
    options: MetaGet = MetaGet.plain(),
): MetaValue<T> = get(key, valueType<T>(), options)

/** Stores a value in one of the modes, under conditions. */
public suspend inline fun <reified T : Any> MetaClient.set(
    key: CharSequence,
    value: T,
    options: MetaSet = MetaSet.plain(),
): MetaStored = set(key, typed(value), options)

/**
 * A server's address with its share of the ring, for wherever addresses are given as text: `"b:11211" weight 2`.
 *
 * @throws IllegalRequestException when it is no address, has a weight already, or is a path, which has no such form
 */
public infix fun String.weight(share: Int): String {
    val address = ServerAddress.parse(this).withWeight(share)
    val weighted = "$address:$share"
    if (address.isUnix || ServerAddress.parse(this).weight() != 1) {
        throw IllegalRequestException(
            "\"${Escaped.text(this)}\" cannot be given a weight; ServerAddress.withWeight can",
        )
    }
    return weighted
}
