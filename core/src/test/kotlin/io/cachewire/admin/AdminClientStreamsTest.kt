package io.cachewire.admin

import io.cachewire.ClientClosedException
import io.cachewire.CommandRefusedException
import io.cachewire.CommandRefusedException.Reason
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.ServerCapability
import io.cachewire.ServerErrorException
import io.cachewire.UnsupportedByServerException
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.gets
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.typed
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.count
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import java.time.Instant
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The streams of the suspend face's server commands: what they give, how they end, what a slow reader does. */
class AdminClientStreamsTest :
    FunSpec({
        lateinit var server: MemcachedServer
        lateinit var cache: MemcachedClient
        lateinit var admin: AdminClient
        beforeTest {
            server = MemcachedServer.start("-m", "128")
            cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
            admin = cache.admin()
        }
        afterTest {
            cache.close()
            server.close()
        }

        suspend fun connections() = admin.statsConnections().getValue(server.address()).values

        suspend fun watchers() = connections().count { it.state() == "conn_watch" }

        suspend fun untilWatched() = withTimeout(20.seconds) { while (watchers() == 0) delay(2.milliseconds) }

        suspend fun untilClosed() = withTimeout(20.seconds) {
            // the listener and the connection of the client
            while (connections().count { it.address() != null } > 2) delay(2.milliseconds)
        }

        test("metadump") {
            val keys = (1..3000).map { "key-$it" } + "a%b=c"
            cache.setAll(keys.associateWith { "v" }, ttl = 5.minutes)
            val items = admin.metadump(server.address()).toList()
            items.map { it.key() }.toSet() shouldBe keys.toSet()
            items.size shouldBe keys.size
            val one = items.single { it.key() == "a%b=c" }
            one.raw() shouldStartWith "key=a%25b%3Dc "
            one.expiresAt()!!.epochSecond - one.lastAccess()!!.epochSecond shouldBe 300
            one.cas() shouldBe cache.gets<String>("a%b=c")!!.cas
            one.fetched() shouldBe false
            admin.metadump(server.address(), SlabClasses.hash()).count() shouldBe keys.size
            shouldThrow<CommandRefusedException> { admin.metadump(server.address(), SlabClasses.of(250)).toList() }
                .reason() shouldBe Reason.BAD_CLASS
            untilClosed()
        }

        test("mgdump") {
            val unknown = shouldThrow<UnsupportedByServerException> { admin.mgdump(server.address()).toList() }
            unknown.message!! shouldStartWith "lru_crawler mgdump needs memcached >= 1.6.19, server is 1.6.18"
            unknown.capability() shouldBe ServerCapability.MGDUMP
            unknown.delivery() shouldBe MemcachedException.Delivery.NOT_SENT
        }

        test("mgdump of a server that has it") {
            HostileServer.start().use { newer ->
                newer.lieTo("version", "VERSION 1.6.31\r\n")
                newer.lieTo("lru_crawler", "mg plain\r\nmg w6k= b\r\nEN\r\n")
                MemcachedClient(newer.address().toString()).use { client ->
                    val items = client.admin().mgdump(newer.address()).toList()
                    items.map { it.key() } shouldBe listOf("plain", "\u00e9")
                    items[0].cas().shouldBeNull()
                }
            }
        }

        test("watch") {
            // the greeting of a new connection would be watched too
            cache.get<String>("absent")
            coroutineScope {
                val events =
                    async(Dispatchers.Default) {
                        admin.watch(server.address(), setOf(WatchLog.MUTATIONS, WatchLog.FETCHERS))
                            .filterIsInstance<WatchEvent.Logged>().take(4).toList()
                    }
                untilWatched()
                cache.set("n%n", "v")
                cache.get<String>("absent")
                cache.add("n%n", "v")
                val found = withTimeout(20.seconds) { events.await() }
                found.map { it.type() }.toSet() shouldBe setOf("item_get", "item_store")
                found.first { it.type() == "item_store" }.key() shouldBe "n%n"
                found.map { it.key() } shouldContainAll listOf("n%n", "absent")
                found.map { it.gid()!! }.toSet().size shouldBe 4
                found[0].time()!!.epochSecond shouldBeGreaterThan 1_700_000_000
            }
            untilClosed()
        }

        test("deletions of a server that has them, and lines of any form") {
            shouldThrow<UnsupportedByServerException> {
                admin.watch(server.address(), setOf(WatchLog.FETCHERS, WatchLog.DELETIONS)).toList()
            }.capability() shouldBe ServerCapability.WATCH_DELETIONS
            HostileServer.start().use { newer ->
                newer.lieTo("version", "VERSION 1.6.20\r\n")
                newer.lieTo("watch", "OK\r\nts=1.5 gid=9 type=deleted key=n%25n cmd=delete\nskipped=12\nnew form\n")
                MemcachedClient(newer.address().toString()).use { client ->
                    val events = client.admin().watch(newer.address(), setOf(WatchLog.DELETIONS)).take(3).toList()
                    val logged = events[0].shouldBeInstanceOf<WatchEvent.Logged>()
                    logged.key() shouldBe "n%n"
                    logged.time() shouldBe Instant.ofEpochSecond(1, 5_000)
                    events[1] shouldBe WatchEvent.Skipped(12, "skipped=12")
                    events[2] shouldBe WatchEvent.Unknown("new form")
                    newer.lines() shouldContain "watch deletions"
                }
            }
        }

        test("a second dump at the same time is refused as busy") {
            cache.set("a", "v")
            cache.set("b", "v")
            admin.crawlerSleep(1.seconds)
            val refused = CompletableDeferred<CommandRefusedException>()
            coroutineScope {
                // each dumps until the two have met
                repeat(2) {
                    launch(Dispatchers.Default) {
                        while (!refused.isCompleted) {
                            try {
                                admin.metadump(server.address()).count() shouldBe 2
                            } catch (e: CommandRefusedException) {
                                refused.complete(e)
                            }
                        }
                    }
                }
                withTimeout(20.seconds) { refused.await().reason() shouldBe Reason.BUSY }
            }
        }

        test("a slow collector makes the server drop lines, and is told") {
            coroutineScope {
                val skipped =
                    async(Dispatchers.Default) {
                        var first = true
                        admin.watch(server.address(), setOf(WatchLog.FETCHERS)).first {
                            if (first) {
                                first = false
                                // nothing is read meanwhile: the sockets' buffers fill, then the server's
                                val key = "k".repeat(200)
                                while (cache.stats().values.single()["log_watcher_skipped"] == "0") {
                                    repeat(100) { cache.getAll<String>(List(20) { n -> "$key$n" }) }
                                }
                            }
                            it is WatchEvent.Skipped
                        } as WatchEvent.Skipped
                    }
                untilWatched()
                // the server tells of what it dropped before the next line that it has room for
                withTimeout(60.seconds) {
                    while (!skipped.isCompleted) {
                        cache.get<String>("start")
                        delay(1.milliseconds)
                    }
                }
                skipped.await().count() shouldBeGreaterThan 0
            }
        }

        test("cancelling a collector closes its connection, while it waits too") {
            coroutineScope {
                val watching =
                    launch(Dispatchers.Default) { admin.watch(server.address(), setOf(WatchLog.EVICTIONS)).collect {} }
                untilWatched()
                watching.cancel()
                untilClosed()
            }
        }

        test("the end of the client ends its streams") {
            coroutineScope {
                val ended =
                    async(Dispatchers.Default, CoroutineStart.DEFAULT) {
                        shouldThrow<ClientClosedException> {
                            admin.watch(server.address(), setOf(WatchLog.EVICTIONS)).collect {}
                        }
                    }
                untilWatched()
                cache.close()
                withTimeout(20.seconds) { ended.await() }
            }
            shouldThrow<ClientClosedException> { admin.metadump(server.address()).toList() }
        }

        test("a server that is silent ends a dump, and not a watch") {
            HostileServer.start().use { silent ->
                silent.lieTo("lru_crawler", "key=a exp=-1\n")
                MemcachedClient(silent.address().toString()) {
                    stallTimeout = 100.milliseconds
                    connectTimeout = 400.milliseconds
                }.use { client ->
                    shouldThrow<RequestTimeoutException> { client.admin().metadump(silent.address()).toList() }
                }
            }
        }

        test("lines that are none end a stream with a typed error") {
            val lies =
                mapOf(
                    "x".repeat(9000) to ProtocolException::class,
                    "END\r\nkey=late exp=-1\r\n" to ProtocolException::class,
                    "key=a exp=-1\nNONSENSE\n" to CommandRefusedException::class,
                    "key=a exp=-1\nERROR locked try again later\r\n" to ServerErrorException::class,
                    "CLIENT_ERROR no\r\n" to ServerErrorException::class,
                )
            for ((lie, type) in lies) {
                HostileServer.start().use { liar ->
                    liar.lieTo("lru_crawler", lie)
                    MemcachedClient(liar.address().toString()).use { client ->
                        withClue(lie.take(40)) {
                            val e =
                                shouldThrow<MemcachedException> { client.admin().metadump(liar.address()).toList() }
                            e::class shouldBe type
                            e.server() shouldBe liar.address()
                            e.message!!.length shouldBeLessThan 300
                        }
                    }
                }
            }
        }
    })

private fun HostileServer.lieTo(command: String, answer: String) {
    on(command) { turn -> turn.send(answer) }
}
