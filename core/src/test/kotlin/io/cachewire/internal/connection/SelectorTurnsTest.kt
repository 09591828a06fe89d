package io.cachewire.internal.connection

import io.cachewire.fixture.HostileServer
import io.cachewire.internal.protocol.Reply
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.types.shouldBeInstanceOf
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicBoolean

/** A task that is there again as soon as it has run. */
private class Again(
    private val io: IoThread,
) : AutoCloseable {
    private val isOver = AtomicBoolean()

    init {
        run()
    }

    private fun run() {
        if (!isOver.get()) io.selector.execute(::run)
    }

    override fun close() = isOver.set(true)
}

class SelectorTurnsTest :
    FunSpec({
        test("a connection is served while others give the I/O thread tasks without end") {
            HostileServer.start().use { server ->
                IoThread(Clock.System).use { io ->
                    val connection = Connection(server.address(), io, PLAIN_SETTINGS, Unwatched)
                    connection.start(Connector(io, PLAIN_SETTINGS))
                    val deadline = io.clock.nanos() + SECONDS.toNanos(60)
                    val before = Ask(deadline).also(connection::submit)
                    before.await().shouldBeInstanceOf<Reply>()
                    Again(io).use {
                        val beside = Ask(deadline).also(connection::submit)
                        beside.await().shouldBeInstanceOf<Reply>()
                    }
                    connection.close(CLOSED)
                }
            }
        }
    })
