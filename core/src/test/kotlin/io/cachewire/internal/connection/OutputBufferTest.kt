package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.nio.ByteBuffer
import kotlin.random.Random

/** A socket that takes as much as [room] says of each write. */
private class Sink(
    override val takesLargeWrites: Boolean = true,
    private val room: (Int) -> Int,
) : Transport {
    val taken = ByteArrayOutputStream()
    val sizes = ArrayList<Int>()

    override fun write(source: ByteBuffer): Int {
        val bytes = ByteArray(minOf(room(source.remaining()), source.remaining()))
        source.get(bytes)
        taken.writeBytes(bytes)
        sizes += bytes.size
        return bytes.size
    }

    override fun read(target: ByteBuffer): Int = throw UnsupportedOperationException()

    override suspend fun awaitReadable() = Unit

    override suspend fun awaitWritable() = Unit

    override fun close() = Unit
}

private val CRLF = "\r\n".toByteArray()

private fun OutputBuffer.request(header: ByteArray, data: ByteArray) {
    header.copyInto(array, position)
    advance(position + header.size)
    block(DataBlock.wrap(data), CRLF)
}

class OutputBufferTest :
    FunSpec({
        val lengths =
            Arb.element(0, 1, 100, 16_383, 16_384, 65_535, 65_536, 70_000, 524_287, 524_288, 600_000, 1_500_000)

        test("what is put in comes out in order, whatever the socket takes and whoever has the large buffer") {
            checkAll(60, Arb.list(lengths, 1..6), Arb.long()) { blocks, seed ->
                val random = Random(seed)
                val large = LargeBuffer()
                var foreign: ByteBuffer? = null
                val sink = Sink { if (random.nextInt(3) == 0) 0 else random.nextInt(1, 200_000) }
                val output = OutputBuffer(sink, large)
                val expected = ByteArrayOutputStream()

                fun flushAll() {
                    while (!output.flush()) {
                        // another connection takes it, or gives it back
                        val had = foreign
                        foreign = if (had == null) large.take() else null
                        if (had != null) large.giveBack(had)
                    }
                }
                for (length in blocks) {
                    if (!output.hasRoom) flushAll()
                    val header = random.nextBytes(random.nextInt(1, 300))
                    val data = random.nextBytes(length)
                    output.request(header, data)
                    listOf(header, data, CRLF).forEach(expected::writeBytes)
                }
                flushAll()
                output.isEmpty shouldBe true
                sink.taken.toByteArray().contentEquals(expected.toByteArray()) shouldBe true
            }
        }

        test("a large value goes out in one write with its header and its end") {
            val sink = Sink { it }
            OutputBuffer(sink, LargeBuffer()).run {
                request("header".toByteArray(), ByteArray(500_000))
                flush() shouldBe true
            }
            sink.sizes shouldBe listOf(500_008)
        }

        test("where large writes are no good, and where another connection has the buffer, it goes out in parts") {
            val buffer = LargeBuffer()
            val secure = Sink(takesLargeWrites = false) { it }
            OutputBuffer(secure, buffer).run {
                request("header".toByteArray(), ByteArray(500_000))
                flush() shouldBe true
            }
            val second = Sink { it }
            buffer.take().shouldNotBeNull()
            OutputBuffer(second, buffer).run {
                request("header".toByteArray(), ByteArray(500_000))
                flush() shouldBe true
            }
            second.sizes.size shouldBe 8
            second.sizes shouldBe secure.sizes
        }

        test("a socket that breaks gives the large buffer back") {
            val buffer = LargeBuffer()
            val output = OutputBuffer(Sink { throw IOException("broken pipe") }, buffer)
            output.request("header".toByteArray(), ByteArray(500_000))
            shouldThrow<IOException> { output.flush() }
            buffer.take().shouldNotBeNull()
            buffer.take().shouldBeNull()
        }
    })
