package io.cachewire.connection

import io.cachewire.DataBlock
import io.cachewire.ServerAddress
import io.cachewire.protocol.Opcode
import io.cachewire.protocol.Request
import io.cachewire.protocol.TextDialect
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS

private const val SETS = 100
private const val VALUE_BYTES = 9 * 1024

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
        test("the I/O thread writes a part, then looks at the others, and goes on in order") {
            IoThread(Clock.System).use { io ->
                val taker = Taker(io)
                val connector =
                    object : Connector(io, PLAIN_SETTINGS) {
                        override suspend fun open(server: ServerAddress, asksText: Boolean) =
                            Opened(taker, Found(TextDialect(), Found.How.ASKED))
                    }
                val connection = Connection(ServerAddress("127.0.0.1", 1), io, PLAIN_SETTINGS, Unwatched)
                connection.start(connector)
                eventually("it is connected") { !connection.isConnecting }
                val value = DataBlock.wrap(ByteArray(VALUE_BYTES) { 'v'.code.toByte() })
                val deadline = io.clock.nanos() + SECONDS.toNanos(30)
                val sets =
                    List(SETS) {
                        Ask(deadline, Request.Store(Opcode.SET, DataBlock.ofUtf8("k$it"), value, 0, 0, 0))
                    }
                io.selector.execute { connection.submitAll(sets) }
                val expected =
                    (0 until SETS).joinToString("") { "set k$it 0 0 $VALUE_BYTES\r\n${"v".repeat(VALUE_BYTES)}\r\n" }
                eventually("all is written") { taker.size() >= expected.length }
                taker.text() shouldBe expected
                taker.whenOthersCame.get(5, SECONDS) shouldBeLessThan expected.length / 2L
                connection.close(CLOSED)
            }
        }
    })
