package io.cachewire.reliability

import io.cachewire.CasResult
import io.cachewire.CommandRefusedException
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.PartialResultException
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.ServerCapability
import io.cachewire.ServerErrorException
import io.cachewire.ServerVersion
import io.cachewire.UnsupportedByServerException
import io.cachewire.admin.SlabClasses
import io.cachewire.admin.WatchLog
import io.cachewire.cas
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.SeenRequest.GREETING
import io.cachewire.get
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.meta.MetaSet
import io.cachewire.meta.MetaStatus
import io.cachewire.set
import io.cachewire.update
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private fun patient(server: HostileServer, dialect: Protocol = Protocol.AUTO) = client(server.address()) {
    protocol = dialect
    requestTimeout = 5.seconds
    connectTimeout = 3.seconds
    stallTimeout = 5.seconds
}

private suspend fun <T> one(call: suspend () -> T): Outcome<T> = attempt {
    try {
        call()
    } catch (e: PartialResultException) {
        throw e.cause!!
    }
}

private const val EVENT = "ts=1764518000.5 gid=1 type=item_get key=k status=found clsid=1 cfd=29 size=1\r\n"

/** Servers that are older, newer, or another product: what they lack and what they say in another form. */
class OtherServersTest :
    FunSpec({
        suspend fun dumped(answer: String): List<String> = HostileServer.start().use { server ->
            server.on("lru_crawler", Forgery.instead(answer))
            patient(server).use { cache ->
                withTimeout(HANG) {
                    cache.admin().metadump(server.address(), SlabClasses.all()).toList().map { it.key() }
                }
            }
        }

        test("a dump begins with OK since 1.6.43") {
            dumped("OK\r\nkey=a exp=-1 la=1\nkey=b exp=-1 la=1\nEND\r\n") shouldBe listOf("a", "b")
            dumped("OK\r\nmg a\r\nmg w6k= b\r\nEN\r\n") shouldBe listOf("a", "\u00e9")
            dumped("OK\r\nEND\r\n").shouldBeEmpty()
        }

        test("a dump of a server that does not say where it ends") {
            dumped("key=a exp=-1 la=1\nkey=b exp=-1 la=1\n") shouldBe listOf("a", "b")
        }

        test("an odd line of a dump ends nothing") {
            dumped("mg a\r\nmg !!! b\r\nmg c\r\nEN\r\n") shouldBe listOf("a", "c")
            dumped("key=a exp=-1\nlater=fields only\n\nkey=c exp=-1\nEND\r\n") shouldBe listOf("a", "c")
        }

        test("a dump that is refused says so") {
            val busy = shouldThrow<Exception> { dumped("OK\r\nBUSY currently processing crawler request\r\nEND\r\n") }
            busy.message!! shouldContain "BUSY"
            val disabled = shouldThrow<ServerErrorException> { dumped("CLIENT_ERROR lru crawler disabled\r\n") }
            disabled.message!! shouldContain "lru crawler disabled"
            val unknown = shouldThrow<UnsupportedByServerException> { dumped("ERROR\r\n") }
            unknown.capability() shouldBe ServerCapability.METADUMP
            unknown.found().shouldBeNull()
            unknown.delivery() shouldBe Delivery.ANSWERED
        }

        test("the answer to debugItem has an END of its own before 1.6.0") {
            HostileServer.start().use { server ->
                server.on("me", Forgery.instead("ME k exp=-1 la=5 cas=1 fetch=no cls=1 size=61\r\nEN\r\n"))
                patient(server).use { cache ->
                    cache.admin().debugItem("k")?.size() shouldBe 61
                }
            }
        }

        test("a command that the server does not know is named with the versions that do") {
            HostileServer.start().use { server ->
                server.on("version", Forgery.instead("VERSION UNKNOWN\r\n")).on("me", Forgery.error())
                    .on("stats", Forgery.error()).on("gat", Forgery.error())
                patient(server, Protocol.TEXT).use { cache ->
                    val admin = cache.admin()
                    val debug = one { admin.debugItem("k") }.shouldFailWith<UnsupportedByServerException>()
                    debug.message!! shouldContain "debugItem (me) needs memcached >= 1.5.19"
                    val sizes = one { admin.enableSizes() }.shouldFailWith<UnsupportedByServerException>()
                    sizes.message!! shouldContain "needs memcached >= 1.4.27 and < 1.6.25"
                    val touch = one { cache.getAndTouch<String>("k", 5.seconds) }
                    val text = touch.shouldFailWith<UnsupportedByServerException>()
                    text.message!! shouldContain "getAndTouch"
                    text.message!! shouldContain "1.5.3"
                }
            }
        }

        test("what a version of memcached is known to lack is not sent") {
            HostileServer.start().use { server ->
                server.on("version", Forgery.instead("VERSION 1.6.25\r\n"))
                patient(server).use { cache ->
                    val sizes = one { cache.admin().enableSizes() }.shouldFailWith<UnsupportedByServerException>()
                    sizes.found() shouldBe ServerVersion(1, 6, 25)
                    sizes.delivery() shouldBe Delivery.NOT_SENT
                }
                server.count { it.command() == "stats" } shouldBe 0
            }
        }

        test("capabilities never fail for the text of a version, and go by what was proven") {
            for (text in listOf("UNKNOWN", "mcrouter 0.41.0", "Hazelcast", "15.0.11.Final", "", "7.2.4", "1")) {
                HostileServer.start().use { server ->
                    server.on("version", Forgery.instead("VERSION $text\r\n"))
                    patient(server).use { cache ->
                        val found = cache.admin().capabilities().getValue(server.address())
                        found.version().shouldBeNull()
                        found.available() shouldBe setOf(ServerCapability.META)
                        cache.meta().delete("k", io.cachewire.meta.MetaDelete.plain())
                    }
                    server.on(GREETING, closedAfter(0))
                    patient(server).use { cache ->
                        cache.admin().capabilities().getValue(server.address()).available().shouldBeEmpty()
                    }
                }
            }
        }

        test("the version of a server behind a proxy is none of the proxy") {
            HostileServer.start().use { server ->
                server.on(GREETING, closedAfter(0))
                patient(server).use { cache ->
                    val found = cache.admin().capabilities().getValue(server.address())
                    found.version() shouldBe ServerVersion(1, 6, 18)
                    found.available().shouldBeEmpty()
                }
            }
        }

        test("a version without numbers is told as it is") {
            HostileServer.start().use { server ->
                server.on("version", Forgery.instead("VERSION UNKNOWN\r\n"))
                patient(server).use { cache ->
                    val failure = one { cache.admin().version() }.shouldFailWith<ProtocolException>()
                    failure.message!! shouldContain "\"UNKNOWN\""
                    cache.version().values.single() shouldBe "UNKNOWN"
                }
            }
        }

        test("items of a many-key read in text come in any order") {
            HostileServer.start().use { server ->
                server.on("get") { turn ->
                    val keys = turn.request().line().split(' ').drop(1)
                    turn.send(
                        keys.reversed().filter { it != "k3" }.joinToString("") { "VALUE $it 0 2\r\n$it\r\n" } +
                            "END\r\n",
                    )
                }
                patient(server, Protocol.TEXT).use { cache ->
                    val keys = (1..8).map { "k$it" }
                    cache.blocking().getAll(keys, io.cachewire.ValueType.of(String::class.java)) shouldBe
                        keys.filter { it != "k3" }.associateWith { it }
                }
                server.accepted() shouldBe 1
            }
        }

        eachDialect("an item with client flags of more than 32 bits fails its read and no other") { dialect ->
            HostileServer.start().put("a", 0, "a").put("b", 0, "b").put("wide", 0, "w").use { server ->
                val wide: (String) -> String = {
                    if (dialect ==
                        Protocol.META
                    ) {
                        it.replace(" f0", " f4294967296")
                    } else {
                        it.replace(" 0 1", " 4294967296 1")
                    }
                }
                server.on({ it.key() == "wide" }, Forgery.edited(wide))
                patient(server, dialect).use { cache ->
                    val all = many(60) { cache.get<String>(listOf("a", "wide", "b")[it % 3]) }
                    all.forEachIndexed { i, it ->
                        if (i % 3 == 1) {
                            it.shouldFailWith<ProtocolException>().delivery() shouldBe Delivery.ANSWERED
                        } else {
                            it.value shouldBe listOf("a", "", "b")[i % 3]
                        }
                    }
                }
                server.requests().map { it.connection() }.toSet().size shouldBe 1
            }
        }

        for (version in listOf("Hazelcast", "1.6.18")) {
            test("one request at a time goes to a server that says $version where that is wanted") {
                HostileServer.start().use { server ->
                    server.on(GREETING, closedAfter(0)).on("version", Forgery.instead("VERSION $version\r\n"))
                    FaultProxy.to(server.address()).use { proxy ->
                        client(proxy.address()) {
                            requestTimeout = 5.seconds
                            connectTimeout = 3.seconds
                            stallTimeout = 5.seconds
                            if (version != "Hazelcast") maxInFlight = 1
                        }.use { cache ->
                            cache.get<String>("k")
                            val before = proxy.up().received()
                            val gate = Gate()
                            server.next("get", gate)
                            coroutineScope {
                                val gets = (100 until 160).map { start { cache.get<String>("k$it") } }
                                gate.awaitRequest()
                                proxy.up().received() - before shouldBe "get k100\r\n".length
                                gate.open()
                                gets.awaitAll().forEach { it.failure shouldBe null }
                            }
                            many(300) { cache.get<String>("k$it") }.forEach { it.failure shouldBe null }
                        }
                    }
                }
            }
        }

        test("a command that a proxy cannot carry breaks the connection of others once") {
            HostileServer.start().put("k", 0, "v").use { server ->
                server.on(GREETING, closedAfter(0)).on("stats", closedAfter(0)).on("gat", closedAfter(0))
                patient(server).use { cache ->
                    suspend fun lines() = server.requests().groupBy {
                        it.connection()
                    }.values.map { them -> them.map { it.line() } }

                    for (call in listOf<suspend () -> Any?>({
                        cache.stats()
                    }, { cache.getAndTouch<String>("k", 9.seconds) })) {
                        one(call).shouldFailWith<ConnectionLostException>()
                        cache.get<String>("k") shouldBe "v"
                        one(call).shouldFailWith<ConnectionLostException>()
                        cache.get<String>("k") shouldBe "v"
                        one(call).shouldFailWith<ProtocolException>().message!! shouldContain "cannot carry"
                        cache.get<String>("k") shouldBe "v"
                    }
                    val shared = lines().filter { them -> "get k" in them }
                    shared.count { them -> "stats" in them || them.any { it.startsWith("gat ") } } shouldBe 1
                    server.count { it.command() == "stats" } shouldBe 2
                }
            }
        }

        test("a server that closes the connection at a read of many keys is asked for each") {
            HostileServer.start().use { server ->
                (1..5).forEach { server.put("k$it", 0, "v$it") }
                server.on(GREETING, closedAfter(0))
                    .on({ it.line().startsWith("get k") && it.line().count { c -> c == ' ' } > 1 }, closedAfter(0))
                patient(server).use { cache ->
                    repeat(5) {
                        cache.blocking().getAll(
                            (1..5).map {
                                "k$it"
                            },
                            io.cachewire.ValueType.of(String::class.java),
                        ) shouldBe
                            (1..5).associate { "k$it" to "v$it" }
                    }
                }
                server.count { it.line().startsWith("get k") && it.line().count { c -> c == ' ' } > 1 } shouldBe 1
            }
        }

        test("the touch of an absent key on Hazelcast is a store that was not done") {
            HostileServer.start().use { server ->
                server.on("touch", Forgery.instead("NOT_STORED\r\n"))
                patient(server, Protocol.TEXT).use { it.touch("k", 5.seconds) shouldBe false }
            }
        }

        test("a server that has statistics of one kind only does not switch those of sizes") {
            HostileServer.start().use { server ->
                server.on("version", Forgery.instead("VERSION Hazelcast\r\n"))
                    .on("stats", Forgery.instead("STAT uptime 74\r\nSTAT threads 0\r\nEND\r\n"))
                patient(server, Protocol.TEXT).use { cache ->
                    val refused = one { cache.admin().enableSizes() }.shouldFailWith<CommandRefusedException>()
                    refused.message!! shouldContain "STAT uptime 74"
                    one { cache.admin().disableSizes() }.shouldFailWith<CommandRefusedException>()
                }
            }
        }

        for (answer in listOf("OK\r\n$EVENT", "${EVENT}OK\r\n", EVENT + EVENT, "skipped=3\r\n$EVENT")) {
            test("a watcher is told of events that come before the OK: ${answer.replace("\r\n", "|")}") {
                HostileServer.start().use { server ->
                    server.on("watch", Forgery.instead(answer))
                    patient(server).use { cache ->
                        withTimeout(HANG) {
                            val events = cache.admin().watch(server.address(), setOf(WatchLog.FETCHERS))
                            val lines = answer.split("\r\n").filter { it.isNotEmpty() && it != "OK" }
                            events.take(lines.size).toList().map { it.raw() } shouldBe lines
                        }
                    }
                }
            }
        }

        test("a value is sent with cas to those servers only that have the command") {
            val value = "flush_all"
            for (refused in listOf("ERROR\r\nERROR\r\n", "CLIENT_ERROR what\r\n", "NOT_STORED\r\n", "END\r\n")) {
                HostileServer.start().put("k", 0, "v").use { server ->
                    server.on("cas") { turn ->
                        turn.send(refused)
                        turn.executeBlock()
                    }
                    patient(server, Protocol.TEXT).use { cache ->
                        val cas = attempt { cache.cas("k", value, 1) }.shouldFailWith<ProtocolException>()
                        cas.delivery() shouldBe Delivery.NOT_SENT
                        cas.message!! shouldContain "cas"
                        cache.get<String>("k") shouldBe "v"
                        attempt { cache.update<String>("k") { value } }.shouldFailWith<ProtocolException>()
                        cache.get<String>("k") shouldBe "v"
                    }
                    server.count { it.command() == "flush_all" } shouldBe 0
                    server.accepted() shouldBe 1
                }
            }
            HostileServer.start().put("k", 0, "v").use { server ->
                patient(server, Protocol.TEXT).use { cache ->
                    cache.cas("k", value, cache.gets<String>("k")!!.cas()) shouldBe CasResult.STORED
                    cache.get<String>("k") shouldBe value
                }
            }
        }

        test("a server that closes the connection at cas breaks that of others once, and is not sent it then") {
            HostileServer.start().put("k", 0, "v").use { server ->
                server.on("cas", closedAfter(0))
                patient(server, Protocol.TEXT).use { cache ->
                    cache.get<String>("k") shouldBe "v"
                    withTimeout(HANG) {
                        while (attempt {
                                cache.cas("k", "flush_all", 99)
                            }.failure !is ProtocolException
                        ) {
                            delay(2.milliseconds)
                        }
                    }
                    attempt { cache.cas("k", "w", 99) }.shouldFailWith<ProtocolException>().message!! shouldContain
                        "cannot carry"
                    cache.get<String>("k") shouldBe "v"
                }
                val shared = server.requests().groupBy { it.connection() }.values.filter { them ->
                    them.any { it.command() == "get" }
                }
                shared.count { them -> them.any { it.line().startsWith("cas k ") } } shouldBe 1
                server.count { it.command() == "flush_all" } shouldBe 0
            }
        }

        test("a connection that is lost in the greeting takes no command from the next") {
            HostileServer.start().put("k", 0, "v").use { server ->
                server.next("cas", closedAfter(0))
                patient(server, Protocol.TEXT).use { cache ->
                    cache.cas("k", "w", cache.gets<String>("k")!!.cas()) shouldBe CasResult.STORED
                    cache.get<String>("k") shouldBe "w"
                }
            }
        }

        test("the lines behind a refusal answer nobody, and the command goes alone from then on") {
            HostileServer.start().put("k", 0, "v").use { server ->
                val bad = "CLIENT_ERROR bad command line format: verbosity\r\n"
                server.on("verbosity", Forgery.instead(bad + "SERVER_ERROR null\r\n".repeat(2)))
                patient(server, Protocol.TEXT).use { cache ->
                    repeat(4) {
                        coroutineScope {
                            val gets = (1..20).map { start { cache.get<String>("k") } }
                            one { cache.verbosity(1) }.shouldFailWith<ServerErrorException>()
                            // on its way at once: the connection must be out of use by then
                            cache.get<String>("k") shouldBe "v"
                            gets.awaitAll().forEach { it.value shouldBe "v" }
                        }
                    }
                }
                // one that the refusal cost, one for the reads, one for each of the others
                val shared = server.requests().groupBy { it.connection() }.values.filter { them ->
                    them.any { it.command() == "get" }
                }
                shared.size shouldBe 2
                server.count { it.command() == "verbosity" } shouldBe 4
            }
        }

        test("a refused data block costs the connection before its caller goes on") {
            HostileServer.start().put("k", 0, "v").use { server ->
                server.on("version", Forgery.instead("VERSION 1.6.45\r\n"))
                server.on({ it.line().startsWith("ms ") && " E77" in it.line() }) { turn ->
                    turn.send("CLIENT_ERROR invalid flag\r\nERROR\r\n")
                }
                patient(server, Protocol.META).use { cache ->
                    val chosen = MetaSet.plain().newCas(77)
                    coroutineScope {
                        val gets = (1..20).map { start { cache.get<String>("k") } }
                        one { cache.meta().set("new", "w", chosen) }.shouldFailWith<ServerErrorException>()
                        cache.get<String>("k") shouldBe "v"
                        gets.awaitAll().forEach { it.value shouldBe "v" }
                    }
                    repeat(3) {
                        val again = one { cache.meta().set("new", "w", chosen) }.shouldFailWith<ProtocolException>()
                        again.delivery() shouldBe Delivery.NOT_SENT
                    }
                    cache.meta().set("new", "w", MetaSet.plain()).status() shouldBe MetaStatus.DONE
                }
                server.count { " E77" in it.line() } shouldBe 1
                server.accepted() shouldBe 2
            }
        }
    })
