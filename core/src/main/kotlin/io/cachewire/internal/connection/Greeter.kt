package io.cachewire.internal.connection

import io.cachewire.Escaped
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.binary.BinaryDialect
import io.cachewire.internal.protocol.line.MetaDialect
import io.cachewire.internal.protocol.line.MetaProof
import io.cachewire.internal.protocol.line.MetaProof.Verdict
import io.cachewire.internal.protocol.line.TextDialect
import java.io.IOException
import java.security.SecureRandom
import java.util.HexFormat

/** What the greeting of one connection has found. */
internal class Found(
    val dialect: Dialect,
    val how: How,
    /** What the server answered to `version`, when it was asked. */
    val version: String? = null,
    /** Whether the server has answered `cas` in text as memcached does. */
    val hasProvenCas: Boolean = false,
) {
    /** What speaks for the dialect. */
    enum class How {
        /** The server has proven it. */
        PROVEN,

        /** The server's answers are those of one without the meta protocol. */
        ANSWERED,

        /** The server closed the connection at the question for the meta protocol. */
        CLOSED,

        /** Nothing else was asked for. */
        ASKED,
    }
}

/**
 * Finds out what a server speaks, on as many connections as that takes, one after another: after an answer that says "text" the connection is
 * of no use, because nobody knows how much of the question the server will still answer.
 *
 * Meta is spoken after a [MetaProof] only, also when the user wants nothing else. Text is spoken after an answer to `version`; where the
 * server closes at that, as some proxies do, after one to the read of an absent key. `cas` belongs to it only after one of an absent item was
 * answered, because a server without that command runs its data block as commands. Silence is no answer: who waits for the whole of this
 * gives it a time limit.
 *
 * @param wanted the dialect that the user has set, or null
 * @param connect a new connection, secured and logged in
 */
internal class Greeter(
    private val wanted: Dialect?,
    private val connect: suspend () -> Transport,
) {
    /**
     * An open connection and what to speak on it.
     *
     * @param asksText not to ask for the meta protocol
     * @throws IOException when the attempt has failed
     * @throws LoginRefused when the server wants a login
     */
    suspend fun greet(asksText: Boolean): Opened {
        if (wanted is BinaryDialect) return binary(wanted)
        if (asksText || wanted?.name() == TEXT.name()) return text(Found.How.ASKED)
        val lines = open()
        val how =
            try {
                when (askMeta(lines)) {
                    Verdict.PROVEN -> return lines.opened(Found(wanted ?: META, Found.How.PROVEN))
                    else -> Found.How.ANSWERED
                }
            } catch (_: ClosedAtGreeting) {
                Found.How.CLOSED
            }
        lines.transport.close()
        return text(how).also { if (wanted != null) refuse(it, how) }
    }

    private class Line(
        val transport: Transport,
    ) {
        val lines = GreetingLines(transport)

        /** What is read behind the greeting would be lost, and the rest of it would answer the first request. */
        fun opened(found: Found): Opened {
            if (lines.hasMore) throw IOException("the server sent more than its greeting")
            return Opened(transport, found)
        }
    }

    private suspend fun open() = Line(connect())

    private suspend fun askMeta(on: Line): Verdict {
        val proof = MetaProof(absentKey(), RANDOM.nextInt(Int.MAX_VALUE))
        on.lines.send(proof.request())
        while (true) {
            val line = on.lines.next()
            when (val verdict = proof.take(line)) {
                Verdict.INCOMPLETE -> continue

                Verdict.PROVEN -> return verdict

                Verdict.UNKNOWN_COMMAND -> {
                    requireVersion(on.lines)
                    return Verdict.TEXT
                }

                Verdict.TEXT -> return verdict

                Verdict.LOGIN, Verdict.REFUSED, Verdict.FOREIGN -> throw refusal(verdict, line)
            }
        }
    }

    /** A bare `ERROR` may come from anything on the way; a server says its version too. What the rest of the greeting is answered comes before. */
    private suspend fun requireVersion(lines: GreetingLines) {
        lines.send(VERSION)
        repeat(MAX_ERRORS) {
            val line = lines.next()
            if (isVersion(line)) return
            val verdict = MetaProof.error(line) ?: Verdict.FOREIGN
            if (verdict != Verdict.UNKNOWN_COMMAND && verdict != Verdict.TEXT) throw refusal(verdict, line)
        }
        throw IOException("the server answers every command with an error")
    }

    private suspend fun text(how: Found.How): Opened {
        val on = open()
        try {
            return askText(on, how)
        } catch (_: ClosedAtGreeting) {
            on.transport.close()
        }
        return askItem(open(), how)
    }

    private suspend fun askText(on: Line, how: Found.How): Opened {
        on.lines.send(withCas(VERSION))
        val line = on.lines.next()
        if (isVersion(line)) {
            val version = line.drop(VERSION_WORD.length).trim()
            return askCas(on, how, version, ::isVersion) ?: plain(how, VERSION, ::isVersion)
        }
        val verdict = MetaProof.error(line) ?: Verdict.FOREIGN
        if (verdict != Verdict.UNKNOWN_COMMAND && verdict != Verdict.TEXT) throw refusal(verdict, line)
        on.transport.close()
        return askItem(open(), how)
    }

    private suspend fun askItem(on: Line, how: Found.How): Opened {
        val question = "get ${absentKey()}\r\n".toByteArray()
        on.lines.send(withCas(question))
        val line = on.lines.next()
        if (!isEnd(line)) throw refusal(MetaProof.error(line) ?: Verdict.FOREIGN, line)
        return askCas(on, how, null, ::isEnd) ?: plain(how, question, ::isEnd)
    }

    /** A question, a cas of an absent item with an empty data block, and the question again, whose answer comes behind all of that of the cas. */
    private fun withCas(question: ByteArray) = question + "cas ${absentKey()} 0 0 0 1\r\n\r\n".toByteArray() + question

    /** Whether cas is answered as memcached does; one that does not read the data block takes it for an empty line. Null at the end of the connection. */
    private suspend fun askCas(on: Line, how: Found.How, version: String?, isAnswer: (String) -> Boolean): Opened? {
        try {
            val answer = on.lines.next()
            var line = answer
            repeat(MAX_ERRORS) {
                if (isAnswer(line)) {
                    val hasCas = answer == "NOT_FOUND"
                    return on.opened(Found(if (hasCas) TEXT else WITHOUT_CAS, how, version, hasCas))
                }
                line = on.lines.next()
            }
            throw NotMemcached(line)
        } catch (_: ClosedAtGreeting) {
            on.transport.close()
            return null
        }
    }

    /** Text without a question for cas: what closes the connection at that line will do so again, and runs no value. */
    private suspend fun plain(how: Found.How, question: ByteArray, isAnswer: (String) -> Boolean): Opened {
        val on = open()
        on.lines.send(question)
        val line = on.lines.next()
        if (!isAnswer(line)) throw refusal(MetaProof.error(line) ?: Verdict.FOREIGN, line)
        val version = if (isVersion(line)) line.drop(VERSION_WORD.length).trim() else null
        return on.opened(Found(TEXT, how, version))
    }

    private suspend fun binary(dialect: BinaryDialect): Opened {
        val transport = connect()
        val reply = Greeting(transport, dialect).exchange()
        return when {
            dialect.answers(Sentinel.NOOP, 0, reply) && !reply.isError ->
                Opened(transport, Found(dialect, Found.How.ASKED))

            LoginRefused.isMeantBy(reply) -> throw LoginRefused(WANTS_LOGIN)

            else -> throw IOException("the server greets with ${described(reply)}")
        }
    }

    private fun refuse(opened: Opened, how: Found.How) {
        opened.transport.close()
        val version = opened.found.version?.let { " (it says \"${Escaped.text(it)}\" to version)" }.orEmpty()
        val what = if (how == Found.How.CLOSED) ": it closes the connection at it" else " of memcached 1.6.18 and later"
        throw IOException("the server does not speak the meta dialect$what$version; set the protocol to AUTO or TEXT")
    }

    private fun refusal(verdict: Verdict, line: String): Exception = when (verdict) {
        Verdict.LOGIN -> LoginRefused(WANTS_LOGIN)
        Verdict.FOREIGN -> NotMemcached(line)
        else -> IOException("the server greets with ${Escaped.text(line)}")
    }

    companion object {
        val META = MetaDialect()
        val TEXT = TextDialect()
        private val WITHOUT_CAS = TextDialect.withoutCas()
        private val RANDOM = SecureRandom()
        private const val WANTS_LOGIN = "cannot log in: the server wants a login"
        private const val VERSION_WORD = "VERSION"
        private val VERSION = "version\r\n".toByteArray()

        /** Both commands of the greeting, the empty line, and one more for `version` itself. */
        private const val MAX_ERRORS = 4
        private const val KEY_BYTES = 12

        /** A key that no item has. */
        fun absentKey(): String = "cachewire-" + HexFormat.of().formatHex(ByteArray(KEY_BYTES).also(RANDOM::nextBytes))

        private fun isEnd(line: String) = line == "END"

        private fun isVersion(line: String) = line == VERSION_WORD || line.startsWith("$VERSION_WORD ")
    }
}
