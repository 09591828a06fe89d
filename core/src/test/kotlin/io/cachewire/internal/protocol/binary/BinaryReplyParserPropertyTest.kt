package io.cachewire.internal.protocol.binary

import io.cachewire.DataBlock
import io.cachewire.internal.protocol.BinaryReplies
import io.cachewire.internal.protocol.Limits
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.ReplyReading
import io.cachewire.internal.protocol.line.LIMITS
import io.cachewire.internal.protocol.line.ReplyStream
import io.cachewire.internal.protocol.line.allocated
import io.cachewire.internal.protocol.line.outcome
import io.cachewire.internal.protocol.line.pieces
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.Codepoint
import io.kotest.property.arbitrary.alphanumeric
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll

/** Binary replies as a server would write them, cut anywhere; and bytes that no server would write. */
class BinaryReplyParserPropertyTest :
    FunSpec({
        val dialect = BinaryDialect()

        test("any cut of a stream of binary replies gives the same replies") {
            checkAll(300, binaryStreams(), Arb.list(Arb.int(1..40), 1..50)) { stream, cuts ->
                ReplyReading.read(dialect.newParser(LIMITS), *pieces(stream.wire, cuts)) shouldBe stream.replies
            }
        }

        test("random bytes behind the magic are binary replies or malformed, and nothing else") {
            checkAll(2000, Arb.byteArray(Arb.int(0..300), Arb.byte())) { bytes ->
                val packet = byteArrayOf(0x81.toByte()) + bytes
                outcome(dialect, arrayOf(packet)) shouldBe outcome(dialect, ReplyReading.singles(packet))
            }
        }

        test("a damaged stream of binary replies is replies or malformed, however it is cut") {
            checkAll(1000, binaryStreams(), Arb.int(0..10_000), Arb.byte()) { stream, at, byte ->
                val damaged = stream.wire.copyOf()
                if (damaged.isNotEmpty()) {
                    damaged[at % damaged.size] = byte
                }
                val memory = allocated()
                val whole = outcome(dialect, arrayOf(damaged))
                withClue("bytes allocated for ${damaged.size} bytes") {
                    (allocated() - memory) shouldBeLessThan 2_000_000L
                }
                whole shouldBe outcome(dialect, ReplyReading.singles(damaged))
            }
        }

        test("a damaged header costs no memory for what it declares, whatever the limit") {
            val generous = Limits(Int.MAX_VALUE - 1000, 1 shl 30, 10)
            checkAll(1000, Arb.int(0..23), Arb.byte()) { at, byte ->
                val packet = BinaryReplies.to(0x0c, 1).body(ByteArray(4), "k", ByteArray(3)).bytes()
                packet[at] = byte
                val memory = allocated()
                runCatching { ReplyReading.read(dialect.newParser(generous), packet) }
                (allocated() - memory) shouldBeLessThan 1_000_000L
            }
        }
    })

private fun binaryStreams(): Arb<ReplyStream> = arbitrary {
    val parts = Arb.list(binaryReply(), 0..20).bind()
    ReplyStream(parts.fold(ByteArray(0)) { all, part -> all + part.first }, parts.map { it.second })
}

private fun binaryReply(): Arb<Pair<ByteArray, Reply>> = arbitrary {
    val opaque = Arb.int(0..Int.MAX_VALUE).bind()
    when (Arb.int(0..4).bind()) {
        0 -> {
            val text = Arb.string(0..100, Codepoint.alphanumeric()).bind()
            BinaryReplies.failure(0x01, opaque, 0x82, text) to Reply.Line(Reply.Kind.SERVER_ERROR, text, opaque)
        }

        1 -> {
            val (code, kind) = Arb.element(CODES).bind()
            BinaryReplies.done(code, opaque) to Reply.Status(kind, opaque)
        }

        2 -> {
            val names = Arb.list(Arb.string(1..20, Codepoint.alphanumeric()), 1..10).bind()
            val lines =
                names.map { BinaryReplies.stat(opaque, it, "value of $it") } + BinaryReplies.stat(opaque, "", "")
            lines.reduce(ByteArray::plus) to Reply.Stats(names.associateWith { "value of $it" }, opaque)
        }

        else -> {
            val data = Arb.byteArray(Arb.int(0..200), Arb.byte()).bind()
            val key = Arb.string(1..250, Codepoint.alphanumeric()).bind()
            val flags = Arb.int().bind()
            val cas = Arb.long().bind()
            BinaryReplies.item(0x0c, opaque, key, flags, cas, data) to
                Reply.Value(opaque, DataBlock.ofUtf8(key), flags, DataBlock.wrap(data), cas, null)
        }
    }
}

private val CODES =
    listOf(
        0x01 to Reply.Kind.STORED,
        0x04 to Reply.Kind.DELETED,
        0x08 to Reply.Kind.OK,
        0x0a to Reply.Kind.NOOP,
        0x1c to Reply.Kind.TOUCHED,
    )
