package io.cachewire.benchmarks.client

import com.spotify.folsom.ConnectFuture
import com.spotify.folsom.MemcacheClientBuilder
import com.spotify.folsom.MemcacheStatus
import io.cachewire.BlockingMemcachedClient
import io.cachewire.ServerAddress
import io.cachewire.benchmarks.load.Batch
import io.cachewire.benchmarks.load.Item
import io.cachewire.serde.Serde
import net.rubyeye.xmemcached.XMemcachedClientBuilder
import net.spy.memcached.MemcachedClient
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit
import kotlin.text.Charsets.ISO_8859_1

/**
 * A client with objects for values, by its own serialization, called by threads. What turns bytes into the object is the same for all; each
 * has keys of its own, told apart by the first letter, because none can read what another wrote.
 */
internal class ObjectStore(
    private val letter: Char,
    private val read: (String) -> Any?,
    private val write: (String, Parcel) -> Boolean,
    private val end: () -> Unit,
) : BlockingStore {
    override fun get(key: String): ByteArray? = (read(own(key)) as Parcel?)?.text?.toByteArray(ISO_8859_1)

    override fun set(item: Item): Boolean = write(own(item.key), Parcel(1, String(item.value, ISO_8859_1)))

    private fun own(key: String) = letter + key.substring(1)

    override fun getAll(keys: List<String>): Map<String, ByteArray> =
        keys.mapNotNull { key -> get(key)?.let { key to it } }.toMap()

    override fun setAll(batch: Batch): Boolean =
        batch.values.all { write(own(it.key), Parcel(1, String(it.value, ISO_8859_1))) }

    override fun close(): Unit = end()

    companion object {
        private const val PATIENCE_SECONDS = 5L

        fun cachewire(servers: List<ServerAddress>, serde: Serde, letter: Char): ObjectStore {
            val client = BlockingMemcachedClient.builder().servers(servers).serde(serde).build()
            return ObjectStore(
                letter,
                { client.get(it, Parcel::class.java) },
                { key, value -> true.also { client.set(key, value) } },
                client::close,
            )
        }

        fun folsom(servers: List<ServerAddress>): ObjectStore {
            val builder = MemcacheClientBuilder.newSerializableObjectClient<Parcel>()
            servers.forEach { builder.withAddress(it.host(), it.port()) }
            val client = builder.withReplyExecutor(Runnable::run).connectAscii()
            ConnectFuture.fullyConnectedFuture(client).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS)
            return ObjectStore(
                'f',
                { client.get(it).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS) },
                { key, value ->
                    val stored = client.set(key, value, 0).toCompletableFuture()
                    stored.get(PATIENCE_SECONDS, TimeUnit.SECONDS) == MemcacheStatus.OK
                },
                client::shutdown,
            )
        }

        fun spymemcached(servers: List<ServerAddress>): ObjectStore {
            val client = MemcachedClient(addresses(servers))
            return ObjectStore('s', client::get, { key, value -> client.set(key, 0, value).get() }, client::shutdown)
        }

        fun xmemcached(servers: List<ServerAddress>): ObjectStore {
            val client = XMemcachedClientBuilder(addresses(servers)).build()
            return ObjectStore('x', client::get, { key, value -> client.set(key, 0, value) }, client::shutdown)
        }

        private fun addresses(servers: List<ServerAddress>) = servers.map { InetSocketAddress(it.host(), it.port()) }
    }
}
