package io.cachewire.internal.connection

import io.cachewire.CleartextCredentials
import io.cachewire.Credentials
import io.cachewire.DataBlock
import io.cachewire.Escaped
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.auth.PlainLogin
import io.cachewire.internal.protocol.auth.SaslRequest
import io.cachewire.internal.protocol.auth.ScramSha256
import io.cachewire.internal.protocol.binary.BinaryDialect
import io.cachewire.internal.protocol.line.TextDialect
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.SocketAddress
import io.ktor.network.sockets.UnixSocketAddress
import io.ktor.network.sockets.toJavaAddress
import java.security.GeneralSecurityException
import java.security.SecureRandom
import java.util.Base64

/**
 * The server and the client did not agree on a login. Not an [java.io.IOException], because the server's other addresses would do no
 * better. The message is for the caller; it has nothing of the credentials.
 */
internal class LoginRefused(
    message: String,
    cause: Throwable? = null,
) : Exception(message, cause) {
    companion object {
        private const val TEXT = "unauthenticated"
        private const val BINARY = "Auth failure."

        /** The answer of a server that wants a login to a greeting without one. */
        fun isMeantBy(reply: Reply): Boolean = reply is Reply.Line && reply.kind() == Reply.Kind.CLIENT_ERROR &&
            (reply.text() == TEXT || reply.text() == BINARY)
    }
}

/**
 * What a provider of credentials threw: its class, where it came from, and the same of its causes. Not its text, which may have what a vault said:
 * an application that logs the exception of a call would log that text too.
 */
internal class WithoutText private constructor(
    className: String,
    cause: Throwable?,
) : Exception(className, cause) {
    companion object {
        private const val MAX_CAUSES = 10

        fun of(thrown: Throwable): Throwable = of(thrown, MAX_CAUSES)

        private fun of(thrown: Throwable, left: Int): WithoutText {
            // both may be overridden
            val cause = runCatching { thrown.cause }.getOrNull()
            val frames = runCatching { thrown.stackTrace }.getOrNull()
            val shown = WithoutText(thrown.javaClass.name, if (left == 0) null else cause?.let { of(it, left - 1) })
            shown.stackTrace = frames ?: emptyArray()
            return shown
        }
    }
}

/** Why an attempt to connect failed, for those that wait for it. */
internal fun failedAttempt(e: Throwable): Failure {
    val what = e.message ?: e.javaClass.simpleName
    return if (e is LoginRefused) {
        Failure(Failure.Kind.UNAUTHENTICATED, Delivery.NOT_SENT, what, e.cause)
    } else {
        Failure(Failure.Kind.UNREACHABLE, Delivery.NOT_SENT, "cannot connect: $what", e)
    }
}

/**
 * The login of one new connection: before the greeting, one packet at a time and nothing behind it. Text servers (`memcached -Y`) are first
 * asked whether they want one, because one that does not would store user and password as an item. On binary ones (`memcached -S`) it is
 * the strongest mechanism that both sides know. Runs in the coroutine of the attempt, and ends with its time limit whatever it waits for.
 *
 * Decided in docs/decisions/0027-logins-are-strict.md.
 */
internal class Login(
    private val io: IoThread,
    private val settings: LoginSettings,
    private val transport: Transport,
    private val address: SocketAddress,
) {
    /**
     * Returns when the server has accepted the login.
     *
     * @throws LoginRefused when it did not, or when the credentials may not be sent
     * @throws java.io.IOException when the connection broke, or the server's bytes are not its dialect's
     */
    suspend fun perform(server: ServerAddress, binary: Boolean) {
        val credentials = credentials(server)
        if (binary) Sasl(server, credentials).perform() else text(credentials)
    }

    private suspend fun credentials(server: ServerAddress): Credentials = apart(server) {
        val given =
            try {
                settings.given(server)
            } catch (e: Throwable) {
                throw LoginRefused(
                    "cannot log in: the credentials provider ${settings.provider()} threw ${e.javaClass.name}",
                    WithoutText.of(e),
                )
            }
        given ?: throw LoginRefused(
            "cannot log in: the credentials provider ${settings.provider()} returned null; a client without a login has no provider",
        )
    }

    private suspend fun <T> apart(server: ServerAddress, work: () -> T): T =
        io.errands.forServer(server.toString(), work)

    private fun checkPasswordMayBeSent() {
        val hidden = transport.isSecure || isLocal() || settings.cleartext() == CleartextCredentials.ALLOWED
        if (!hidden) {
            throw LoginRefused(
                "cannot log in: the password would go over the network in clear; use TLS, or allow it by cleartextCredentials",
            )
        }
    }

    private fun isLocal() = when (address) {
        is UnixSocketAddress -> true

        // the address itself: its name would be asked of the network, which could say anything
        is InetSocketAddress -> (address.toJavaAddress() as java.net.InetSocketAddress).address?.isLoopbackAddress
            ?: false
    }

    private suspend fun text(credentials: Credentials) {
        checkPasswordMayBeSent()
        val block =
            try {
                PlainLogin.text(credentials)
            } catch (e: IllegalArgumentException) {
                throw LoginRefused("cannot log in: ${e.message}", e)
            }
        try {
            val dialogue = Greeting(transport, DIALECT)
            val greeted = dialogue.exchange()
            if (!LoginRefused.isMeantBy(greeted)) throw unwanted(greeted)
            val store = Request.Store(Opcode.SET, KEY, DataBlock.wrap(block), 0, 0, 0)
            val header = ByteArray(block.size + SPARE_BYTES)
            val end = DIALECT.encodeHeader(store, 0, header, 0)
            block.copyInto(header, end)
            DIALECT.trailer().copyInto(header, end + block.size)
            val reply = dialogue.ask(header, end + block.size + DIALECT.trailer().size)
            header.fill(0)
            if (reply.kind() != Reply.Kind.STORED) throw refused(reply)
        } finally {
            block.fill(0)
        }
    }

    private fun unwanted(greeted: Reply) = LoginRefused(
        if (greeted.isError) {
            "cannot log in: the server answers ${shown(greeted)}"
        } else {
            "cannot log in: the server asks for no login, and the credentials were not sent"
        },
    )

    private fun refused(reply: Reply) = LoginRefused("cannot log in: the server answers the login with ${shown(reply)}")

    private fun shown(reply: Reply) = when (reply) {
        is Reply.Line -> "${reply.kind()} ${Escaped.text(reply.text())}".trim()
        else -> reply.kind().toString()
    }

    /** The login of the binary protocol. */
    private inner class Sasl(
        private val server: ServerAddress,
        private val credentials: Credentials,
    ) {
        private val dialogue = Greeting(transport, BinaryDialect())
        private var opaque = 0

        suspend fun perform() {
            val reply = ask(SaslRequest.mechanisms())
            if (reply.kind() == Reply.Kind.ERROR) {
                throw LoginRefused("cannot log in: the server knows no SASL, and the credentials were not sent")
            }
            val offered = text(reply, Reply.Kind.SASL)
            val names = offered.split(' ')
            when {
                ScramSha256.NAME in names -> scram()

                PlainLogin.NAME in names -> plain()

                else -> throw LoginRefused(
                    "cannot log in: of ${ScramSha256.NAME} and ${PlainLogin.NAME} the server offers neither, but " +
                        Escaped.text(offered),
                )
            }
        }

        private suspend fun plain() {
            checkPasswordMayBeSent()
            val message = PlainLogin.sasl(credentials)
            try {
                text(ask(SaslRequest.start(PlainLogin.NAME, DataBlock.wrap(message))), Reply.Kind.SASL)
            } finally {
                message.fill(0)
            }
        }

        private suspend fun scram() {
            try {
                val nonce = ByteArray(NONCE_BYTES).also(RANDOM::nextBytes)
                val scram = ScramSha256(credentials, Base64.getEncoder().encodeToString(nonce))
                val first = SaslRequest.start(ScramSha256.NAME, DataBlock.ofUtf8(scram.first()))
                val challenge = text(ask(first), Reply.Kind.SASL_CONTINUE)
                val answer = apart(server) { scram.answer(challenge) }
                val last = ask(SaslRequest.step(ScramSha256.NAME, DataBlock.ofUtf8(answer)))
                // memcached sends its signature as one more challenge, others with the success
                val more = last.kind() == Reply.Kind.SASL_CONTINUE
                scram.verify(text(last, if (more) Reply.Kind.SASL_CONTINUE else Reply.Kind.SASL))
                if (more) text(ask(SaslRequest.step(ScramSha256.NAME, DataBlock.EMPTY)), Reply.Kind.SASL)
            } catch (e: GeneralSecurityException) {
                throw LoginRefused("cannot log in: ${e.message}", e)
            }
        }

        private suspend fun ask(request: SaslRequest): Reply {
            val token = opaque++
            val packet = request.encode(token)
            val reply = dialogue.ask(packet, packet.size)
            packet.fill(0)
            if (!request.isAnsweredBy(reply, token)) throw refused(reply)
            return reply
        }

        private fun text(reply: Reply, kind: Reply.Kind): String {
            if (reply !is Reply.Sasl || reply.kind() != kind) throw refused(reply)
            return reply.data().toUtf8()
        }
    }

    private companion object {
        val DIALECT = TextDialect()
        val KEY = DataBlock.ofUtf8("login")
        val RANDOM = SecureRandom()
        const val NONCE_BYTES = 24

        /** For the command line and the line end of a text login. */
        const val SPARE_BYTES = 64
    }
}
