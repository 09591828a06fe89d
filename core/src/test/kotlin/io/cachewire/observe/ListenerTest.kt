package io.cachewire.observe

import io.cachewire.CasResult
import io.cachewire.ConnectionLostException
import io.cachewire.Expiry
import io.cachewire.FailureMode
import io.cachewire.IllegalKeyException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.RequestTimeoutException
import io.cachewire.Undecodable
import io.cachewire.ValueType
import io.cachewire.WriteFailures
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.Delivery.resetAfter
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.meta.MetaCount
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.cachewire.reliability.FACES
import io.cachewire.reliability.HANG
import io.cachewire.reliability.client
import io.cachewire.reliability.eachFace
import io.cachewire.replace
import io.cachewire.set
import io.cachewire.typed
import io.cachewire.update
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldNotStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.awaitility.Awaitility
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private val TEXT = ValueType.of(String::class.java)
private val NUMBER = ValueType.of(Long::class.javaObjectType)

/** One call as it was told. */
private class Told(
    val call: CallStart,
    val end: CallEnd,
    val startedOn: Thread,
    val endedOn: Thread,
)

/** Writes down what it is told, with the threads. */
private class Recorder : ClientListener {
    val calls = ConcurrentLinkedQueue<Told>()
    val started = AtomicInteger()

    override fun callStarted(call: CallStart): Any {
        started.incrementAndGet()
        return Thread.currentThread()
    }

    override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
        calls.add(Told(call, end, started as Thread, Thread.currentThread()))
    }

    val last: Told get() = calls.last()
    val outcomes: List<Pair<Verb, Outcome>> get() = calls.map { it.call.verb() to it.end.outcome() }
}

/** What a listener is told of calls, through each face. */
class ListenerTest :
    FunSpec({
        val server = MemcachedServer.start()
        val gone = HostileServer.start().use { it.address() }

        afterSpec { server.close() }

        fun observed(recorder: ClientListener) = client(server.address()) {
            requestTimeout = 5.seconds
            listener(recorder)
        }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("each verb is told with its outcome ($dialect)") {
                val recorder = Recorder()
                client(server.address()) {
                    requestTimeout = 5.seconds
                    protocol = dialect
                    listener(recorder)
                }.use { client ->
                    val cache = client.namespace("$dialect:")
                    cache.get<String>("k").shouldBeNull()
                    cache.set("k", "value")
                    cache.get<String>("k") shouldBe "value"
                    cache.add("k", "v") shouldBe false
                    cache.add("k2", "v") shouldBe true
                    cache.replace("none", "v") shouldBe false
                    cache.append("none", "v") shouldBe false
                    cache.prepend("k", "v") shouldBe true
                    val held = cache.gets<String>("k")!!
                    cache.cas("k", "v", held.cas()) shouldBe CasResult.STORED
                    cache.cas("k", "v", held.cas()) shouldBe CasResult.EXISTS
                    cache.touch("k", 1.minutes) shouldBe true
                    cache.touch("none", 1.minutes) shouldBe false
                    cache.increment("none").shouldBeNull()
                    cache.set("n", 1L)
                    cache.decrement("n") shouldBe 0
                    cache.delete("k") shouldBe true
                    cache.delete("k") shouldBe false
                    cache.version()
                }
                recorder.outcomes shouldContainExactly
                    listOf(
                        Verb.GET to Outcome.MISS,
                        Verb.SET to Outcome.STORED,
                        Verb.GET to Outcome.HIT,
                        Verb.ADD to Outcome.NOT_STORED,
                        Verb.ADD to Outcome.STORED,
                        Verb.REPLACE to Outcome.NOT_STORED,
                        Verb.APPEND to Outcome.NOT_STORED,
                        Verb.PREPEND to Outcome.STORED,
                        Verb.GETS to Outcome.HIT,
                        Verb.CAS to Outcome.STORED,
                        Verb.CAS to Outcome.NOT_STORED,
                        Verb.TOUCH to Outcome.HIT,
                        Verb.TOUCH to Outcome.MISS,
                        Verb.INCREMENT to Outcome.MISS,
                        Verb.SET to Outcome.STORED,
                        Verb.DECREMENT to Outcome.HIT,
                        Verb.DELETE to Outcome.HIT,
                        Verb.DELETE to Outcome.MISS,
                        Verb.VERSION to Outcome.DONE,
                    )
                recorder.calls.all { it.end.server().toString() == server.address().toString() }.shouldBeTrue()
                recorder.calls.all { it.end.attempts() == 1 && it.end.error() == null }.shouldBeTrue()
                recorder.calls.forEach { it.end.elapsedNanos() shouldBeGreaterThan 0 }
            }
        }

        eachFace(FACES, "a call is told with its bytes, and not on a thread of the client") { face ->
            val recorder = Recorder()
            observed(recorder).use { cache ->
                face.set(cache, "bytes", "12345")
                face.get(cache, "bytes") shouldBe "12345"
                face.get(cache, "absent").shouldBeNull()
                recorder.outcomes shouldContainExactly
                    listOf(Verb.SET to Outcome.STORED, Verb.GET to Outcome.HIT, Verb.GET to Outcome.MISS)
                val (set, hit, miss) = recorder.calls.toList()
                set.end.valueBytesSent() shouldBe 5
                set.end.valueBytesReceived() shouldBe 0
                hit.end.valueBytesReceived() shouldBe 5
                hit.call shouldBe CallStart(Verb.GET, "", 1)
                listOf(hit.end.hits(), hit.end.misses(), miss.end.hits(), miss.end.misses()) shouldBe listOf(1, 0, 0, 1)
                for (told in recorder.calls) {
                    told.startedOn.name.shouldNotStartWith("cachewire")
                    told.endedOn.name.shouldNotStartWith("cachewire")
                }
            }
        }

        eachFace(FACES, "a time-out is told as an error that is indeterminate") { face ->
            HostileServer.start().use { hostile ->
                val recorder = Recorder()
                client(hostile.address()) { listener(recorder) }.use { cache ->
                    face.set(cache, "k", "v")
                    hostile.always(hang())
                    val thrown = shouldThrow<RequestTimeoutException> { face.set(cache, "k", "v") }
                    recorder.last.end.outcome() shouldBe Outcome.ERROR
                    recorder.last.end.error()!!.message shouldBe thrown.message
                    recorder.last.end.delivery() shouldBe Delivery.INDETERMINATE
                    recorder.calls.size shouldBe 2
                }
            }
        }

        eachFace(FACES, "a refused connection is told as an error of which nothing was sent") { face ->
            val recorder = Recorder()
            client(gone) { listener(recorder) }.use { cache ->
                shouldThrow<ConnectionLostException> { face.get(cache, "k") }
                recorder.last.end.outcome() shouldBe Outcome.ERROR
                recorder.last.end.delivery() shouldBe Delivery.NOT_SENT
            }
        }

        test("a failure that a setting hides from the caller is told as an error") {
            val recorder = Recorder()
            client(gone) {
                failureMode = FailureMode.MISS
                writeFailures = WriteFailures.IGNORE
                listener(recorder)
            }.use { cache ->
                cache.get<String>("k").shouldBeNull()
                recorder.last.end.error().shouldBeInstanceOf<ConnectionLostException>()
                cache.set("k", "v")
                recorder.last.end.error().shouldBeInstanceOf<ConnectionLostException>()
                cache.getAll(listOf("a", "b"), TEXT).size shouldBe 0
                recorder.last.end.error().shouldBeInstanceOf<ConnectionLostException>()
            }
            recorder.outcomes.map { it.second }.toSet() shouldBe setOf(Outcome.ERROR)
        }

        test("a value that is taken for a miss because it cannot be decoded is told as a miss") {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                cache.set("text", "no number")
                cache.withUndecodable(Undecodable.MISS).get("text", NUMBER).shouldBeNull()
                recorder.last.end.outcome() shouldBe Outcome.MISS
            }
        }

        test("a call over many keys is told once, with its hits and misses") {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                cache.setAll(mapOf("a" to typed("1"), "b" to typed("22")), null).shouldBeEmpty()
                cache.getAll(listOf("a", "b", "c"), TEXT) shouldBe mapOf("a" to "1", "b" to "22")
                cache.deleteAll(listOf("b", "c")) shouldBe setOf("b")
                cache.getAll(listOf("b", "c"), TEXT).size shouldBe 0
                cache.getAll(emptyList<String>(), TEXT).size shouldBe 0
            }
            recorder.outcomes shouldContainExactly
                listOf(
                    Verb.SET to Outcome.STORED,
                    Verb.GET to Outcome.HIT,
                    Verb.DELETE to Outcome.HIT,
                    Verb.GET to Outcome.MISS,
                )
            val (set, get, delete) = recorder.calls.toList()
            listOf(set.call.keyCount(), get.call.keyCount(), delete.call.keyCount()) shouldBe listOf(2, 3, 2)
            set.end.valueBytesSent() shouldBe 3
            get.end.valueBytesReceived() shouldBe 3
            get.end.hits() to get.end.misses() shouldBe (2 to 1)
            delete.end.hits() to delete.end.misses() shouldBe (1 to 1)
            get.end.server().shouldBeNull()
        }

        test("a call over many keys of which one server is gone is told as an error, with the hits") {
            val recorder = Recorder()
            client(server.address(), gone) { listener(recorder) }.use { cache ->
                val keys = (1..50).map { "part$it" }
                val results = cache.getAllResults(keys, TEXT)
                results.failed().size shouldBe keys.size - results.missing().size
                recorder.last.end.outcome() shouldBe Outcome.ERROR
                recorder.last.end.misses() shouldBe results.missing().size
                recorder.last.end.error().shouldBeInstanceOf<ConnectionLostException>()
            }
        }

        test("update, meta commands, fire-and-forget requests and server commands are told") {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                cache.delete("u")
                recorder.calls.clear()
                cache.update<String>("u") { "first" }
                cache.update<String>("u") { "second" }
                cache.meta().get("u", TEXT, MetaGet.plain())
                cache.meta().get("absent", TEXT, MetaGet.plain())
                cache.meta().set("u", "v", MetaSet.of(MetaSet.Mode.ADD))
                cache.meta().delete("u", MetaDelete.plain())
                cache.meta().count("u", MetaCount.up(1).createWith(1, Expiry.never()))
                cache.fireAndForget().set("u", "v")
                cache.ping()
            }
            recorder.outcomes shouldContainExactly
                listOf(
                    Verb.GETS to Outcome.MISS,
                    Verb.ADD to Outcome.STORED,
                    Verb.GETS to Outcome.HIT,
                    Verb.CAS to Outcome.STORED,
                    Verb.META_GET to Outcome.HIT,
                    Verb.META_GET to Outcome.MISS,
                    Verb.META_SET to Outcome.NOT_STORED,
                    Verb.META_DELETE to Outcome.HIT,
                    Verb.META_COUNT to Outcome.HIT,
                    Verb.SET to Outcome.SENT,
                    Verb.NOOP to Outcome.DONE,
                )
            recorder.calls.forEach { it.endedOn.name.shouldNotStartWith("cachewire") }
        }

        test(
            "a command that asks for the version of its server first is one call, and told where its result is taken",
        ) {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                val needsVersion = MetaSet.of(MetaSet.Mode.SET).newCas(7)
                val failure = runCatching { cache.meta().set("gated", "v", needsVersion) }.exceptionOrNull()
                recorder.calls.size shouldBe 1
                recorder.last.call.verb() shouldBe Verb.META_SET
                recorder.last.end.error() shouldBe failure
                recorder.last.end.outcome() shouldBe if (failure == null) Outcome.STORED else Outcome.ERROR
                recorder.last.startedOn.name.shouldNotStartWith("cachewire")
                recorder.last.endedOn.name.shouldNotStartWith("cachewire")
            }
        }

        test("a fire-and-forget request that is refused at once is told as an error") {
            val recorder = Recorder()
            client(gone) {
                backoff(10.seconds, 10.seconds)
                listener(recorder)
            }.use { cache ->
                shouldThrow<ConnectionLostException> { cache.set("k", "v") }
                shouldThrow<ConnectionLostException> { cache.fireAndForget().set("k", "v") }
                recorder.outcomes shouldContainExactly listOf(Verb.SET to Outcome.ERROR, Verb.SET to Outcome.ERROR)
            }
        }

        test("a call that is refused before there is a request is not told") {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                shouldThrow<IllegalKeyException> { cache.get<String>("a b") }
                recorder.started.get() shouldBe 0
            }
        }

        test("a repetition is told as another attempt") {
            HostileServer.start().use { hostile ->
                val recorder = Recorder()
                client(hostile.address()) {
                    requestTimeout = 5.seconds
                    listener(recorder)
                }.use { cache ->
                    cache.get<String>("k")
                    hostile.next("mg", resetAfter(0))
                    cache.get<String>("k").shouldBeNull()
                    recorder.last.end.attempts() shouldBe 2
                }
            }
        }

        // ---- the end is told once, whatever the caller does ----

        test("a cancelled coroutine's call is told as cancelled, once") {
            HostileServer.start().use { hostile ->
                hostile.on("mg", hang())
                val recorder = Recorder()
                client(hostile.address()) {
                    requestTimeout = 60.seconds
                    stallTimeout = 60.seconds
                    listener(recorder)
                }.use { cache ->
                    coroutineScope {
                        val one = launch(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { cache.get<String>("k") }
                        val many =
                            launch(Dispatchers.Default, CoroutineStart.UNDISPATCHED) {
                                cache.getAll(listOf("a", "b"), TEXT)
                            }
                        one.cancelAndJoin()
                        many.cancelAndJoin()
                    }
                    recorder.outcomes shouldContainExactly
                        listOf(Verb.GET to Outcome.CANCELLED, Verb.GET to Outcome.CANCELLED)
                }
            }
        }

        test("a coroutine that is cancelled between the answer and its resumption has its call told as cancelled") {
            val recorder = Recorder()
            val tasks = ConcurrentLinkedQueue<Runnable>()
            val dispatcher = Executor { tasks.add(it) }.asCoroutineDispatcher()
            observed(recorder).use { cache ->
                coroutineScope {
                    for (call in listOf<suspend () -> Any?>({ cache.get<String>("k") }, { cache.version() })) {
                        recorder.calls.clear()
                        val waiting = async(dispatcher) { call() }
                        tasks.remove().run()
                        Awaitility.await().until { tasks.isNotEmpty() }
                        recorder.calls.shouldBeEmpty()
                        waiting.cancel()
                        recorder.calls.map { it.end.outcome() } shouldContainExactly listOf(Outcome.CANCELLED)
                        while (true) (tasks.poll() ?: break).run()
                        recorder.calls.size shouldBe 1
                    }
                }
            }
        }

        test("a cancelled future's call is told as cancelled, and one whose executor refuses too") {
            HostileServer.start().use { hostile ->
                hostile.on("mg", hang())
                val recorder = Recorder()
                client(hostile.address()) {
                    requestTimeout = 60.seconds
                    stallTimeout = 60.seconds
                    listener(recorder)
                }.use { cache ->
                    val future = cache.async().get("k", TEXT)
                    future.cancel(true)
                    recorder.outcomes shouldContainExactly listOf(Verb.GET to Outcome.CANCELLED)
                }
            }
            val recorder = Recorder()
            client(server.address()) {
                callbackExecutor = Executor { throw RejectedExecutionException("full") }
                listener(recorder)
            }.use { cache ->
                val refused = cache.async().get("k", TEXT)
                Awaitility.await().until { refused.isDone }
                Awaitility.await().until { recorder.calls.size == 1 }
                recorder.last.end.outcome() shouldBe Outcome.CANCELLED
                recorder.last.endedOn.name.contains("-io").shouldBe(false)
            }
        }

        test("an interrupted thread's call is told as cancelled, on that thread") {
            HostileServer.start().use { hostile ->
                hostile.on("mg", hang())
                val recorder = Recorder()
                client(hostile.address()) {
                    requestTimeout = 60.seconds
                    stallTimeout = 60.seconds
                    listener(recorder)
                }.use { cache ->
                    val caller = Thread { runCatching { cache.blocking().get("k", TEXT) } }
                    caller.start()
                    Awaitility.await().until { recorder.started.get() == 1 }
                    caller.interrupt()
                    caller.join(HANG.inWholeMilliseconds)
                    recorder.outcomes shouldContainExactly listOf(Verb.GET to Outcome.CANCELLED)
                    recorder.last.endedOn shouldBeSameInstanceAs caller
                }
            }
        }

        test("calls that the end of the client cuts off are told as errors") {
            HostileServer.start().use { hostile ->
                hostile.on("mg", hang())
                val recorder = Recorder()
                val cache =
                    client(hostile.address()) {
                        requestTimeout = 60.seconds
                        stallTimeout = 60.seconds
                        listener(recorder)
                    }
                val pending = cache.async().get("k", TEXT)
                cache.close()
                runCatching { pending.await() }
                runCatching { cache.getAll(listOf("a", "b"), TEXT) }
                runCatching { cache.get<String>("k") }
                recorder.outcomes.map { it.second } shouldContainExactly List(3) { Outcome.ERROR }
            }
        }

        // ---- several, views, context ----

        test("several listeners are told in their order, each with what it returned") {
            val order = ConcurrentLinkedQueue<String>()

            fun named(name: String) = object : ClientListener {
                override fun callStarted(call: CallStart): Any {
                    order.add("start $name")
                    return "token of $name"
                }

                override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                    order.add("end $name, $started")
                }
            }
            client(server.address()) {
                listener(named("a"))
                listener(named("b"))
            }.use { cache ->
                cache.get<String>("k")
                order.toList() shouldBe listOf("start a", "start b", "end a, token of a", "end b, token of b")
            }
        }

        test("a view tells its own listener too, with its namespace, through all faces") {
            val ofClient = Recorder()
            val ofView = Recorder()
            observed(ofClient).use { cache ->
                val view = cache.namespace("users:").withListener(ofView)
                view.set("k", "v")
                view.blocking().get("k", TEXT) shouldBe "v"
                view.async().get("k", TEXT).await() shouldBe "v"
                view.namespace("more:").get<String>("k").shouldBeNull()
                cache.get<String>("k")
                ofView.calls.map { it.call.namespace() } shouldBe listOf("users:", "users:", "users:", "users:more:")
                ofClient.calls.size shouldBe 5
            }
        }

        test("ten thousand namespaces each with a listener, are told of their own calls") {
            val count = AtomicInteger()
            observed(
                object : ClientListener {
                    override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                        count.incrementAndGet()
                    }
                },
            ).use { cache ->
                val recorders = List(10_000) { Recorder() }
                val views = recorders.mapIndexed { i, own -> cache.namespace("n$i:").withListener(own) }
                views.last().get<String>("k")
                views.first().get<String>("k")
                recorders.sumOf { it.calls.size } shouldBe 2
                recorders.last().last.call.namespace() shouldBe "n9999:"
                count.get() shouldBe 2
            }
        }

        test("the context of a coroutine reaches the listener") {
            val local = ThreadLocal<String>()
            val seen = ConcurrentLinkedQueue<String?>()
            val listener =
                object : ClientListener {
                    override fun callStarted(call: CallStart): Any? {
                        seen.add(local.get())
                        return null
                    }

                    override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                        seen.add(local.get())
                    }
                }
            observed(listener).use { cache ->
                withContext(Dispatchers.Default + local.asContextElement("caller")) {
                    repeat(20) { cache.get<String>("k") }
                }
                seen.toSet() shouldBe setOf("caller")
                seen.size shouldBe 40
            }
        }

        // ---- listeners that misbehave ----

        eachFace(
            FACES,
            "what a listener throws does not reach the caller, and after 100 in a row it is dropped",
        ) { face ->
            for (thrown in listOf(IllegalStateException("of the listener"), StackOverflowError("of the listener"))) {
                val asked = AtomicInteger()
                val failing =
                    object : ClientListener {
                        // callStarted is the inherited one, which never throws
                        override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                            asked.incrementAndGet()
                            throw thrown
                        }
                    }
                val healthy = Recorder()
                client(server.address()) {
                    requestTimeout = 5.seconds
                    listener(failing)
                    listener(healthy)
                }.use { cache ->
                    repeat(60) {
                        face.set(cache, "k", "v")
                        face.get(cache, "k") shouldBe "v"
                    }
                    asked.get() shouldBe 100
                    healthy.calls.size shouldBe 120
                }
            }
        }

        test("a listener that throws now and then is kept") {
            val asked = AtomicInteger()
            val moody =
                object : ClientListener {
                    override fun callStarted(call: CallStart): Any? {
                        check(asked.incrementAndGet() % 50 == 0) { "not now" }
                        return null
                    }
                }
            observed(moody).use { cache ->
                repeat(300) { cache.get<String>("k") }
                asked.get() shouldBe 300
            }
        }

        eachFace(FACES, "a listener that never returns holds its own caller only") { face ->
            val never = CountDownLatch(1)
            val stuck = CountDownLatch(1)
            val first = AtomicInteger()
            val blocking =
                object : ClientListener {
                    override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                        if (first.getAndIncrement() == 0) {
                            stuck.countDown()
                            never.await()
                        }
                    }
                }
            val threads = Executors.newCachedThreadPool()
            client(server.address()) {
                requestTimeout = 5.seconds
                callbackExecutor = threads
                listener(blocking)
            }.use { cache ->
                coroutineScope {
                    val held = launch(threads.asCoroutineDispatcher()) { face.get(cache, "k") }
                    try {
                        stuck.await(HANG.inWholeSeconds, SECONDS).shouldBeTrue()
                        withTimeout(HANG) {
                            withContext(threads.asCoroutineDispatcher()) {
                                List(50) { async { face.get(cache, "k$it") } }.forEach { it.await() }
                            }
                        }
                        held.isActive.shouldBeTrue()
                    } finally {
                        never.countDown()
                    }
                }
            }
            threads.shutdown()
        }

        eachFace(FACES, "a listener may call the client, and is not told of that") { face ->
            val used = AtomicReference<MemcachedClient>()
            val told = AtomicInteger()
            val futures = ConcurrentLinkedQueue<CompletableFuture<*>>()
            val calling =
                object : ClientListener {
                    override fun callStarted(call: CallStart): Any? {
                        told.incrementAndGet()
                        futures.add(used.get().async().get("by-listener", TEXT))
                        futures.add(used.get().async().getAll(listOf("a", "b"), TEXT))
                        used.get().fireAndForget().set("by-listener", "v")
                        return null
                    }

                    override fun callEnded(call: CallStart, end: CallEnd, started: Any?) {
                        told.incrementAndGet()
                        used.get().blocking().get("by-listener", TEXT)
                        used.get().blocking().version()
                    }
                }
            observed(calling).use { cache ->
                used.set(cache)
                face.get(cache, "never-stored").shouldBeNull()
                futures.forEach { it.await() }
                told.get() shouldBe 2
            }
        }

        test("a listener of futures that are completed on the I/O thread runs there, as the caller has chosen") {
            val recorder = Recorder()
            client(server.address()) {
                callbackExecutor = Executor { it.run() }
                listener(recorder)
            }.use { cache ->
                cache.async().get("k", TEXT).await()
                recorder.last.endedOn.name shouldEndWith "-io"
            }
        }

        test("a cancelled call stays cancelled for those who wait") {
            val recorder = Recorder()
            observed(recorder).use { cache ->
                val future = cache.async().get("k", TEXT)
                future.cancel(false)
                shouldThrow<CancellationException> { future.join() }
                recorder.calls.size shouldBe 1
            }
        }
    })
