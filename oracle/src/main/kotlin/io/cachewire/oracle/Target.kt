package io.cachewire.oracle

import io.cachewire.ServerAddress
import io.cachewire.fixture.MemcachedServer
import java.net.InetSocketAddress
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

/** The server of a round, and what can be done to it. */
internal interface Target : AutoCloseable {
    val address: ServerAddress

    fun pause()

    fun resume()

    fun kill()

    fun startAgain()

    fun flush()
}

/** A real memcached. */
internal class RealTarget(
    wire: Wire,
) : Target {
    private val server =
        MemcachedServer.with("-m", "512", "-c", "2048").let { if (wire == Wire.UNIX) it.onUnixSocket() else it }.start()

    override val address: ServerAddress get() = server.address()

    override fun pause() = server.pause()

    override fun resume() = server.resume()

    override fun kill() = server.kill()

    override fun startAgain() {
        repeat(START_ATTEMPTS - 1) {
            try {
                return server.startAgain()
            } catch (e: IllegalStateException) {
                // an outgoing connection may have its port for a moment
                println("the server did not start again: ${e.message}")
            }
        }
        server.startAgain()
    }

    /** Behind the proxy's back, so that it happens now. */
    override fun flush() {
        val path = address.host()
        val channel =
            if (address.isUnix) {
                SocketChannel.open(StandardProtocolFamily.UNIX).also { it.connect(UnixDomainSocketAddress.of(path)) }
            } else {
                SocketChannel.open(InetSocketAddress(path, address.port()))
            }
        channel.use {
            it.write(ByteBuffer.wrap("flush_all\r\n".toByteArray()))
            val answer = ByteBuffer.allocate(64)
            it.read(answer)
            check(String(answer.array(), 0, answer.position()) == "OK\r\n") { "flush_all was not answered with OK" }
        }
    }

    override fun close() = server.close()

    private companion object {
        const val START_ATTEMPTS = 5
    }
}
