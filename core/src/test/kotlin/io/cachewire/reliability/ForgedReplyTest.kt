package io.cachewire.reliability

import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.fixture.Flood
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds

private enum class Expected { PROTOCOL_ERROR, PROTOCOL_ERROR_OR_TIMEOUT }

/** One false reply to a read: an error in time, no value, no miss; the calls after it are right. */
private suspend fun refuses(dialect: Protocol, lie: Lie, expected: Expected = Expected.PROTOCOL_ERROR) {
    HostileServer.start().put("k", 0, "hello").put("other", 0, "foreign").use { server ->
        client(server.address()) { protocol = dialect }.use { cache ->
            cache.shouldBeInSync()
            server.next(dialect.read, lie)
            val ended = attempt { cache.get<String>("k") }
            ended.took shouldBeLessThan BOUND
            if (expected == Expected.PROTOCOL_ERROR || ended.failure !is RequestTimeoutException) {
                val failure = ended.shouldFailWith<ProtocolException>()
                failure.message!! shouldMatch "[ -~]{1,400}"
                server.honest()
                cache.shouldRecover()
                server.accepted() shouldBe 2
            } else {
                server.honest()
                cache.shouldRecover()
            }
        }
    }
}

/** A reply that looks odd and is right. */
private suspend fun accepts(dialect: Protocol, lie: Lie) {
    HostileServer.start().put("k", 7, "hello").use { server ->
        client(server.address()) { protocol = dialect }.use { cache ->
            cache.shouldBeInSync()
            server.next(dialect.read, lie)
            cache.get<ByteArray>("k")!!.decodeToString() shouldBe "hello"
            cache.shouldBeInSync()
            server.accepted() shouldBe 1
        }
    }
}

/** Replies with a false content. */
class ForgedReplyTest :
    FunSpec({
        val echoesKey = { key: String -> Forgery.edited { it.replaceFirst("\r\n", " k$key\r\n") } }

        test("F39 a reply for another key is no value and no miss (TEXT)") {
            refuses(Protocol.TEXT, Forgery.wrongKey())
        }
        test("F39 a reply for another key is no value and no miss (META)") {
            refuses(Protocol.META, echoesKey("other"))
        }

        test("F40 an opaque that is wrong, missing or used before") {
            refuses(Protocol.META, Forgery.wrongOpaque())
            refuses(Protocol.META, Forgery.missingOpaque())
            refuses(Protocol.META, Forgery.duplicateOpaque())
        }

        eachDialect("F44 a declared length that is too short") { dialect ->
            for (difference in listOf(-1, -2, -4, -5)) refuses(dialect, Forgery.lengthOff(difference))
        }
        eachDialect("F44 a declared length that is too long costs the time-out at most") { dialect ->
            for (difference in listOf(1, 2, 3, 100, 100_000)) {
                refuses(dialect, Forgery.lengthOff(difference), Expected.PROTOCOL_ERROR_OR_TIMEOUT)
            }
        }

        eachDialect("F45 a length that is no length is a protocol error") { dialect ->
            for (text in listOf(
                "-1",
                "2147483648",
                "9223372036854775807",
                "9223372036854775808",
                "12345678901234567890",
                "1".repeat(300),
                "abc",
                "",
                "+5",
                "0x5",
                " 5",
                "5.0",
            )) {
                refuses(dialect, Forgery.lengthText(text))
            }
        }

        eachDialect("F46 a giant length is refused at the header") { dialect ->
            refuses(dialect, Flood.giantLength(1L shl 40))
            refuses(dialect, Flood.giantLength((1L shl 24) + 1))
            refuses(dialect, Flood.endlessValue(Long.MAX_VALUE))
            refuses(dialect, Flood.endlessValue(1000))
            refuses(dialect, Flood.giantLength(1L shl 20), Expected.PROTOCOL_ERROR_OR_TIMEOUT)
            refuses(dialect, Flood.giantLength(1L shl 24), Expected.PROTOCOL_ERROR_OR_TIMEOUT)
        }

        eachDialect("F47 lines and items without an end") { dialect ->
            refuses(dialect, Flood.endlessLine())
            refuses(dialect, Flood.endlessItems())
            refuses(dialect, Flood.endlessLines("STORED"))
        }
        eachDialect("F47 statistics without an end") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    server.next("stats", Flood.endlessLines("STAT a 1"))
                    val failure = attempt { cache.stats() }.failure!!
                    failure.cause.shouldBeInstanceOf<ProtocolException>()
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("F48 line ends and words that are nearly right") { dialect ->
            refuses(dialect, Forgery.noCrlf(), Expected.PROTOCOL_ERROR_OR_TIMEOUT)
            refuses(dialect, Forgery.blockEnd("XX"))
            refuses(dialect, Forgery.blockEnd("\n\r"))
            refuses(dialect, Forgery.blockEnd("\n"), Expected.PROTOCOL_ERROR_OR_TIMEOUT)
            refuses(dialect, Forgery.lfOnly())
            refuses(dialect, Forgery.lowerCase())
            refuses(dialect, Forgery.leadingBlank())
            refuses(dialect, Forgery.emptyLine())
        }

        eachDialect("F49 what is not memcached at all") { dialect ->
            for (bytes in listOf(
                Forgery.HTTP,
                Forgery.TLS_ALERT,
                Forgery.BINARY_REPLY,
                "\u0000\u0000\u0000\u0000",
                "-ERR unknown command\r\n",
                "\u001b[31mred\u0007\r\n",
                "\u00ff\u00fe\u00fd\r\n",
                "VALUE\r\n",
                "VA\r\n",
                "VALUE k 0\r\n",
                "HD".repeat(300) + "\r\n",
            )) {
                refuses(dialect, Forgery.instead(bytes))
            }
        }
        eachDialect("F49 the message shows the first bytes, escaped, and not many") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    server.next(dialect.read, Forgery.instead("\u001bBAD" + "y".repeat(5000) + "\r\n"))
                    val message = attempt { cache.get<String>("k") }.shouldFailWith<ProtocolException>().message!!
                    message shouldMatch "[ -~]+"
                    message.contains("\\u001bBAD") shouldBe true
                    message.count { it == 'y' } shouldBeLessThan 70
                }
            }
        }

        test("F58 unknown, reordered and base64 meta flags are accepted") {
            accepts(Protocol.META, Forgery.unknownMetaFlags())
            accepts(Protocol.META, Forgery.metaFlagsReversed())
            accepts(Protocol.META, echoesKey("k"))
            accepts(Protocol.META, echoesKey("aw== b"))
            refuses(Protocol.META, echoesKey("aw== x"))
        }

        eachDialect("F58 the answer to a write is not taken for that to a read") { dialect ->
            for (line in listOf("HD", "STORED", "OK", "DELETED", "NS", "TOUCHED", "MN", "5", "VERSION 1")) {
                refuses(dialect, Forgery.instead("$line\r\n"))
            }
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    for (line in listOf("OK", "END", "EN", "MN", "5", "VALUE k 0 1\r\nx\r\nEND", "VERSION 1")) {
                        cache.shouldRecover()
                        server.next(dialect.write, Forgery.instead("$line\r\n"))
                        attempt { cache.set("k", "v") }.shouldFailWith<ProtocolException>()
                    }
                    cache.shouldRecover()
                }
            }
        }
    })
