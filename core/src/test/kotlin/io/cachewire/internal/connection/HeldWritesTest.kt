package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.fixture.HostileServer
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.nio.ByteBuffer
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit.SECONDS

/** One connection whose writes are counted. */
private class Line(
    server: HostileServer,
) : AutoCloseable {
    val io = IoThread(Clock.System)
    val writes = CopyOnWriteArrayList<Int>()
    val writers = CopyOnWriteArrayList<Thread>()
    private val connector =
        object : Connector(io, PLAIN_SETTINGS) {
            override suspend fun open(server: ServerAddress, asksText: Boolean): Opened =
                super.open(server, asksText).let { Opened(Counted(it.transport), it.found) }
        }
    val connection = Connection(ServerAddress("127.0.0.1", server.port()), io, PLAIN_SETTINGS, Unwatched)

    init {
        connection.start(connector)
        check(submit().await() is Reply)
        // the thread that has connected writes for others as long as it has not looked up
        eventually("nobody writes") { connection.isIdle }
    }

    fun submit() = submit(Request.Server(Opcode.VERSION, ""))

    fun submit(request: Request) = Ask(io.clock.nanos() + SECONDS.toNanos(5), request).also(connection::submit)

    fun hold(): HeldWrites = HeldWrites(io).also { it.hold(true) }

    override fun close() {
        connection.close(CLOSED)
        io.close()
    }

    private inner class Counted(
        private val real: Transport,
    ) : Transport by real {
        override fun write(source: ByteBuffer) = real.write(source).also {
            if (it == 0) return@also
            writes += it
            writers += Thread.currentThread()
        }
    }
}

private const val FEW = 6

class HeldWritesTest :
    FunSpec({
        fun withLine(body: (Line) -> Unit) = HostileServer.start().use { Line(it).use(body) }

        test("requests that a thread keeps back go out in one write") {
            withLine { line ->
                // a sweep may come between, and write what is there
                val wasOne =
                    generateSequence {
                        line.writes.clear()
                        val asks = line.hold().use { List(FEW) { line.submit() } }
                        asks.forEach { (it.await() is Reply).shouldBeTrue() }
                        line.writes.size == 1
                    }
                wasOne.take(100).any { it }.shouldBeTrue()
            }
        }

        test("nothing is kept back but what may be") {
            withLine { line ->
                line.hold().use { held ->
                    held.hold(false)
                    repeat(FEW) { (line.submit().await() is Reply).shouldBeTrue() }
                }
                // none by the one that sweeps what is kept back
                line.writers.takeLast(FEW).toSet() shouldBe setOf(Thread.currentThread())
            }
        }

        test("a large request is not kept back") {
            withLine { line ->
                val key = DataBlock.wrap("k".toByteArray())
                val large = Request.Store(Opcode.SET, key, DataBlock.wrap(ByteArray(50 * 1024)), 0, 0, 0)
                line.hold().use { (line.submit(large).await() is Reply).shouldBeTrue() }
                // the I/O thread writes what is kept back for long
                line.writers.last().name shouldNotContain "-io"
            }
        }

        test("what is kept back for long is written by another thread") {
            withLine { line ->
                line.hold().use { (line.submit().await() is Reply).shouldBeTrue() }
            }
        }

        test("what is kept back when the connection ends was not sent") {
            withLine { line ->
                val held = line.hold()
                line.connection.close(CLOSED)
                val ask = line.submit()
                held.close()
                (ask.await() as Failure).delivery() shouldBe Delivery.NOT_SENT
            }
        }

        test("an event loop within a coroutine keeps back for itself") {
            withLine { line ->
                val outer = HeldWrites(line.io)
                val inner = HeldWrites(line.io)
                line.io.heldWrites shouldBeSameInstanceAs inner
                inner.close()
                line.io.heldWrites shouldBeSameInstanceAs outer
                outer.close()
                line.io.heldWrites.shouldBeNull()
            }
        }
    })
