package io.cachewire.loading

import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

private class DatabaseDown : RuntimeException("the database is down")

/** Two clients stand for two processes: they share nothing but the server. */
class SuspendLoadingCacheTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        fun client(protocol: Protocol = Protocol.AUTO) = MemcachedClient(server.address().toString()) {
            this.protocol = protocol
            requestTimeout = 10.seconds
        }

        suspend fun using(protocol: Protocol = Protocol.AUTO, use: suspend (MemcachedClient, MemcachedClient) -> Unit) {
            client(protocol).use { one ->
                client(protocol).use { two ->
                    one.flushAll()
                    use(one, two)
                }
            }
        }

        fun view(cache: MemcachedClient, configure: LoadingConfig<Long>.() -> Unit = {}) =
            cache.loading<Long, String>("user:") {
                ttl = 5.minutes
                configure()
            }

        for (protocol in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("in $protocol a missing value is loaded once and stored, for plain reads too") {
                using(protocol) { one, two ->
                    val loads = AtomicInteger()
                    val load: suspend (Long) -> String = { "loaded-$it-${loads.incrementAndGet()}" }
                    view(one).get(1, load) shouldBe "loaded-1-1"
                    view(one).get(1, load) shouldBe "loaded-1-1"
                    view(two).get(1, load) shouldBe "loaded-1-1"
                    two.get<String>("user:1") shouldBe "loaded-1-1"
                }
            }

            test("in $protocol of 400 callers in two clients one loads") {
                using(protocol) { one, two ->
                    val loads = AtomicInteger()
                    val views = listOf(view(one), view(two))
                    val results =
                        withContext(Dispatchers.Default) {
                            (0 until 400).map { caller ->
                                async {
                                    views[caller % 2].get(7) {
                                        repeat(100) { yield() }
                                        "v${loads.incrementAndGet()}"
                                    }
                                }
                            }.awaitAll()
                        }
                    results.toSet() shouldBe setOf("v1")
                    loads.get() shouldBe 1
                }
            }

            test("in $protocol an invalidation during a load is not undone") {
                using(protocol) { one, two ->
                    val started = CompletableDeferred<Unit>()
                    val go = CompletableDeferred<Unit>()
                    coroutineScope {
                        val slow =
                            async {
                                view(one).get(1) {
                                    started.complete(Unit)
                                    go.await()
                                    "old"
                                }
                            }
                        started.await()
                        view(two).invalidate(1)
                        view(two).get(1) { "new" } shouldBe "new"
                        go.complete(Unit)
                        slow.await() shouldBe "old"
                    }
                    two.get<String>("user:1") shouldBe "new"
                }
            }

            test("in $protocol a loader that throws fails all its callers, and the next caller loads at once") {
                using(protocol) { one, two ->
                    val time = TimeSource.Monotonic.markNow()
                    shouldThrow<DatabaseDown> { view(one).get(1) { throw DatabaseDown() } }
                    view(two).get(1) { "made" } shouldBe "made"
                    time.elapsedNow() shouldBeLessThan 5.seconds
                }
            }

            test("in $protocol a null is not remembered unless absent is set") {
                using(protocol) { one, two ->
                    val loads = AtomicInteger()
                    val load: suspend (Long) -> String? = {
                        loads.incrementAndGet()
                        null
                    }
                    repeat(2) { view(one).get(1, load).shouldBeNull() }
                    loads.get() shouldBe 2
                    val remembering = view(one) { absent = 30.seconds }
                    repeat(3) { remembering.get(2, load).shouldBeNull() }
                    view(two) { absent = 30.seconds }.get(2, load).shouldBeNull()
                    loads.get() shouldBe 3
                    two.get<String>("user:2").shouldBeNull()
                }
            }
        }

        test("when the caller that loads is cancelled another one of the process takes over") {
            using { one, _ ->
                val cache = view(one)
                val started = CompletableDeferred<Unit>()
                val loads = AtomicInteger()
                val time = TimeSource.Monotonic.markNow()
                coroutineScope {
                    val first =
                        launch {
                            cache.get(1) {
                                loads.incrementAndGet()
                                started.complete(Unit)
                                CompletableDeferred<String>().await()
                            }
                        }
                    started.await()
                    val second = async { cache.get(1) { "second-${loads.incrementAndGet()}" } }
                    while (cache.stats().joined == 0L) yield()
                    first.cancelAndJoin()
                    second.await() shouldBe "second-2"
                }
                one.get<String>("user:1") shouldBe "second-2"
                time.elapsedNow() shouldBeLessThan 5.seconds
            }
        }

        test("when the only caller is cancelled the lease is given back to the fleet") {
            using { one, two ->
                val started = CompletableDeferred<Unit>()
                val time = TimeSource.Monotonic.markNow()
                coroutineScope {
                    val first =
                        launch {
                            view(one).get(1) {
                                started.complete(Unit)
                                CompletableDeferred<String>().await()
                            }
                        }
                    started.await()
                    val other = async { view(two).get(1) { "other" } }
                    first.cancelAndJoin()
                    other.await() shouldBe "other"
                }
                time.elapsedNow() shouldBeLessThan 5.seconds
            }
        }

        test("a load that asks for its own key, or in a ring, is an error that names the keys") {
            using { one, _ ->
                val cache = view(one)
                shouldThrow<LoadingCycleException> { cache.get(1) { cache.get(1) { "x" } } }.keys() shouldBe
                    listOf("user:1", "user:1")
                shouldThrow<LoadingCycleException> {
                    cache.get(1) { cache.get(2) { cache.blocking().get(1) { "x" } } }
                }.keys() shouldBe listOf("user:1", "user:2", "user:1")
                cache.get(1) { cache.get(2) { "inner" } + "!" } shouldBe "inner!"
            }
        }

        test("a wait that a load has given up is no part of a ring") {
            using { one, _ ->
                val cache = view(one)
                val twoLoads = CompletableDeferred<Unit>()
                val gaveUp = CompletableDeferred<Unit>()
                coroutineScope {
                    val two =
                        async(Dispatchers.Default) {
                            cache.get(2) {
                                twoLoads.complete(Unit)
                                gaveUp.await()
                                cache.get(1) { error("the other caller loads") }
                            }
                        }
                    twoLoads.await()
                    val value =
                        cache.get(1) {
                            coroutineScope {
                                val waiting =
                                    launch(Dispatchers.Default) { cache.get(2) { error("the other caller loads") } }
                                while (cache.stats().joined() < 1) yield()
                                waiting.cancelAndJoin()
                            }
                            gaveUp.complete(Unit)
                            // it waits for this load, or was refused
                            while (cache.stats().joined() < 2 && !two.isCompleted) yield()
                            "one"
                        }
                    value shouldBe "one"
                    two.await() shouldBe "one"
                }
            }
        }

        test("a load that takes too long is cut off, and the next caller loads") {
            using { one, _ ->
                val cache = view(one) {
                    lease = 1.seconds
                    loadTimeout = 1.seconds
                }
                shouldThrow<LoadingTimeoutException> { cache.get(1) { CompletableDeferred<String>().await() } }
                cache.get(1) { "made" } shouldBe "made"
            }
        }

        test("without the cache every caller gets a loaded value") {
            MemcachedClient("127.0.0.1:1") { requestTimeout = 2.seconds }.use { dead ->
                val cache = view(dead)
                cache.get(1) { "loaded" } shouldBe "loaded"
                cache.stats().cacheFailures shouldBe 1L
                val throwing = view(dead) { cacheErrors = CacheErrors.THROW }
                shouldThrow<io.cachewire.MemcachedException> { throwing.get(1) { "loaded" } }
            }
        }

        test("a value that is being reloaded early is served meanwhile, and one caller of the fleet reloads it") {
            using { one, two ->
                val settings: LoadingConfig<Long>.() -> Unit = {
                    ttl = 100.seconds
                    jitter = 0.0
                    refreshAhead = 99.seconds
                }
                one.set("user:1", "old", 90.seconds)
                val loads = AtomicInteger()
                val caches = listOf(view(one, settings), view(two, settings))
                caches[0].get(1) { "new-${loads.incrementAndGet()}" } shouldBe "old"
                while (two.get<String>("user:1") == "old") yield()
                loads.get() shouldBe 1
                // the refreshed value has more than 99 s left
                caches[1].get(1) { error("not wanted") } shouldBe "new-1"
            }
        }

        test("an early reload that fails gives the turn back, and the next reader wins") {
            using { one, two ->
                val settings: LoadingConfig<Long>.() -> Unit = {
                    ttl = 100.seconds
                    jitter = 0.0
                    refreshAhead = 99.seconds
                }
                one.set("user:1", "old", 90.seconds)
                val failed = CompletableDeferred<Unit>()
                view(one) {
                    settings()
                    listener =
                        object : LoadingListener {
                            override fun loadFailed(key: String, failure: Throwable) {
                                failed.complete(Unit)
                            }
                        }
                }.get(1) { throw DatabaseDown() } shouldBe "old"
                failed.await()
                view(two, settings).get(1) { "new" } shouldBe "old"
                while (two.get<String>("user:1") == "old") yield()
                two.get<String>("user:1") shouldBe "new"
            }
        }

        test("with failSafe an expired value outlives a failing loader, which is tried once in the throttle's time") {
            using { one, _ ->
                val cache = view(one) {
                    ttl = 60.seconds
                    failSafe = 1.hours
                }
                // fresh for 60 s when it has 60 s and the hour left: this one's time is over
                one.set("user:1", "expired", 1000.seconds)
                val loads = AtomicInteger()
                repeat(20) {
                    cache.get(1) {
                        loads.incrementAndGet()
                        throw DatabaseDown()
                    } shouldBe "expired"
                }
                loads.get() shouldBe 1
                shouldThrow<DatabaseDown> { cache.get(2) { throw DatabaseDown() } }
            }
        }

        test("after invalidate with staleFor one caller reloads and the others use the old value") {
            using { one, two ->
                val settings: LoadingConfig<Long>.() -> Unit = { staleFor = 30.seconds }
                val cache = view(one, settings)
                cache.put(1, "old")
                cache.invalidate(1)
                val started = CompletableDeferred<Unit>()
                val go = CompletableDeferred<Unit>()
                coroutineScope {
                    val reloading =
                        async {
                            cache.get(1) {
                                started.complete(Unit)
                                go.await()
                                "new"
                            }
                        }
                    started.await()
                    view(two, settings).get(1) { error("not wanted") } shouldBe "old"
                    go.complete(Unit)
                    reloading.await() shouldBe "new"
                }
                view(two, settings).get(1) { error("not wanted") } shouldBe "new"
            }
        }

        test("a server that was replaced during a load gets no value by an old lease") {
            val own = MemcachedServer.start()
            own.use {
                MemcachedClient(own.address().toString()) { requestTimeout = 10.seconds }.use { one ->
                    view(one).get(1) {
                        own.restart()
                        // the new process counts from the start: its placeholder has the cas unique of the old one
                        MemcachedClient(own.address().toString()).use { other ->
                            other.meta().get(
                                "user:1",
                                io.cachewire.valueType<String>(),
                                io.cachewire.meta.MetaGet.plain().vivify(java.time.Duration.ofSeconds(30)),
                            )
                        }
                        "old"
                    } shouldBe "old"
                    MemcachedClient(own.address().toString()).use { it.get<String>("user:1") shouldNotBe "old" }
                }
            }
        }

        test("several keys are loaded by one call, and a caller that is cancelled hands them over") {
            using { one, two ->
                val cache = view(one)
                val started = CompletableDeferred<Unit>()
                coroutineScope {
                    val first =
                        launch {
                            cache.getAll(listOf(1, 2)) {
                                started.complete(Unit)
                                CompletableDeferred<Map<Long, String>>().await()
                            }
                        }
                    started.await()
                    val second = async { cache.getAll(listOf(1, 2, 3)) { ids -> ids.associateWith { "name-$it" } } }
                    while (cache.stats().joined < 2) yield()
                    first.cancelAndJoin()
                    second.await() shouldBe mapOf(1L to "name-1", 2L to "name-2", 3L to "name-3")
                }
                view(two).getAll(listOf(3, 2)) { error("not wanted") } shouldBe mapOf(3L to "name-3", 2L to "name-2")
                shouldThrow<LoadFailedException> { cache.getAll(listOf(9)) { mapOf(8L to "eight") } }
                shouldThrow<DatabaseDown> { cache.getAll(listOf(9)) { throw DatabaseDown() } }
            }
        }

        test("getOrPut is the short form") {
            using { one, two ->
                one.getOrPut("k", 1.minutes) { "made" } shouldBe "made"
                two.getOrPut<String>("k", 1.minutes) { error("not wanted") } shouldBe "made"
                Loading.getOrPut(two.blocking(), "k", String::class.java, java.time.Duration.ofMinutes(1)) {
                    "x"
                } shouldBe
                    "made"
            }
        }
    })
