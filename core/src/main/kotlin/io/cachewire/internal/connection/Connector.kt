package io.cachewire.internal.connection

import io.cachewire.Escaped
import io.cachewire.ServerAddress
import io.cachewire.internal.connection.tls.TlsFailure
import io.cachewire.internal.connection.tls.TlsTransport
import io.cachewire.internal.connection.udp.UdpGreeting
import io.cachewire.internal.connection.udp.UdpProof
import io.cachewire.internal.connection.udp.UdpRequestIds
import io.cachewire.internal.connection.udp.UdpSocket
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Limits
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.binary.BinaryDialect
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.SocketAddress
import io.ktor.network.sockets.UnixSocketAddress
import io.ktor.network.sockets.aSocket
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.net.InetAddress
import java.net.UnknownHostException
import java.nio.ByteBuffer
import javax.net.ssl.SSLException
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.toKotlinDuration

/** Finds the addresses of a host name; may block. */
internal fun interface Resolver {
    fun resolve(host: String): List<InetAddress>

    companion object {
        /** The system's, which is asked anew for every attempt to connect. */
        val System = Resolver { host -> InetAddress.getAllByName(host).toList() }
    }
}

/** An open, greeted socket and what is spoken on it. */
internal class Opened(
    val transport: Transport,
    val found: Found,
)

/** The same over UDP; the greeting has taken the first id. */
internal class OpenedUdp(
    val socket: UdpSocket,
    val dialect: Dialect,
    val ids: UdpRequestIds,
)

/**
 * Opens connections: resolves the name, tries each of its addresses, and greets the server. Only a right answer to the greeting counts as a
 * connection; that a connect succeeded proves nothing, because the kernel accepts for a stopped process too.
 */
internal open class Connector(
    private val io: IoThread,
    private val settings: ConnectionSettings,
    private val resolver: Resolver = Resolver.System,
) {
    /**
     * One attempt, bounded by the connect timeout.
     *
     * @param asksText not to ask for the meta protocol
     * @throws IOException when it failed; the message says how
     * @throws LoginRefused when the server and the client do not agree on a login
     */
    open suspend fun open(server: ServerAddress, asksText: Boolean = false): Opened {
        val attempt = Attempt()
        return attempt.first(server) { address ->
            Greeter(settings.dialect()) { ready(server, address, attempt) }.greet(asksText)
        }
    }

    /** As [open], for a server that is asked over UDP. A socket without a server behind it opens too; the greeting finds out. */
    suspend fun openUdp(server: ServerAddress): OpenedUdp {
        // the builder refuses it, and what adds servers later must not get round that
        if (settings.tls() != null) throw IOException("TLS is set, and there is none over UDP")
        if (settings.login() != null) throw LoginRefused("cannot log in: there is no login over UDP")
        val attempt = Attempt()
        return attempt.first(server) {
            val address = it as InetSocketAddress
            val socket =
                attempt.holding(UdpSocket(io.selector, java.net.InetSocketAddress(address.hostname, address.port)))
            attempt.stage = GREETING
            val ids = UdpRequestIds()
            OpenedUdp(socket, spoken(UdpGreeting(socket, udpGreeting(), ids.take()).exchange()), ids)
        }
    }

    /** One attempt, over all addresses of the name. */
    private inner class Attempt {
        private val end = io.clock.nanos() + settings.connectTimeout().toNanos()

        /** What it waits for, for the message. */
        @Volatile
        var stage = "connecting"

        /** What is open now. A result that meets a time limit or a cancel is dropped by withTimeout, and would stay open. */
        private var held: AutoCloseable? = null

        fun <C : AutoCloseable> holding(opened: C): C = opened.also { held = it }

        suspend fun <T : Any> first(server: ServerAddress, open: suspend (SocketAddress) -> T): T {
            try {
                return withTimeout(settings.connectTimeout().toKotlinDuration()) { any(server, open) }
            } catch (e: Throwable) {
                held?.close()
                throw if (e is TimeoutCancellationException) tooSlow(e) else e
            }
        }

        private suspend fun <T : Any> any(server: ServerAddress, open: suspend (SocketAddress) -> T): T {
            stage = "resolving the name"
            val addresses = addresses(server)
            var last: Exception? = null
            addresses.forEachIndexed { index, address ->
                stage = "connecting"
                try {
                    // an address that does not answer leaves the others their share of the time
                    val share = (end - io.clock.nanos()) / (addresses.size - index)
                    val isLast = index == addresses.lastIndex
                    val opened = if (isLast) open(address) else withTimeoutOrNull(share.nanoseconds) { open(address) }
                    return opened ?: throw IOException("$address: nothing within ${share.nanoseconds}, $stage")
                } catch (e: CancellationException) {
                    throw e
                } catch (e: IOException) {
                    held?.close()
                    val why =
                        when {
                            e is SSLException -> TlsFailure(e)
                            settings.tls() == null -> MaybeTls.explained(e)
                            else -> e
                        }
                    last?.let(why::addSuppressed)
                    last = why
                }
            }
            throw last ?: UnknownHostException("${server.host()} has no address")
        }

        private fun tooSlow(e: TimeoutCancellationException): IOException {
            val what = if (settings.tls() ==
                null
            ) {
                "connection and greeting"
            } else {
                "connection, TLS handshake and greeting"
            }
            return IOException(
                "no $what within ${settings.connectTimeout().toKotlinDuration()}; it was still $stage${silence()}",
                e,
            )
        }
    }

    /** What a server says nothing to. */
    private fun Attempt.silence() = when {
        stage == GREETING && settings.tls() == null -> "; a server that wants TLS says nothing either"
        stage == LOGIN && settings.dialect() is BinaryDialect -> "; a server with -Y does not speak the binary protocol"
        else -> ""
    }

    private suspend fun addresses(server: ServerAddress): List<SocketAddress> {
        if (server.isUnix) {
            return listOf(UnixSocketAddress(server.host()))
        }
        val found =
            try {
                io.errands.lookUp(server.host(), resolver)
            } catch (e: UnknownHostException) {
                throw UnknownHostException("the host ${Escaped.text(server.host())} does not resolve").initCause(e)
            }
        return found.map { InetSocketAddress(it.hostAddress, server.port()) }
    }

    private suspend fun connect(address: SocketAddress): Transport = try {
        val socket: Socket = aSocket(io.selector).tcp().connect(address) { noDelay = true }
        KtorTransport(io.selector, socket)
    } catch (e: CancellationException) {
        throw e
    } catch (e: IOException) {
        throw e
    } catch (e: Exception) {
        // ktor lets unchecked ones of the channel through
        throw IOException("connect failed: ${e.message ?: e.javaClass.simpleName}", e)
    }

    /** Nothing of ours passes before this has succeeded, when TLS is set. */
    private suspend fun secure(plain: Transport, server: ServerAddress, attempt: Attempt): Transport {
        val transport = settings.tls()?.let { TlsTransport(plain, it.engine(server), io.selector) }
        try {
            if (transport != null) {
                attempt.stage = "in the TLS handshake"
                transport.handshake()
            }
            return transport ?: plain
        } catch (e: Throwable) {
            plain.close()
            throw e
        }
    }

    /** A connection on which the server can be greeted. */
    private suspend fun ready(server: ServerAddress, at: SocketAddress, attempt: Attempt): Transport {
        attempt.stage = "connecting"
        val transport = attempt.holding(secure(attempt.holding(connect(at)), server, attempt))
        settings.login()?.let {
            attempt.stage = LOGIN
            Login(io, it, transport, at).perform(server, settings.dialect() is BinaryDialect)
        }
        attempt.stage = GREETING
        return transport
    }

    /** Over UDP a server is asked for its version, which all of them tell, or for the binary no-op. */
    private fun udpGreeting(): Dialect = settings.dialect()?.takeIf { it is BinaryDialect } ?: Greeter.TEXT

    /**
     * What is spoken over UDP, where a greeting proves nothing of what answers the next datagram: text, unless the user has set another
     * protocol; the meta protocol is proven again and again then ([UdpProof]).
     */
    private fun spoken(reply: Reply): Dialect = when {
        udpGreeting().answers(Sentinel.NOOP, 0, reply) && !reply.isError -> settings.dialect() ?: Greeter.TEXT
        LoginRefused.isMeantBy(reply) -> throw LoginRefused("cannot log in: the server wants a login")
        else -> throw IOException("the server greets with ${described(reply)}")
    }

    private companion object {
        const val GREETING = "waiting for the greeting"
        const val LOGIN = "in the login"
    }
}

/** For people. */
internal fun described(reply: Reply): String = when (reply) {
    is Reply.Line -> "${reply.kind()} ${Escaped.text(reply.text())}".trim()
    else -> reply.kind().toString()
}

/** A server that wants TLS ends a connection in clear, or answers with an alert. */
private object MaybeTls {
    fun explained(e: IOException): IOException {
        val text = e.message.orEmpty()
        val isLikely = CLOSED in text || "\\u0015\\u0003" in text || "Connection reset" in text
        return if (isLikely) IOException("$text; does it want TLS? Then set `tls`", e) else e
    }

    const val CLOSED = "the server closed the connection before it greeted"
}

/** Requests and replies one by one, before there is a reader: the login, and the greeting in binary. */
internal class Greeting(
    private val transport: Transport,
    private val dialect: Dialect,
) {
    private val parser = dialect.newParser(Limits(MAX_REPLY_BYTES, MAX_REPLY_BYTES, 1))

    suspend fun exchange(): Reply {
        val header = ByteArray(Dialect.MAX_HEADER_BYTES)
        return ask(header, dialect.encodeHeader(Sentinel.NOOP, 0, header, 0))
    }

    suspend fun ask(bytes: ByteArray, length: Int): Reply {
        val request = ByteBuffer.wrap(bytes, 0, length)
        while (request.hasRemaining()) {
            if (transport.write(request) == 0) {
                transport.awaitWritable()
            }
        }
        val buffer = ByteBuffer.allocate(MAX_REPLY_BYTES)
        while (true) {
            transport.awaitReadable()
            buffer.clear()
            val count = transport.read(buffer)
            if (count < 0) {
                throw IOException(MaybeTls.CLOSED)
            }
            try {
                parser.feed(buffer.array(), 0, count)
                val reply = parser.next() ?: continue
                if (parser.next() != null) {
                    throw IOException("the server sent more than its greeting")
                }
                return reply
            } catch (e: MalformedReply) {
                throw IOException("the server's greeting is not memcached's: ${e.message}", e)
            }
        }
    }

    private companion object {
        const val MAX_REPLY_BYTES = 1024
    }
}
