package io.cachewire.reliability

import io.cachewire.MemcachedException.Delivery
import io.cachewire.PartialResultException
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.ServerErrorException
import io.cachewire.ValueTooLargeException
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.set
import io.cachewire.valueType
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.net.ServerSocket
import kotlin.time.Duration.Companion.seconds

/** Error lines: whose they are, and what becomes of the connection. */
class ErrorReplyTest :
    FunSpec({
        eachDialect("F50 out of memory for one of a hundred writes fails that one") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    val lie = Forgery.serverError("out of memory storing object")
                    server.nth(50, { it.key().startsWith("k") }, lie)
                    val failed = many(100) { cache.set("k$it", "v$it") }.filter { it.failure != null }
                    failed.size shouldBe 1
                    val failure = failed.single().shouldFailWith<ServerErrorException>()
                    failure.isRetryable shouldBe true
                    failure.delivery() shouldBe Delivery.ANSWERED
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }

        eachDialect("F50 a full memcached refuses single writes, in sync") { dialect ->
            MemcachedServer.start("-M", "-m", "2").use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    val value = ByteArray(200_000)
                    val failures = many(100) { cache.set("k$it", value) }.mapNotNull { it.failure }
                    failures.isEmpty() shouldBe false
                    failures.forEach { it.shouldBeInstanceOf<ServerErrorException>().isRetryable shouldBe true }
                    many(100) { cache.get<String>("absent$it") }.forEach {
                        it.failure shouldBe null
                        it.value.shouldBeNull()
                    }
                }
            }
        }

        eachDialect("F51 a value that is too large fails alone, here or at the server") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    maxValueBytes = 4 shl 20
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.set("k25", "old")
                    val large = ByteArray(1_500_000)
                    val ended = many(50) { if (it == 25) cache.set("k$it", large) else cache.set("k$it", "v$it") }
                    ended.forEachIndexed { i, it ->
                        if (i == 25) {
                            it.shouldFailWith<ValueTooLargeException>().delivery() shouldBe Delivery.ANSWERED
                        } else {
                            it.failure shouldBe null
                        }
                    }
                    cache.get<String>("k25").shouldBeNull() // the server has removed the old value
                    cache.shouldBeInSync()
                }
                client(server.address()) { protocol = dialect }.use { cache ->
                    val failure = attempt { cache.set("k", ByteArray((1 shl 20) + 1)) }
                    failure.shouldFailWith<ValueTooLargeException>().delivery() shouldBe Delivery.NOT_SENT
                }
            }
        }

        eachDialect("F52 an error to a read keeps the connection, to a data block closes it") { dialect ->
            for (lie in listOf(Forgery.clientError("bad command line format"), Forgery.error())) {
                HostileServer.start().use { server ->
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.shouldBeInSync()
                        server.next(dialect.read, lie)
                        val failure = attempt { cache.get<String>("k") }.shouldFailWith<ServerErrorException>()
                        failure.isRetryable shouldBe false
                        cache.shouldBeInSync()
                        server.accepted() shouldBe 1
                        server.next(dialect.write, lie)
                        attempt { cache.set("k", "v") }.shouldFailWith<ServerErrorException>()
                        cache.shouldRecover()
                        server.accepted() shouldBe 2
                    }
                }
            }
        }

        eachDialect("F53 replies to a data block that was run as commands reach nobody") { dialect ->
            for (block in listOf(
                "get a\r\nget b",
                "version\r\nversion\r\nversion",
                "mg a v\r\nmg b v",
                "set c 0 0 1\r\n1",
            )) {
                HostileServer.start().put("a", 0, "1").put("b", 0, "2").use { server ->
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.shouldBeInSync()
                        server.next(dialect.write, Forgery.refusedAndBlockExecuted())
                        val ended = many(10) { if (it == 0) cache.set("k", block) else cache.set("k$it", "v") }
                        (ended.count { it.failure != null } > 0) shouldBe true
                        ended.mapNotNull { it.failure }.count { it is ServerErrorException } shouldBe 1
                        cache.shouldRecover()
                        server.accepted() shouldBe 2
                    }
                }
            }
        }

        eachDialect("F54 an error line of a quiet write is not the next call's reply") { dialect ->
            for (lie in listOf(
                Forgery.serverError("out of memory storing object"),
                Forgery.clientError("bad data chunk"),
                Forgery.error(),
            )) {
                HostileServer.start().put("k", 0, "v").use { server ->
                    client(server.address()) { protocol = dialect }.use { cache ->
                        cache.shouldBeInSync()
                        server.next(dialect.write, lie)
                        cache.fireAndForget().set("quiet", "1")
                        val ended = many(20) { cache.get<String>("k") }
                        ended.forEach { if (it.failure == null) it.value shouldBe "v" }
                        cache.shouldRecover()
                        server.lines().none { it.contains("noreply") } shouldBe true
                    }
                }
            }
        }

        eachDialect("F54 quiet writes that a real server refuses") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    maxValueBytes = 4 shl 20
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.set("text", "not a number")
                    repeat(10) { round ->
                        val quiet = cache.fireAndForget()
                        quiet.set("large", ByteArray(1_500_000))
                        quiet.set("q$round", "v$round")
                        quiet.increment("text", 1)
                        quiet.delete("absent")
                        quiet.append("absent", "x")
                        cache.get<String>("q$round") shouldBe "v$round"
                    }
                    cache.shouldBeInSync()
                }
            }
        }

        eachDialect("F55 server commands between others, and no quit before the end") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.set("n", "v")
                    many(200) {
                        when (it % 5) {
                            0 -> cache.stats().values.single().containsKey("pid")
                            1 -> cache.version().values.single().startsWith("1.")
                            2 -> cache.stats("settings").values.single().containsKey("maxbytes")
                            3 -> cache.get<String>("absent") == null
                            else -> cache.stats("slabs").values.single().containsKey("active_slabs")
                        }
                    }.forEach {
                        it.failure shouldBe null
                        it.value shouldBe true
                    }
                    many(40) {
                        if (it % 2 == 0) cache.flushAll().let { null } else cache.get<String>("n")
                    }.forEachIndexed { i, it ->
                        it.failure shouldBe null
                        if (i % 2 == 1 && it.value != null) it.value shouldBe "v"
                    }
                    cache.shouldBeInSync()
                }
            }
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { it.shouldBeInSync() }
                server.lines().none { it == "quit" } shouldBe true
            }
        }

        eachDialect("F56 many keys: asked once each, and nothing accepted that was not asked for") { dialect ->
            HostileServer.start().put("a", 0, "1").put("b", 0, "2").use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.getAll<String>(listOf("a", "b", "a", "absent", "absent")) shouldBe
                        mapOf("a" to "1", "b" to "2")
                    for (key in listOf("a", "b", "absent")) {
                        // alone, or among others of one command
                        server.count { it.command() in listOf("mg", "get") && key in it.line().split(" ") } shouldBe 1
                    }
                    server.next(dialect.read, Forgery.edited { it.removeSuffix("END\r\n") + it })
                    val failure = attempt { cache.getAll<String>(listOf("a", "b")) }
                    val results = failure.shouldFailWith<PartialResultException>().results()
                    results.failed().values.forEach { it.shouldBeInstanceOf<ProtocolException>() }
                    cache.shouldRecover()
                    if (dialect == Protocol.TEXT) {
                        server.next("get", Forgery.edited { it.removeSuffix("END\r\n") })
                        val ended = cache.getAllResults(listOf("a", "b"), valueType<String>())
                        ended.failed.keys shouldBe setOf("a", "b")
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("F56 keys of a server that cannot be asked are failed, not missing") {
            val closed = ServerSocket(0).use { it.localPort }
            HostileServer.start().use { server ->
                client(server.address(), io.cachewire.ServerAddress("127.0.0.1", closed)).use { cache ->
                    val keys = (0 until 40).map { "k$it" }
                    keys.forEach { server.put(it, 0, "v") }
                    val ended = cache.getAllResults(keys, valueType<String>())
                    ended.missing.shouldBeEmpty()
                    (ended.hits.isNotEmpty() && ended.failed.isNotEmpty()) shouldBe true
                    ended.hits.keys + ended.failed.keys shouldBe keys.toSet()
                    val partial = attempt { cache.getAll<String>(keys) }.shouldFailWith<PartialResultException>()
                    partial.results().failed().keys shouldBe ended.failed.keys
                }
            }
        }
    })
