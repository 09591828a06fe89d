package io.cachewire.oracle.peers

import com.spotify.folsom.ConnectFuture
import com.spotify.folsom.MemcacheClient
import com.spotify.folsom.MemcacheClientBuilder
import com.spotify.folsom.MemcacheStatus
import io.cachewire.BlockingMemcachedClient
import io.cachewire.Protocol
import io.cachewire.ServerAddress
import net.rubyeye.xmemcached.XMemcachedClientBuilder
import net.spy.memcached.CachedData
import net.spy.memcached.ConnectionFactoryBuilder
import net.spy.memcached.MemcachedClient
import java.net.InetSocketAddress
import java.time.Duration
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit

/** A client as its caller has it: each call waits, and throws when it failed. */
internal interface Peer : AutoCloseable {
    fun get(key: String): ByteArray?

    fun set(key: String, value: ByteArray)

    fun increment(key: String): Long
}

/** Who takes part, and how it is set up. */
internal class Contestant(
    val name: String,
    val setup: String,
    val connect: (ServerAddress) -> Peer,
)

private const val PATIENCE_MILLIS = 500L

internal val CONTESTANTS =
    listOf(
        Contestant("cachewire", "blocking face, text protocol, `requestTimeout` 500 ms") { server ->
            CachewirePeer(
                BlockingMemcachedClient.builder(server.toString())
                    .protocol(Protocol.TEXT)
                    .requestTimeout(Duration.ofMillis(PATIENCE_MILLIS))
                    .build(),
            )
        },
        Contestant(
            "folsom 1.21",
            "text protocol, `withRequestTimeoutMillis(500)`, its futures awaited for a second",
            ::folsom,
        ),
        Contestant("spymemcached 2.12.3", "text protocol, `setOpTimeout(500)`, all else as it comes", ::spymemcached),
        Contestant("xmemcached 2.4.9", "text protocol, `setOpTimeout(500)`, all else as it comes", ::xmemcached),
    )

private class CachewirePeer(
    private val client: BlockingMemcachedClient,
) : Peer {
    override fun get(key: String): ByteArray? = client.get(key, ByteArray::class.java)

    override fun set(key: String, value: ByteArray) = client.set(key, value)

    override fun increment(key: String): Long = client.increment(key, 1) ?: error("a miss")

    override fun close() = client.close()
}

@Suppress("DEPRECATION") // of the time-out, for which there is nothing else
private fun folsom(server: ServerAddress): Peer {
    val client =
        MemcacheClientBuilder.newByteArrayClient()
            .withAddress(server.host(), server.port())
            .withRequestTimeoutMillis(PATIENCE_MILLIS)
            .connectAscii()
    ConnectFuture.connectFuture(client).toCompletableFuture().get(1, TimeUnit.SECONDS)
    return FolsomPeer(client)
}

private class FolsomPeer(
    private val client: MemcacheClient<ByteArray>,
) : Peer {
    override fun get(key: String): ByteArray? = await(client.get(key))

    override fun set(key: String, value: ByteArray) {
        val status = await(client.set(key, value, 0))
        check(status == MemcacheStatus.OK) { "$status" }
    }

    override fun increment(key: String): Long =
        await((client as com.spotify.folsom.AsciiMemcacheClient<ByteArray>).incr(key, 1)) ?: error("a miss")

    private fun <T> await(stage: CompletionStage<T>): T? = try {
        stage.toCompletableFuture().get(2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
    } catch (e: ExecutionException) {
        throw e.cause ?: e
    }

    override fun close() = client.shutdown()
}

private fun spymemcached(server: ServerAddress): Peer {
    val factory =
        ConnectionFactoryBuilder()
            .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT)
            .setOpTimeout(PATIENCE_MILLIS)
            .setTranscoder(SpymemcachedBytes)
            .setDaemon(true)
            .build()
    return SpymemcachedPeer(MemcachedClient(factory, listOf(InetSocketAddress(server.host(), server.port()))))
}

private class SpymemcachedPeer(
    private val client: MemcachedClient,
) : Peer {
    override fun get(key: String): ByteArray? = client.get(key) as ByteArray?

    override fun set(key: String, value: ByteArray) {
        val write = client.set(key, 0, value)
        check(write.get(2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) { write.status.message }
    }

    override fun increment(key: String): Long = client.incr(key, 1)

    override fun close() = client.shutdown()
}

private object SpymemcachedBytes : net.spy.memcached.transcoders.Transcoder<Any> {
    override fun asyncDecode(data: CachedData) = false

    override fun encode(value: Any) = CachedData(0, value as ByteArray, maxSize)

    override fun decode(data: CachedData): Any = data.data

    override fun getMaxSize() = CachedData.MAX_SIZE
}

private fun xmemcached(server: ServerAddress): Peer {
    val builder = XMemcachedClientBuilder(listOf(InetSocketAddress(server.host(), server.port())))
    builder.opTimeout = PATIENCE_MILLIS
    builder.setTranscoder(XmemcachedBytes)
    return XmemcachedPeer(builder.build())
}

private class XmemcachedPeer(
    private val client: net.rubyeye.xmemcached.MemcachedClient,
) : Peer {
    override fun get(key: String): ByteArray? = client.get(key)

    override fun set(key: String, value: ByteArray) = check(client.set(key, 0, value)) { "not stored" }

    override fun increment(key: String): Long = client.incr(key, 1)

    override fun close() = client.shutdown()
}

private object XmemcachedBytes : net.rubyeye.xmemcached.transcoders.Transcoder<Any> {
    override fun encode(value: Any) = net.rubyeye.xmemcached.transcoders.CachedData(0, value as ByteArray)

    override fun decode(data: net.rubyeye.xmemcached.transcoders.CachedData): Any = data.data

    override fun setPrimitiveAsString(on: Boolean) = Unit

    override fun setPackZeros(on: Boolean) = Unit

    override fun setCompressionThreshold(bytes: Int) = Unit

    override fun isPrimitiveAsString() = false

    override fun isPackZeros() = false

    override fun setCompressionMode(mode: net.rubyeye.xmemcached.transcoders.CompressionMode?) = Unit
}
