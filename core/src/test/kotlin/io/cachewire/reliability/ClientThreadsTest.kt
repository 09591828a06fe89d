package io.cachewire.reliability

import io.cachewire.AsyncMemcachedClient
import io.cachewire.Credentials
import io.cachewire.CredentialsProvider
import io.cachewire.DataBlock
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.RequestTimeoutException
import io.cachewire.ServerAddress
import io.cachewire.fixture.AnswersTogether
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.get
import io.cachewire.routing.LocatorFactory
import io.cachewire.routing.NodeLocator
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** Code of the user's and the threads of the client: what that throws, how long it takes, and where it runs. */
class ClientThreadsTest :
    FunSpec({
        // ---- locators ----

        test(
            "a locator that throws when a call is sent again ends that call, and runs on no thread of the client's own",
        ) {
            HostileServer.start().use { first ->
                HostileServer.start().use { second ->
                    val locator = Locators()
                    client(first.address(), second.address()) {
                        requestTimeout = 5.seconds
                        connectTimeout = 5.seconds
                        this.locator = locator
                    }.use { cache ->
                        cache.set("k", "v")
                        for (broken in listOf({
                            error("planted")
                        }, { throw StackOverflowError("planted") }, { -1 }, { 7 })) {
                            val gate = Gate()
                            first.next("mg", gate)
                            val pending = start { cache.get<String>("k") }
                            gate.awaitRequest()
                            locator.then = broken
                            cache.disconnectAll()
                            val ended = withTimeout(HANG) { pending.await() }
                            ended.failure.shouldNotBeNull()
                            ended.took shouldBeLessThan 4.seconds
                            attempt { cache.get<String>("k") }.failure.shouldBeInstanceOf<MemcachedException>()
                            locator.then = null
                            gate.open()
                            cache.shouldRecover()
                        }
                        locator.threads.filter { OWN.matches(it) }.shouldBeEmpty()
                    }
                }
            }
        }

        test("a locator that throws ends the call as a refused request, and the coroutine's job keeps nothing of it") {
            HostileServer.start().use { first ->
                HostileServer.start().use { second ->
                    val locator = Locators()
                    client(first.address(), second.address()) { this.locator = locator }.use { cache ->
                        locator.then = { error("planted") }
                        val job = Job()
                        val failed =
                            async(Dispatchers.Default + job) {
                                val ended = attempt { cache.get<String>("k") }
                                // a continuation that was left behind would be cancelled with the job
                                ended.shouldFailWith<IllegalRequestException>().message!! shouldContain "planted"
                                ended.took shouldBeLessThan BOUND
                            }
                        failed.await()
                        job.complete()
                        withTimeout(HANG) { job.join() }
                        locator.then = null
                        cache.shouldBeInSync()
                    }
                }
            }
        }

        // ---- executors ----

        for ((name, executor) in listOf(
            "the calling thread" to Executor(Runnable::run),
            "a full pool's caller" to callerRuns(),
        )) {
            test("a blocking call behind a call that has timed out harms no other, when stages run on $name") {
                HostileServer.start().use { server ->
                    futures(server.address(), executor).use { cache ->
                        cache.blocking().withRequestTimeout(5.seconds.toJavaDuration()).set("k", "v")
                        server.on({ it.key() == "silent" }, hang())
                        val second = CompletableFuture<Any>()
                        cache.get("silent", String::class.java).whenComplete { _, _ ->
                            second.complete(runCatching { cache.blocking().get("silent", String::class.java) })
                        }
                        val began = TimeSource.Monotonic.markNow()
                        second.get(10, SECONDS)
                        began.elapsedNow() shouldBeLessThan BOUND * 2
                        attempt {
                            cache.blocking().get("silent", String::class.java)
                        }.shouldFailWith<RequestTimeoutException>()
                        server.honest()
                        eventually("it recovers") {
                            runCatching { cache.blocking().get("k", String::class.java) }.getOrNull() ==
                                "v"
                        }
                    }
                }
            }
        }

        test("a future ends by its deadline though its executor is kept by a stage that waits for it") {
            HostileServer.start().put("k", 0, "v").use { server ->
                val one = Executors.newSingleThreadExecutor { Thread(it).also { thread -> thread.isDaemon = true } }
                futures(server.address(), one).use { async ->
                    async.blocking().withRequestTimeout(
                        5.seconds.toJavaDuration(),
                    ).get("k", String::class.java) shouldBe
                        "v"
                    val began = TimeSource.Monotonic.markNow()
                    val outer =
                        async.get("k", String::class.java).thenApply {
                            async.get("k", String::class.java).thenApply { it }.join()
                        }
                    outer.get(10, SECONDS) shouldBe "v"
                    began.elapsedNow() shouldBeLessThan BOUND
                    val busy = CountDownLatch(1)
                    one.execute { busy.await(20, SECONDS) }
                    val many = List(50) { async.get("k", String::class.java) }
                    many.forEach { it.get(10, SECONDS) shouldBe "v" }
                    server.on({ it.key() == "silent" }, hang())
                    val late = async.get("silent", String::class.java)
                    runCatching {
                        late.get(10, SECONDS)
                    }.exceptionOrNull()!!.cause.shouldBeInstanceOf<RequestTimeoutException>()
                    busy.countDown()
                }
            }
        }

        test("waiting for a future on the I/O thread is refused at once") {
            HostileServer.start().put("k", 0, "v").use { server ->
                futures(server.address(), Runnable::run, 5.seconds).use { cache ->
                    client(server.address()).use { other ->
                        cache.blocking().get("k", String::class.java) shouldBe "v"
                        val waits =
                            listOf<() -> Any?>(
                                { cache.get("k", String::class.java).join() },
                                { cache.get("k", String::class.java).get(3, SECONDS) },
                                { cache.get("k", String::class.java).thenApply { it }.join() },
                            )
                        for (wait in waits) {
                            val gate = Gate()
                            server.next("mg", gate)
                            val stage = cache.get("k", String::class.java).thenApply { runCatching(wait) }
                            gate.awaitRequest()
                            gate.open()
                            stage.get(3, SECONDS).exceptionOrNull().shouldBeInstanceOf<IllegalStateException>()
                        }
                        other.shouldBeInSync()
                        cache.blocking().get("k", String::class.java) shouldBe "v"
                    }
                }
            }
        }

        // ---- dispatchers ----

        test("a dispatcher that throws an Error once keeps no call from its end, its own neither") {
            val dispatcher = Faulty(failures = 1)
            withAnswersTogether { together, cache ->
                val seen = together.during("k$LAST") {
                    List(CALLERS) {
                        call(
                            cache,
                            it,
                            if (it % 2 ==
                                0
                            ) {
                                dispatcher
                            } else {
                                Dispatchers.Default
                            },
                        )
                    }
                }
                withTimeout(HANG) { seen.map { it.await() } } shouldBe List(CALLERS) { "v$it" }
                cache.shouldBeInSync()
            }
        }

        test("a dispatcher that always throws takes none along whose answers came in the same turn") {
            val dispatcher = Faulty(failures = Int.MAX_VALUE)
            withAnswersTogether { together, cache ->
                val all = together.during("k$LAST") {
                    List(CALLERS) {
                        call(
                            cache,
                            it,
                            if (it % 4 ==
                                0
                            ) {
                                dispatcher
                            } else {
                                Dispatchers.Default
                            },
                        )
                    }
                }
                withTimeout(HANG) {
                    all.forEachIndexed { i, one -> if (i % 4 != 0) one.await() shouldBe "v$i" else one.join() }
                }
                cache.shouldBeInSync()
            }
        }

        test("a dispatcher that fails when it is asked whether it is needed harms its own coroutine only") {
            val gone =
                object : CoroutineDispatcher() {
                    @Volatile
                    var isGone = false

                    override fun isDispatchNeeded(context: CoroutineContext): Boolean {
                        check(!isGone) { "the dispatcher is gone" }
                        return true
                    }

                    override fun dispatch(context: CoroutineContext, block: Runnable) =
                        Dispatchers.Default.dispatch(context, block)
                }
            withAnswersTogether { together, cache ->
                val writes = ArrayList<Deferred<Outcome<Unit>>>()
                val last = together.during("k$LAST") {
                    call(cache, 0, gone)
                    repeat(20) { i -> writes += CoroutineScope(SupervisorJob()).start { cache.set("w$i", "v") } }
                    gone.isGone = true
                    call(cache, LAST, Dispatchers.Default)
                }
                withTimeout(HANG) {
                    last.await() shouldBe "v$LAST"
                    writes.forEach { it.await().failure shouldBe null }
                }
            }
        }

        test("each coroutine of a dispatcher that was closed is cancelled, as in any other suspension") {
            val closed = Executors.newFixedThreadPool(2).asCoroutineDispatcher()
            withAnswersTogether { together, cache ->
                val threads = ConcurrentLinkedQueue<String>()
                val all = together.during("k$LAST") {
                    List(CALLERS) { i ->
                        CoroutineScope(SupervisorJob()).async(closed, CoroutineStart.UNDISPATCHED) {
                            cache.get<String>("k$i")
                            threads += Thread.currentThread().name
                        }
                    }.also { closed.close() }
                }
                withTimeout(HANG) { all.forEach { it.join() } }
                all.filter { !it.isCancelled }.shouldBeEmpty()
                threads.toList().shouldBeEmpty()
                cache.shouldBeInSync()
            }
        }

        test("a dispatcher that reads the context of what it dispatches sees that of each coroutine") {
            val backing = Executors.newFixedThreadPool(2)
            val tenant = ThreadLocal<String>()
            val dispatcher =
                object : CoroutineDispatcher() {
                    override fun dispatch(context: CoroutineContext, block: Runnable) = backing.execute {
                        tenant.set(context[CoroutineName]?.name)
                        try {
                            block.run()
                        } finally {
                            tenant.remove()
                        }
                    }
                }
            withAnswersTogether { together, cache ->
                val seen =
                    together.during("k$LAST") {
                        List(CALLERS) { i ->
                            CoroutineScope(
                                dispatcher + CoroutineName("tenant $i"),
                            ).async(start = CoroutineStart.UNDISPATCHED) {
                                cache.get<String>("k$i")
                                tenant.get()
                            }
                        }
                    }
                withTimeout(HANG) { seen.map { it.await() } } shouldBe List(CALLERS) { "tenant $it" }
            }
            backing.shutdown()
        }

        test("a coroutine without a dispatcher goes on on no thread of the client's own, and may keep its thread") {
            val inline =
                object : CoroutineDispatcher() {
                    override fun dispatch(context: CoroutineContext, block: Runnable) = block.run()
                }
            val inlineExecutor = Executor(Runnable::run).asCoroutineDispatcher()
            withAnswersTogether { together, cache ->
                for (dispatcher in listOf(Dispatchers.Unconfined, inline, inlineExecutor)) {
                    val held = CountDownLatch(1)
                    val all = together.during("k$LAST") {
                        List(CALLERS) { i ->
                            CoroutineScope(dispatcher).async(start = CoroutineStart.UNDISPATCHED) {
                                cache.get<String>("k$i")
                                val name = Thread.currentThread().name
                                if (i == 3) held.await(10, SECONDS)
                                name
                            }
                        }
                    }
                    many(20) {
                        cache.get<String>("k$it")
                    }.shouldEndWithin(5.seconds).forEach { it.failure shouldBe null }
                    held.countDown()
                    val threads = withTimeout(HANG) { all.map { it.await() } }
                    threads.filter { OWN.matches(it) }.shouldBeEmpty()
                }
            }
        }

        test("a coroutine without a dispatcher whose call times out goes on on no thread of the client's own") {
            HostileServer.start().use { server ->
                client(server.address()).use { cache ->
                    cache.shouldBeInSync()
                    server.on({ it.key() == "silent" }, hang())
                    val threads =
                        List(5) {
                            CoroutineScope(Dispatchers.Unconfined).async {
                                attempt { cache.get<String>("silent") }.shouldFailWith<RequestTimeoutException>()
                                Thread.currentThread().name
                            }
                        }
                    withTimeout(HANG) { threads.map { it.await() } }.filter { OWN.matches(it) }.shouldBeEmpty()
                }
            }
        }

        // ---- connecting ----

        test("callers that keep all threads of Dispatchers.IO do not keep the client from connecting") {
            HostileServer.start().put("k", 0, "v").use { server ->
                client(server.address()) { requestTimeout = 5.seconds }.use { cache ->
                    val blocking = cache.blocking()
                    val ready = CountDownLatch(IO_THREADS)
                    val callers =
                        List(IO_THREADS) {
                            CoroutineScope(Dispatchers.IO).async {
                                ready.countDown()
                                ready.await(10, SECONDS)
                                runCatching { blocking.get("k", String::class.java) }
                            }
                        }
                    withTimeout(HANG) { callers.map { it.await().getOrNull() } }.toSet() shouldBe setOf("v")
                }
            }
        }

        test(
            "servers whose credentials provider hangs stop no other server, no other client and no task of the application",
        ) {
            val release = CountDownLatch(1)
            val asked = AtomicInteger()
            HostileServer.start().authentication("user", "password").use { server ->
                val hung = List(HUNG) { FaultProxy.to(server.address()) }
                val hanging =
                    CredentialsProvider { at ->
                        if (at.port() != server.port()) {
                            asked.incrementAndGet()
                            release.await(30, SECONDS)
                        }
                        Credentials.of("user", "password")
                    }
                val others = Locators()
                client(*(listOf(server.address()) + hung.map { it.address() }).toTypedArray()) {
                    credentials = hanging
                    locator = others
                }.use { cache ->
                    repeat(HUNG) { round ->
                        others.then = { 1 + round }
                        many(4) { cache.get<String>("k$it") }.shouldEndWithin(BOUND * 2)
                    }
                    eventually("all providers hang") { asked.get() == HUNG }
                    others.then = { 0 }
                    val began = TimeSource.Monotonic.markNow()
                    while (attempt { cache.get<String>("k") }.failure !=
                        null
                    ) {
                        began.elapsedNow() shouldBeLessThan RECOVERY
                    }
                    withTimeout(5.seconds) { async(Dispatchers.IO) { 1 }.await() }
                    asked.get() shouldBe HUNG
                }
                release.countDown()
                hung.forEach { it.close() }
            }
            eventually("no thread is left") {
                Thread.getAllStackTraces().keys.none {
                    CLIENTS.matches(it.name) &&
                        it.isInApart()
                }
            }
        }

        test("what a credentials provider throws ends the attempt, an Error too, without its text") {
            HostileServer.start().authentication("user", "password").use { server ->
                client(server.address()) {
                    credentials = CredentialsProvider { throw Error("the secret of the vault") }
                }.use { cache ->
                    val ended = attempt { cache.get<String>("k") }
                    ended.failure.shouldNotBeNull().message!! shouldNotContain "vault"
                    ended.took shouldBeLessThan BOUND
                }
            }
        }
    })

private const val CALLERS = 40
private const val LAST = CALLERS - 1
private const val IO_THREADS = 64

/** More than twice as many as connect at the same time. */
private const val HUNG = 9
private val OWN = Regex("""cachewire-\d+-(io|deadlines).*""")
private val CLIENTS = Regex("""cachewire-\d+-apart-\d+""")

private fun Thread.isInApart() = stackTrace.any { it.methodName == "credentialsFor" }

/** Locators that do what a test says, and tell on which threads they were asked. */
private class Locators : LocatorFactory {
    val threads: MutableSet<String> = ConcurrentHashMap.newKeySet()

    @Volatile
    var then: (() -> Int)? = null

    override fun build(servers: List<ServerAddress>) = object : NodeLocator {
        override fun locate(routingKey: DataBlock): Int {
            threads += Thread.currentThread().name
            return then?.invoke() ?: 0
        }

        override fun locateHash(hash: Long) = 0

        override fun locate(routingKey: DataBlock, attempt: Int) = -1
    }
}

/** Dispatches on Dispatchers.Default, but for its first dispatches. */
private class Faulty(
    failures: Int,
) : CoroutineDispatcher() {
    private val left = AtomicInteger(failures)

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (left.getAndDecrement() > 0) throw OutOfMemoryError("unable to create native thread, for the test")
        Dispatchers.Default.dispatch(context, block)
    }
}

private fun futures(at: ServerAddress, executor: Executor, timeout: Duration = TIMEOUT): AsyncMemcachedClient =
    AsyncMemcachedClient
        .builder(at.toString())
        .requestTimeout(timeout.toJavaDuration())
        .callbackExecutor(executor)
        .build()

private fun callerRuns() = ThreadPoolExecutor(
    1,
    1,
    0,
    MILLISECONDS,
    LinkedBlockingQueue(1),
    { Thread(it).also { thread -> thread.isDaemon = true } },
    ThreadPoolExecutor.CallerRunsPolicy(),
).also { pool ->
    val forever = CountDownLatch(1)
    repeat(2) { pool.execute { forever.await() } }
}

private suspend fun withAnswersTogether(body: suspend (AnswersTogether, MemcachedClient) -> Unit) {
    AnswersTogether().use { together ->
        MemcachedClient(together.address().toString()) { requestTimeout = 10.seconds }.use { cache ->
            for (i in 0 until CALLERS) cache.set("k$i", "v$i")
            body(together, cache)
        }
    }
}

private fun call(cache: MemcachedClient, index: Int, dispatcher: CoroutineDispatcher): Deferred<String?> =
    CoroutineScope(SupervisorJob()).async(dispatcher, CoroutineStart.UNDISPATCHED) { cache.get<String>("k$index") }
