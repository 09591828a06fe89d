package io.cachewire.verification.servers.table

import io.cachewire.Expiry
import io.cachewire.FireAndForgetClient
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.ServerAddress
import io.cachewire.TypedValue
import io.cachewire.ValueType
import io.cachewire.admin.LruMode
import io.cachewire.admin.LruTuning
import io.cachewire.admin.SlabAutomove
import io.cachewire.admin.WatchLog
import io.cachewire.meta.MetaCount
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.util.function.Function
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

/** The suspend face. */
internal class SuspendFace(
    private val client: MemcachedClient,
) : Face {
    override fun name(): String = "suspend"

    override fun call(operation: String, vararg arguments: Any): Any? = runBlocking {
        val call = Arguments(arguments)
        when {
            operation.startsWith("admin.") -> admin(operation.substringAfter('.'), call)
            operation.startsWith("meta.") -> meta(operation.substringAfter('.'), call)
            else -> items(operation, call) ?: others(operation, call)
        }
    }.takeIf { it != Unit && it != NOTHING }

    private suspend fun items(name: String, call: Arguments): Any? = when (name) {
        "get" -> client.get(call.key, call.type(1))
        "getOrDefault" -> client.get(call.key, call.type(1)) ?: call[2]
        "gets" -> client.gets(call.key, call.type(1))
        "item" -> client.item(call.key, call.type(1))
        "getAndTouch" -> client.getAndTouch(call.key, call.type(1), call.expiry(2))
        "getAll" -> client.getAll(call.keys, call.type(1))
        "getAllResults" -> client.getAllResults(call.keys, call.type(1))
        "getsAll" -> client.getsAll(call.keys, call.type(1))
        "set" -> client.set(call.key, call.typed(1), call.expiryOrNull(2))
        "add" -> client.add(call.key, call.typed(1), call.expiryOrNull(2))
        "replace" -> client.replace(call.key, call.typed(1), call.expiryOrNull(2))
        "append" -> client.append(call.key, call[1])
        "prepend" -> client.prepend(call.key, call[1])
        "cas" -> client.cas(call.key, call.typed(1), call[2] as Long, call.expiryOrNull(3))
        "update" -> update(call)
        "setAll" -> client.setAll(call.values, call.expiryOrNull(1))
        "setAllResults" -> client.setAllResults(call.values, call.expiryOrNull(1))
        "delete" -> client.delete(call.key)
        "deleteAll" -> client.deleteAll(call.keys)
        "deleteAllResults" -> client.deleteAllResults(call.keys)
        "markStale" -> client.markStale(call.key, call.duration(1))
        "touch" -> client.touch(call.key, call.expiry(1))
        "increment" -> client.increment(call.key, call[1] as Long, call.getOrNull(2) as Long?, call.durationOrNull(3))
        "decrement" -> client.decrement(call.key, call[1] as Long, call.getOrNull(2) as Long?, call.durationOrNull(3))
        else -> null
    } ?: NOTHING.takeIf { name in ITEMS }

    private suspend fun update(call: Arguments): Any? {
        @Suppress("UNCHECKED_CAST")
        val change = call[3] as Function<String?, String?>
        return client.update(call.key, ValueType.of(String::class.java), call.expiryOrNull(2)) { change.apply(it) }
    }

    private suspend fun others(name: String, call: Arguments): Any? = when (name) {
        "stats" -> client.stats(call.getOrNull(0) as String? ?: "")
        "version" -> client.version()
        "connect" -> client.connect()
        "ping" -> client.ping()
        "flushAll" -> client.flushAll(call.durationOrNull(0))
        "verbosity" -> client.verbosity(call[0] as Int)
        else -> error("the suspend face is not asked for $name")
    }

    private suspend fun meta(name: String, call: Arguments): Any? = when (name) {
        "get" -> client.meta().get(call.key, call.type(1), call[2] as MetaGet)
        "set" -> client.meta().set(call.key, call.typed(1), call[2] as MetaSet)
        "delete" -> client.meta().delete(call.key, call[1] as MetaDelete)
        "count" -> client.meta().count(call.key, call[1] as MetaCount)
        else -> error("the suspend face is not asked for meta.$name")
    }

    private suspend fun admin(name: String, call: Arguments): Any? {
        val admin = client.admin()
        return when (name) {
            "on" -> admin.on(call.server).version()
            "stats" -> admin.stats()
            "statsSettings" -> admin.statsSettings()
            "statsItems" -> admin.statsItems()
            "statsSlabs" -> admin.statsSlabs()
            "statsSizes" -> admin.statsSizes()
            "statsConnections" -> admin.statsConnections()
            "resetStats" -> admin.resetStats()
            "enableSizes" -> admin.enableSizes()
            "disableSizes" -> admin.disableSizes()
            "version" -> admin.version()
            "capabilities" -> admin.capabilities()
            "noop" -> admin.noop()
            "flushAll" -> admin.flushAll(call.durationOrNull(0))
            "verbosity" -> admin.verbosity(call[0] as Int)
            "reassignSlab" -> admin.reassignSlab(call[0] as Int, call[1] as Int)
            "automoveSlabs" -> admin.automoveSlabs(call[0] as SlabAutomove)
            "tuneLru" -> admin.tuneLru(call[0] as LruTuning)
            "lruMode" -> admin.lruMode(call[0] as LruMode)
            "lruTemporaryTtl" -> admin.lruTemporaryTtl(call.duration(0))
            "enableCrawler" -> admin.enableCrawler()
            "disableCrawler" -> admin.disableCrawler()
            "crawlerSleep" -> admin.crawlerSleep(call.duration(0))
            "crawlerLimit" -> admin.crawlerLimit(call[0] as Long)
            "crawl" -> admin.crawl()
            "cacheMemoryLimit" -> admin.cacheMemoryLimit(call[0] as Long)
            "shutdown" -> admin.shutdown()
            "debugItem" -> admin.debugItem(call.key)
            "command" -> admin.command(call.server, call[1] as String)
            "metadump" -> admin.metadump(call.server).toList()
            "mgdump" -> admin.mgdump(call.server).toList()
            "watch" -> admin.watch(call.server, call.logs).first()
            else -> error("the suspend face is not asked for admin.$name")
        }
    }

    override fun fireAndForget(): FireAndForgetClient = client.fireAndForget()

    override fun namespace(prefix: String): Face = SuspendFace(client.namespace(prefix))

    override fun withRequestTimeout(timeout: java.time.Duration): Face =
        SuspendFace(client.withRequestTimeout(timeout.toKotlinDuration()))

    override fun disconnectAll(): Unit = client.disconnectAll()

    /** The arguments of the blocking face as this face takes them. */
    @Suppress("UNCHECKED_CAST")
    private class Arguments(
        private val all: Array<out Any>,
    ) {
        val key get() = all[0] as String
        val keys get() = all[0] as Collection<String>
        val values get() = (all[0] as Map<String, Any>).mapValues { TypedValue.of(it.value) }
        val server get() = all[0] as ServerAddress
        val logs get() = all[1] as Set<WatchLog>

        operator fun get(index: Int): Any = all[index]

        fun getOrNull(index: Int): Any? = all.getOrNull(index)

        fun type(index: Int): ValueType<Any> = when (val given = all[index]) {
            is ValueType<*> -> given as ValueType<Any>
            else -> ValueType.of(given as Class<Any>)
        }

        fun typed(index: Int): TypedValue<*> = TypedValue.of(all[index])

        fun expiry(index: Int): Expiry = checkNotNull(expiryOrNull(index))

        fun expiryOrNull(index: Int): Expiry? = when (val given = all.getOrNull(index)) {
            is java.time.Duration -> Expiry.after(given)
            else -> given as Expiry?
        }

        fun duration(index: Int): Duration = checkNotNull(durationOrNull(index))

        fun durationOrNull(index: Int): Duration? = (all.getOrNull(index) as java.time.Duration?)?.toKotlinDuration()
    }

    private companion object {
        val NOTHING = Any()
        val ITEMS = setOf("get", "gets", "item", "getAndTouch", "update", "increment", "decrement", "set")
    }
}

/** A client of one server that gives up soon. */
internal fun clientOf(address: String, protocol: Protocol, timeout: java.time.Duration): MemcachedClient =
    MemcachedClient(address) {
        this.protocol = protocol
        requestTimeout = timeout.toKotlinDuration()
        connectTimeout = timeout.toKotlinDuration()
        stallTimeout = timeout.toKotlinDuration()
        backoff(1.milliseconds, 20.milliseconds)
    }
