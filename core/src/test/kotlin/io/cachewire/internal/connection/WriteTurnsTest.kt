package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.cachewire.ServerAddress
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.line.MetaDialect
import io.cachewire.internal.protocol.line.TextDialect
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS

private const val SETS = 100
private const val VALUE_BYTES = 9 * 1024

private val VALUE = DataBlock.wrap(ByteArray(VALUE_BYTES) { 'v'.code.toByte() })
private val DEADLINE = Clock.System.nanos() + SECONDS.toNanos(300)

private fun set(number: Int) = Request.Store(Opcode.SET, DataBlock.ofUtf8("k$number"), VALUE, 0, 0, 0)

private class Quiet(
    request: Request,
) : Exchange(request, DEADLINE) {
    override fun isQuiet() = true

    override fun onReply(reply: Reply) = Unit

    override fun onFailure(failure: Failure) = Unit
}

/** Takes every byte, and says how many it had when the loop's thread next did something else. */
private class Taker(
    private val io: IoThread,
) : Transport {
    private val taken = ByteArrayOutputStream()
    val whenOthersCame = CompletableFuture<Long>()

    @Synchronized
    override fun write(source: ByteBuffer): Int {
        if (taken.size() == 0) io.selector.execute { whenOthersCame.complete(size()) }
        val bytes = ByteArray(source.remaining()).also(source::get)
        taken.write(bytes)
        return bytes.size
    }

    @Synchronized
    fun size(): Long = taken.size().toLong()

    @Synchronized
    fun text(): String = taken.toString(Charsets.ISO_8859_1)

    override fun read(target: ByteBuffer) = 0

    override suspend fun awaitReadable() = awaitCancellation()

    override suspend fun awaitWritable() = error("it takes every write")

    override fun close() = Unit
}

class WriteTurnsTest :
    FunSpec({
        suspend fun written(dialect: Dialect, sets: List<Exchange>, check: suspend (Taker) -> Unit) {
            IoThread(Clock.System).use { io ->
                val taker = Taker(io)
                val connector =
                    object : Connector(io, PLAIN_SETTINGS) {
                        override suspend fun open(server: ServerAddress, asksText: Boolean) =
                            Opened(taker, Found(dialect, Found.How.ASKED))
                    }
                val connection = Connection(ServerAddress("127.0.0.1", 1), io, PLAIN_SETTINGS, Unwatched)
                connection.start(connector)
                eventually("it is connected") { !connection.isConnecting }
                io.selector.execute { connection.submitAll(sets) }
                check(taker)
                connection.close(CLOSED)
            }
        }

        test("the I/O thread writes a part, then looks at the others, and goes on in order") {
            written(TextDialect(), List(SETS) { Ask(DEADLINE, set(it)) }) { taker ->
                val expected =
                    (0 until SETS).joinToString("") { "set k$it 0 0 $VALUE_BYTES\r\n${"v".repeat(VALUE_BYTES)}\r\n" }
                eventually("all is written") { taker.size() >= expected.length }
                taker.text() shouldBe expected
                taker.whenOthersCame.get(5, SECONDS) shouldBeLessThan expected.length / 2L
            }
        }

        test("among quiet requests without a pause there is one now and then that the server answers") {
            written(MetaDialect(), List(SETS) { Quiet(set(it)) }) { taker ->
                eventually("all is written") { taker.text().endsWith("v\r\nmn\r\n") }
                val between = taker.text().split("\r\nmn\r\n").dropLast(1)
                between.maxOf { it.length } shouldBeLessThan 128 * 1024 + VALUE_BYTES + 100
                between.sumOf { it.split("ms k").size - 1 } shouldBe SETS
            }
        }
    })
