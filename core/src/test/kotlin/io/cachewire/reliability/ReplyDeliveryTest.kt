package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.cas
import io.cachewire.fixture.Delivery.afterNext
import io.cachewire.fixture.Delivery.byteByByte
import io.cachewire.fixture.Delivery.reversed
import io.cachewire.fixture.Delivery.skipped
import io.cachewire.fixture.Delivery.splitAt
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery.duplicated
import io.cachewire.fixture.Forgery.followedBy
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.gets
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** One call of each kind of reply; the results as text. */
private suspend fun MemcachedClient.script(): List<Any?> {
    flushAll()
    set("k", "value\r\nEND\r\n")
    set("n", 41L)
    set("other", "another value")
    val held = gets<String>("k")!!
    return listOf(
        get<String>("k"),
        get<String>("absent"),
        held.value,
        cas("k", "next", held.cas),
        cas("k", "never", held.cas),
        increment("n"),
        increment("absent"),
        append("k", "!"),
        touch("k", io.cachewire.Expiry.after(1.minutes.toJavaDuration())),
        getAll<String>(listOf("k", "absent", "other")),
        delete("k"),
        delete("k"),
        stats().values.single().isNotEmpty(),
        version().values.single().isNotEmpty(),
    )
}

/** Right replies that come in pieces, in the wrong order, too often or not at all. */
class ReplyDeliveryTest :
    FunSpec({
        eachDialect("F37 replies cut at any byte, and single bytes, are read as whole ones are") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    val whole = cache.script()
                    whole[0] shouldBe "value\r\nEND\r\n"
                    for (cut in 1..60) {
                        server.honest().always(splitAt(cut, Duration.ZERO))
                        cache.script() shouldBe whole
                    }
                    server.honest().always(byteByByte(Duration.ZERO))
                    cache.script() shouldBe whole
                }
            }
        }

        eachDialect("F37 a real server's replies in slices") { dialect ->
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        requestTimeout = 9.seconds
                    }.use { cache ->
                        val whole = cache.script()
                        for (slice in listOf(1, 2, 3, 7, 100)) {
                            proxy.down().slice(slice)
                            proxy.up().slice(slice)
                            cache.script() shouldBe whole
                        }
                    }
                }
            }
        }

        eachDialect("F38 many replies in one segment") { dialect ->
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        requestTimeout = 9.seconds
                    }.use { cache ->
                        (0 until 300).forEach { server.put("k$it", 0, "v$it") }
                        cache.shouldBeInSync()
                        val before = server.requests().size
                        proxy.down().pause()
                        coroutineScope {
                            val reads = (0 until 600).map { start { cache.get<String>("k$it") } }
                            eventually("all replies wait") { server.requests().size == before + 600 }
                            proxy.down().resume()
                            reads.awaitAll().forEachIndexed { i, read ->
                                read.failure shouldBe null
                                read.value shouldBe if (i < 300) "v$i" else null
                            }
                        }
                    }
                }
            }
        }

        eachDialect("F41 replies in the wrong order reach nobody") { dialect ->
            for (count in listOf(2, 5)) {
                HostileServer.start().use { server ->
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.shouldBeInSync()
                        (0 until count).forEach { server.put("k$it", 0, "v$it") }
                        server.on(dialect.read, reversed(count))
                        val ended = many(count) { cache.get<String>("k$it") }
                        ended.forEach { it.shouldFailWith<ProtocolException>() }
                        server.honest()
                        cache.shouldRecover()
                        server.accepted() shouldBe 2
                    }
                }
            }
        }

        eachDialect("F41 a reply behind that of another kind of call reaches nobody") { dialect ->
            HostileServer.start().put("k", 0, "v").use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    server.next(dialect.read, afterNext())
                    coroutineScope {
                        val read = start { cache.get<String>("k") }
                        eventually("it was read") { server.lines().last().startsWith(dialect.read) }
                        val write = start { cache.set("w", "1") }
                        read.await().shouldFailWith<ProtocolException>()
                        write.await().shouldFailWith<ProtocolException>()
                    }
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("F42 a reply left out is noticed at the next one") { dialect ->
            HostileServer.start().put("a", 0, "of a").put("b", 0, "of b").use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    server.next(dialect.read, skipped())
                    coroutineScope {
                        val left = start { cache.get<String>("a") }
                        eventually("it was read") { server.lines().last().startsWith(dialect.read) }
                        val right = start { cache.get<String>("b") }
                        left.await().shouldFailWith<ProtocolException>()
                        right.await().shouldFailWith<ProtocolException>()
                    }
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("F43 bytes on an idle connection close it at once") { dialect ->
            for (bytes in listOf("STORED\r\n", "END\r\n", "HD\r\n", "VALUE k 0 1\r\nx\r\nEND\r\n", "\r\n", "E")) {
                HostileServer.start().put("k", 0, "v").use { server ->
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.get<String>("k") shouldBe "v"
                        server.push(bytes)
                        if (bytes.endsWith("\n")) eventually("it is closed") { server.open() == 0 }
                        val next = attempt { cache.get<String>("k") }
                        if (next.failure == null) next.value shouldBe "v" else next.shouldFailWith<ProtocolException>()
                        cache.shouldRecover()
                        server.accepted() shouldBe 2
                    }
                }
            }
        }

        eachDialect("F43 a doubled or added reply is never the next caller's") { dialect ->
            val foreign =
                if (dialect == Protocol.META) "VA 7 f0\r\nforeign\r\n" else "VALUE x 0 7\r\nforeign\r\nEND\r\n"
            for (lie in listOf(duplicated(), followedBy(foreign))) {
                HostileServer.start().use { server ->
                    (0 until 20).forEach { server.put("k$it", 0, "v$it") }
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.shouldBeInSync()
                        server.nth(5, { it.command() == dialect.read && it.key().startsWith("k") }, lie)
                        val ended = many(20) { cache.get<String>("k$it") }
                        ended.forEachIndexed { i, it ->
                            if (it.failure == null) {
                                it.value shouldBe "v$i"
                            } else {
                                it.failure.shouldBeInstanceOf<ProtocolException>()
                            }
                        }
                        cache.shouldRecover()
                        server.accepted() shouldBeGreaterThan 1
                    }
                }
            }
        }

        test("F43 the opaque tells even replies of one kind apart (META)") {
            HostileServer.start().use { server ->
                client(server.address()) { protocol = Protocol.META }.use { cache ->
                    cache.shouldBeInSync()
                    server.next("ms", duplicated())
                    val ended = many(20) { cache.set("k$it", "v$it") }
                    ended.count { it.failure == null } shouldBeGreaterThan 0
                    ended.mapNotNull { it.failure }.forEach { it.shouldBeInstanceOf<ProtocolException>() }
                    cache.shouldRecover()
                    server.accepted() shouldBe 2
                }
            }
        }
    })
