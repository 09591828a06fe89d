package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.cachewire.ServerAddress
import io.cachewire.fixture.InTime
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.line.TextDialect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.suspendCancellableCoroutine
import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume

private const val KIB = 1024

/** A server that begins to answer when it has so many gets, each from then on at once, and gives as much as there is room for. */
private class Answers(
    private val io: IoThread,
    private val gets: Int,
    valueBytes: Int,
    override val takesSmallReads: Boolean,
) : Transport {
    private val answer = "VALUE k 0 $valueBytes\r\n".toByteArray() + ByteArray(valueBytes) + "\r\nEND\r\n".toByteArray()
    private var asked = 0
    private var given = 0L
    private var reader: Continuation<Unit>? = null

    /** The room of each read that gave something. */
    val rooms = CopyOnWriteArrayList<Int>()

    /** How many answers had been given whole at the end of each turn. */
    val turns = CopyOnWriteArrayList<Int>()

    @Synchronized
    override fun write(source: ByteBuffer): Int {
        val count = source.remaining()
        repeat(count) { if (source.get() == '\n'.code.toByte()) asked++ }
        resumeReader()
        return count
    }

    @Synchronized
    override fun read(target: ByteBuffer): Int {
        val count = minOf(target.remaining().toLong(), owed() - given).toInt()
        if (count > 0) rooms += target.remaining()
        repeat(count) { target.put(answer[(given++ % answer.size).toInt()]) }
        return count
    }

    override suspend fun awaitReadable() = suspendCancellableCoroutine {
        synchronized(this) {
            turns += (given / answer.size).toInt()
            reader = it
            resumeReader()
        }
    }

    private fun owed() = if (asked < gets) 0 else asked.toLong() * answer.size

    private fun resumeReader() {
        val waiting = reader
        if (waiting == null || owed() == given) return
        reader = null
        io.selector.execute { waiting.resume(Unit) }
    }

    override suspend fun awaitWritable() = error("it takes every write")

    override fun close() = Unit
}

/** A connection to such a server. */
private class Reading(
    private val gets: Int,
    valueBytes: Int,
    takesSmallReads: Boolean = true,
) : AutoCloseable {
    private val io = IoThread(Clock.System)
    val server = Answers(io, gets, valueBytes, takesSmallReads)
    private val connector =
        object : Connector(io, PLAIN_SETTINGS) {
            override suspend fun open(server: ServerAddress, asksText: Boolean) =
                Opened(this@Reading.server, Found(TextDialect(), Found.How.ASKED))
        }
    private val connection = Connection(ServerAddress("127.0.0.1", 1), io, PLAIN_SETTINGS, Unwatched)

    init {
        connection.start(connector)
    }

    /** All the gets at once, each of which asks for one more on its reply; returns when all is answered. */
    fun getTwice() {
        val more = AtomicInteger(gets)
        val answered = CountDownLatch(2 * gets)
        connection.submitAll(List(gets) { Get(more, answered) })
        InTime.await(answered)
    }

    private inner class Get(
        private val more: AtomicInteger,
        private val answered: CountDownLatch,
    ) : Exchange(Request.Keyed(Opcode.GET, KEY), io.clock.nanos() + SECONDS.toNanos(5)) {
        override fun onReply(reply: Reply) {
            if (more.getAndDecrement() > 0) connection.submit(Get(more, answered))
            answered.countDown()
        }

        override fun onFailure(failure: Failure) = Unit
    }

    override fun close() {
        connection.close(CLOSED)
        io.close()
    }

    private companion object {
        val KEY = DataBlock.wrap("k".toByteArray())
    }
}

class ReadsTest :
    FunSpec({
        test("a turn ends when half of what the server was asked is answered") {
            Reading(8, 64 * KIB).use { reading ->
                reading.getTwice()
                // the first wait is that of the start
                reading.server.turns.first { it > 0 } shouldBeInRange 4..6
            }
        }

        test("all of a few small replies is read in one turn") {
            Reading(8, 100).use { reading ->
                reading.getTwice()
                reading.server.turns.first { it > 0 } shouldBe 8
            }
        }

        test(
            "the middle of a large value that another follows is read in pieces, its begin and its end with what lies around",
        ) {
            Reading(2, 512 * KIB).use { reading ->
                reading.getTwice()
                // 128 KiB less the line before the value have come, and the line and the mark of the end behind it are to come
                reading.server.rooms.take(14) shouldBe listOf(128 * KIB) + List(12) { 32 * KIB } + 128 * KIB
            }
        }

        test("a large value that nothing follows is read with all the room there is") {
            Reading(1, 512 * KIB).use { reading ->
                reading.getTwice()
                reading.server.rooms.toSet() shouldBe setOf(128 * KIB)
            }
        }

        test("a transport that gives records is always read with all the room there is") {
            Reading(2, 512 * KIB, takesSmallReads = false).use { reading ->
                reading.getTwice()
                reading.server.rooms.toSet() shouldBe setOf(128 * KIB)
            }
        }
    })
