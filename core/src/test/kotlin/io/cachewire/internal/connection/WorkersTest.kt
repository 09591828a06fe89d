package io.cachewire.internal.connection

import io.cachewire.reliability.HANG
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.net.InetAddress
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds

/** The client's threads beside its two, and what they do apart from attempts to connect. */
class WorkersTest :
    FunSpec({
        val guard = StepGuard(Clock.System) {}

        fun threads(name: String) = Thread.getAllStackTraces().keys.count { it.name.startsWith(name) }

        test("each task has a thread until there are as many as may be, and the others wait for one") {
            Workers("workers-a", 3, guard) {}.use { workers ->
                val begun = AtomicInteger()
                val go = CountDownLatch(1)
                val done = CountDownLatch(10)
                repeat(10) {
                    workers.execute {
                        begun.incrementAndGet()
                        go.await(10, SECONDS)
                        done.countDown()
                    }
                }
                eventually("three have begun") { begun.get() == 3 }
                threads("workers-a") shouldBe 3
                go.countDown()
                done.await(10, SECONDS) shouldBe true
                begun.get() shouldBe 10
            }
            eventually("the threads are gone") { threads("workers-a") == 0 }
        }

        test(
            "many tasks from many threads all run, whatever some of them throw, and one that comes after the end too",
        ) {
            val ran = AtomicInteger()
            val workers = Workers("workers-b", 2, guard) {}
            val callers =
                List(4) {
                    Thread {
                        repeat(2_000) { i ->
                            workers.execute {
                                ran.incrementAndGet()
                                if (i % 100 == 0) throw Error("planted")
                            }
                        }
                    }.also(Thread::start)
                }
            callers.forEach { it.join() }
            eventually("all have run") { ran.get() == 8_000 }
            workers.close()
            workers.execute { ran.incrementAndGet() }
            eventually("the last has run") { ran.get() == 8_001 }
            eventually("the threads are gone") { threads("workers-b") == 0 }
        }

        test("look-ups of one name are one look-up while it is under way, and other names do not wait for it") {
            val asked = ConcurrentLinkedQueue<String>()
            val go = CountDownLatch(1)
            val resolver =
                Resolver { host ->
                    asked += host
                    if (host == "slow") go.await(10, SECONDS)
                    listOf(InetAddress.getLoopbackAddress())
                }
            IoThread(Clock.System).use { io ->
                coroutineScope {
                    withTimeoutOrNull(20.milliseconds) { io.errands.lookUp("slow", resolver) } shouldBe null
                    val joined =
                        List(20) { async(start = CoroutineStart.UNDISPATCHED) { io.errands.lookUp("slow", resolver) } }
                    withTimeout(HANG) { io.errands.lookUp("fast", resolver) }.size shouldBe 1
                    go.countDown()
                    withTimeout(HANG) { joined.awaitAll() }.size shouldBe 20
                    asked.toList() shouldBe listOf("slow", "fast")
                    io.errands.lookUp("slow", resolver)
                    asked.count { it == "slow" } shouldBe 2
                }
            }
        }

        test("user code for one server runs one at a time, and is not run for an attempt that is over") {
            val running = AtomicInteger()
            val go = CountDownLatch(1)
            val ran = ConcurrentLinkedQueue<Int>()
            IoThread(Clock.System).use { io ->
                coroutineScope {
                    val first =
                        async(Dispatchers.Default) {
                            io.errands.forServer("a") {
                                running.incrementAndGet()
                                go.await(10, SECONDS)
                                ran += 0
                                running.decrementAndGet()
                            }
                        }
                    eventually("the first runs") { running.get() == 1 }
                    for (i in 1..3) {
                        withTimeoutOrNull(5.milliseconds) { io.errands.forServer("a") { ran += i } } shouldBe
                            null
                    }
                    withTimeout(HANG) { io.errands.forServer("b") { running.get() } } shouldBe 1
                    val last = async(Dispatchers.Default) { io.errands.forServer("a") { running.get() } }
                    go.countDown()
                    withTimeout(HANG) { first.await() }
                    withTimeout(HANG) { last.await() } shouldBe 0
                    ran.toList() shouldBe listOf(0)
                }
            }
        }
    })
