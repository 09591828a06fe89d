package io.cachewire.oracle

import io.cachewire.BlockingMemcachedClient
import io.cachewire.ServerAddress
import io.cachewire.Tls
import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.MemcachedServer
import java.net.InetSocketAddress
import java.net.Socket
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.ByteChannel
import java.nio.channels.Channels
import java.nio.channels.ReadableByteChannel
import java.nio.channels.SocketChannel
import java.nio.channels.WritableByteChannel
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/** The server of a round, and what can be done to it. */
internal interface Target : AutoCloseable {
    val address: ServerAddress

    /** Servers beside it that no fault befalls. */
    val others: List<ServerAddress> get() = emptyList()

    /** What the client needs to trust it; null without TLS. */
    val tls: Tls? get() = null

    /** Whether the faults that befall this server befall a key; asked before there are any. */
    fun owns(client: BlockingMemcachedClient, key: String): Boolean = true

    fun pause()

    fun resume()

    fun kill()

    fun startAgain()

    fun flush()
}

/** Keys of a round that nobody else uses. */
internal fun probes(run: String): Sequence<String> = generateSequence(0) { it + 1 }.map { "$run:probe-$it" }

/** A real memcached, perhaps with others. */
internal class RealTarget(
    private val wire: Wire,
    servers: Int = 1,
) : Target {
    private val server = start()
    private val spares = List(servers - 1) { start() }

    override val address: ServerAddress get() = server.address()

    override val others: List<ServerAddress> get() = spares.map { it.address() }

    override val tls: Tls? get() = if (wire == Wire.TLS) Tls.of(Certificate.authority.context()) else null

    /** The server is asked for what the client has written; a time to live of a second, because the key is nobody's. */
    override fun owns(client: BlockingMemcachedClient, key: String): Boolean {
        if (spares.isEmpty()) return true
        client.set(key, "whose", Duration.ofSeconds(1))
        return connect().use {
            it.write(ByteBuffer.wrap("get $key\r\n".toByteArray()))
            val answer = ByteBuffer.allocate(ANSWER_BYTES)
            it.read(answer)
            answer.get(0) == 'V'.code.toByte()
        }
    }

    private fun start(): MemcachedServer {
        val setup = MemcachedServer.with("-m", "512", "-c", "2048")
        return when (wire) {
            Wire.TCP -> setup
            Wire.UNIX -> setup.onUnixSocket()
            Wire.TLS -> setup.tls(Certificate.folder.resolve("chain.pem"), Certificate.folder.resolve("key.pem"))
        }.start()
    }

    override fun pause() = server.pause()

    override fun resume() = server.resume()

    override fun kill() = patiently("end") { server.kill() }

    // an outgoing connection may have its port for a moment
    override fun startAgain() = patiently("start again") { server.startAgain() }

    /** The fixture's time limits are for a test; a machine may be busier than that, and it is not what is examined here. */
    private fun patiently(what: String, act: () -> Unit) {
        repeat(ATTEMPTS - 1) {
            try {
                return act()
            } catch (e: IllegalStateException) {
                println("the server did not $what: ${e.message}")
            }
        }
        act()
    }

    /** Behind the proxy's back, so that it happens now. */
    override fun flush() {
        connect().use {
            it.write(ByteBuffer.wrap("flush_all\r\n".toByteArray()))
            val answer = ByteBuffer.allocate(64)
            it.read(answer)
            check(String(answer.array(), 0, answer.position()) == "OK\r\n") { "flush_all was not answered with OK" }
        }
    }

    private fun connect(): ByteChannel = when (wire) {
        Wire.UNIX -> SocketChannel.open(UnixDomainSocketAddress.of(address.host()))
        Wire.TCP -> SocketChannel.open(InetSocketAddress(address.host(), address.port()))
        Wire.TLS -> Secured(Certificate.authority.context().socketFactory.createSocket(address.host(), address.port()))
    }

    override fun close() {
        server.close()
        spares.forEach(MemcachedServer::close)
    }

    /** A socket of the JDK's TLS as a channel. */
    private class Secured(
        private val socket: Socket,
    ) : ByteChannel,
        ReadableByteChannel by Channels.newChannel(socket.getInputStream()),
        WritableByteChannel by Channels.newChannel(socket.getOutputStream()) {
        override fun isOpen() = !socket.isClosed

        override fun close() = socket.close()
    }

    /** One for all rounds: making a key takes its time. */
    private object Certificate {
        val authority = CertificateAuthority()
        val folder: Path =
            Files.createTempDirectory("oracle-tls").also {
                authority.issue("127.0.0.1").write(it)
                it.toFile().deleteOnExit()
                it.toFile().listFiles()!!.forEach { file -> file.deleteOnExit() }
            }
    }

    private companion object {
        const val ATTEMPTS = 10
        const val ANSWER_BYTES = 1024
    }
}
