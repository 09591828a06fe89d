package io.cachewire.internal.protocol.line

import io.cachewire.DataBlock
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Limits
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.ReplyReading
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.Codepoint
import io.kotest.property.arbitrary.alphanumeric
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import java.lang.management.ManagementFactory

/** Replies as a server would write them, cut anywhere; and bytes that no server would write. */
class LineReplyParserPropertyTest :
    FunSpec({
        val dialects = listOf(MetaDialect(), TextDialect())

        dialects.forEach { dialect ->
            test("any cut of a stream of ${dialect.name()} replies gives the same replies") {
                checkAll(300, streams(dialect), Arb.list(Arb.int(1..40), 1..50)) { stream, cuts ->
                    val parser = dialect.newParser(LIMITS)
                    ReplyReading.read(parser, *pieces(stream.wire, cuts)) shouldBe stream.replies
                }
            }

            test("random bytes are replies or malformed for the ${dialect.name()} dialect, and nothing else") {
                checkAll(2000, Arb.byteArray(Arb.int(0..300), Arb.byte())) { bytes ->
                    outcome(dialect, arrayOf(bytes)) shouldBe outcome(dialect, ReplyReading.singles(bytes))
                }
            }

            test("a damaged stream of ${dialect.name()} replies is replies or malformed, however it is cut") {
                checkAll(1000, streams(dialect), Arb.int(0..10_000), Arb.element(DAMAGE)) { stream, at, byte ->
                    val damaged = stream.wire.copyOf()
                    if (damaged.isNotEmpty()) {
                        damaged[at % damaged.size] = byte.code.toByte()
                    }
                    val memory = allocated()
                    val whole = outcome(dialect, arrayOf(damaged))
                    withClue("bytes allocated for ${damaged.size} bytes") {
                        (allocated() - memory) shouldBeLessThan 2_000_000L
                    }
                    whole shouldBe outcome(dialect, ReplyReading.singles(damaged))
                }
            }
        }
    })

internal val LIMITS = Limits(4096, 512, 50)
private val DAMAGE = "\r\n 09-+azAZ\u0000\u0081\u00ffVEO".toList()

internal class ReplyStream(
    val wire: ByteArray,
    val replies: List<Reply>,
) {
    override fun toString(): String = String(wire, Charsets.ISO_8859_1)
}

internal fun allocated(): Long =
    (ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean).currentThreadAllocatedBytes

/** What was read before the end or the fault, and whether there was a fault; only [MalformedReply] is one. */
internal fun outcome(dialect: Dialect, pieces: Array<ByteArray>): Pair<List<Reply>, Boolean> {
    val parser = dialect.newParser(LIMITS)
    val replies = mutableListOf<Reply>()
    return try {
        for (piece in pieces) {
            parser.feed(piece, 0, piece.size)
            generateSequence { parser.next() }.forEach { replies += it }
        }
        replies to false
    } catch (_: MalformedReply) {
        replies to true
    }
}

internal fun pieces(wire: ByteArray, cuts: List<Int>): Array<ByteArray> {
    val pieces = mutableListOf<ByteArray>()
    var at = 0
    var next = 0
    while (at < wire.size) {
        val to = minOf(wire.size, at + cuts[next++ % cuts.size])
        pieces += wire.copyOfRange(at, to)
        at = to
    }
    return pieces.toTypedArray()
}

private fun streams(dialect: Dialect): Arb<ReplyStream> = arbitrary {
    val parts = Arb.list(if (dialect is MetaDialect) metaReply() else textReply(), 0..20).bind()
    ReplyStream(parts.fold(ByteArray(0)) { all, part -> all + part.first }, parts.map { it.second })
}

private typealias Part = Pair<ByteArray, Reply>

private fun metaReply(): Arb<Part> = arbitrary {
    when (Arb.int(0..3).bind()) {
        0 -> {
            serverReply().bind()
        }

        1 -> {
            val (word, kind) = Arb.element(META_WORDS).bind()
            val opaque = Arb.int(0..Int.MAX_VALUE).bind()
            "$word O${opaque.toString(16)}\r\n".toByteArray() to Reply.Status(kind, opaque)
        }

        else -> {
            val data = data().bind()
            val opaque = Arb.int(0..Int.MAX_VALUE).bind()
            val flags = Arb.int().bind()
            val cas = Arb.long().bind()
            val ttl = Arb.long(-1L..Int.MAX_VALUE).bind()
            val metaFlags =
                listOf("O${opaque.toString(16)}", "f${flags.toUInt()}", "c${cas.toULong()}", "t$ttl", "Qx")
                    .shuffled(it.random)
            val meta = Reply.ItemMeta(ttl, -1, false, -1, false, false, false)
            "VA ${data.size} ${metaFlags.joinToString(" ")}\r\n".toByteArray() + data + CRLF to
                Reply.Value(opaque, null, flags, DataBlock.wrap(data), cas, meta)
        }
    }
}

private fun textReply(): Arb<Part> = arbitrary {
    when (Arb.int(0..4).bind()) {
        0 -> {
            serverReply().bind()
        }

        1 -> {
            val (word, kind) = Arb.element(TEXT_WORDS).bind()
            "$word\r\n".toByteArray() to Reply.Status(kind, Reply.NO_OPAQUE)
        }

        2 -> {
            val number = Arb.long().bind()
            "${number.toULong()}\r\n".toByteArray() to Reply.Number(number)
        }

        else -> {
            val data = data().bind()
            val key = Arb.string(1..250, Codepoint.alphanumeric()).bind()
            val flags = Arb.int().bind()
            val cas = Arb.long().bind()
            "VALUE $key ${flags.toUInt()} ${data.size} ${cas.toULong()}\r\n".toByteArray() + data +
                "\r\nEND\r\n".toByteArray() to
                Reply.Value(Reply.NO_OPAQUE, DataBlock.ofUtf8(key), flags, DataBlock.wrap(data), cas, null)
        }
    }
}

private fun serverReply(): Arb<Part> = arbitrary {
    when (Arb.boolean().bind()) {
        true -> {
            val kind = Arb.element(
                Reply.Kind.ERROR,
                Reply.Kind.CLIENT_ERROR,
                Reply.Kind.SERVER_ERROR,
                Reply.Kind.VERSION,
            ).bind()
            val text = Arb.string(0..100, Codepoint.alphanumeric()).bind()
            "$kind $text\r\n".toByteArray() to Reply.Line(kind, text)
        }

        false -> {
            val names = Arb.list(Arb.string(1..20, Codepoint.alphanumeric()), 1..10).bind()
            names.joinToString("") { "STAT $it value of $it\r\n" }.toByteArray() + "END\r\n".toByteArray() to
                Reply.Stats(names.associateWith { "value of $it" })
        }
    }
}

/** Bytes of which many are those that the grammar uses. */
private fun data(): Arb<ByteArray> = Arb.byteArray(
    Arb.int(0..200),
    arbitrary { if (Arb.boolean().bind()) Arb.byte().bind() else Arb.element(DAMAGE).bind().code.toByte() },
)

private val CRLF = "\r\n".toByteArray()
private val META_WORDS =
    listOf(
        "HD" to Reply.Kind.HEADER,
        "EN" to Reply.Kind.END,
        "NS" to Reply.Kind.NOT_STORED,
        "EX" to Reply.Kind.EXISTS,
        "NF" to Reply.Kind.NOT_FOUND,
        "MN" to Reply.Kind.NOOP,
    )
private val TEXT_WORDS =
    listOf(
        Reply.Kind.STORED,
        Reply.Kind.NOT_STORED,
        Reply.Kind.EXISTS,
        Reply.Kind.NOT_FOUND,
        Reply.Kind.DELETED,
        Reply.Kind.TOUCHED,
        Reply.Kind.OK,
        Reply.Kind.RESET,
        Reply.Kind.END,
    ).map { it.name to it }
