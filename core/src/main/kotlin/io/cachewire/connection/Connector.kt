package io.cachewire.connection

import io.cachewire.Escaped
import io.cachewire.ServerAddress
import io.cachewire.protocol.BinaryDialect
import io.cachewire.protocol.Dialect
import io.cachewire.protocol.Limits
import io.cachewire.protocol.MalformedReply
import io.cachewire.protocol.MetaDialect
import io.cachewire.protocol.Reply
import io.cachewire.protocol.TextDialect
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.SocketAddress
import io.ktor.network.sockets.UnixSocketAddress
import io.ktor.network.sockets.aSocket
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.net.InetAddress
import java.net.UnknownHostException
import java.nio.ByteBuffer
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
    val dialect: Dialect,
)

/**
 * Opens connections: resolves the name, tries each of its addresses, and greets the server. Only a right answer to the greeting counts as a
 * connection; that a connect succeeded proves nothing, because the kernel accepts for a stopped process too.
 */
internal class Connector(
    private val io: IoThread,
    private val settings: ConnectionSettings,
    private val resolver: Resolver = Resolver.System,
) {
    /**
     * One attempt, bounded by the connect timeout.
     *
     * @throws IOException when it failed; the message says how
     * @throws LoginRefused when the server and the client do not agree on a login
     */
    suspend fun open(server: ServerAddress): Opened {
        var opened: Opened? = null
        try {
            return withTimeout(settings.connectTimeout().toKotlinDuration()) { openAny(server).also { opened = it } }
        } catch (e: Throwable) {
            // a result that meets the time limit or a cancel is dropped by withTimeout, and would stay open
            opened?.transport?.close()
            throw if (e is TimeoutCancellationException) tooSlow(e) else e
        }
    }

    private fun tooSlow(e: TimeoutCancellationException) =
        IOException("no connection and greeting within ${settings.connectTimeout().toKotlinDuration()}", e)

    private suspend fun openAny(server: ServerAddress): Opened {
        var last: Exception? = null
        for (address in addresses(server)) {
            try {
                return greet(connect(address), server, address)
            } catch (e: CancellationException) {
                throw e
            } catch (e: IOException) {
                last?.let(e::addSuppressed)
                last = e
            }
        }
        throw last ?: UnknownHostException("${server.host()} has no address")
    }

    private suspend fun addresses(server: ServerAddress): List<SocketAddress> {
        if (server.isUnix) {
            return listOf(UnixSocketAddress(server.host()))
        }
        // not a child of this coroutine: the system's resolver cannot be interrupted, and a timeout must not wait for it
        val found =
            io.scope.async(Dispatchers.IO) {
                try {
                    resolver.resolve(server.host())
                } catch (e: UnknownHostException) {
                    throw UnknownHostException("the host ${Escaped.text(server.host())} does not resolve").initCause(e)
                }
            }
        return found.await().map { InetSocketAddress(it.hostAddress, server.port()) }
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

    private suspend fun greet(transport: Transport, server: ServerAddress, address: SocketAddress): Opened {
        try {
            val wanted = settings.dialect()
            settings.login()?.let { Login(io, it, transport, address).perform(server, wanted is BinaryDialect) }
            val first = wanted ?: META
            val reply = Greeting(transport, first).exchange()
            return when {
                first.answers(Sentinel.NOOP, 0, reply) && !reply.isError -> Opened(transport, first)

                reply is Reply.Line && reply.kind() == Reply.Kind.ERROR && reply.text().isEmpty() && wanted == null ->
                    Opened(transport, TEXT)

                reply is Reply.Line && reply.kind() == Reply.Kind.ERROR && reply.text().isEmpty() ->
                    throw IOException("the server does not speak the ${first.name()} dialect")

                LoginRefused.isMeantBy(reply) -> throw LoginRefused("cannot log in: the server wants a login")

                else -> throw IOException("the server greets with ${describe(reply)}")
            }
        } catch (e: Throwable) {
            transport.close()
            throw e
        }
    }

    private companion object {
        val META = MetaDialect()
        val TEXT = TextDialect()
    }

    private fun describe(reply: Reply) = when (reply) {
        is Reply.Line -> "${reply.kind()} ${Escaped.text(reply.text())}".trim()
        else -> reply.kind().toString()
    }
}

/** Requests and replies one by one, before there is a reader: the greeting, and the login before it. */
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
                throw IOException("the server closed the connection before it greeted")
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
