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
        const val ATTEMPTS = 10
    }
}
