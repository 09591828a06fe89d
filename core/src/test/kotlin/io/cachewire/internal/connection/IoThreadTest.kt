package io.cachewire.internal.connection

import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** Steps that are put off to the next sweep. */
class IoThreadTest :
    FunSpec({
        test("a step runs once, though nothing is pending") {
            val runs = AtomicInteger()
            IoThread(Clock.System).use { io ->
                repeat(3) {
                    val ran = CountDownLatch(1)
                    io.soon {
                        runs.incrementAndGet()
                        ran.countDown()
                    }
                    ran.await(10, SECONDS) shouldBe true
                }
            }
            runs.get() shouldBe 3
        }

        test("a step that fails keeps none of the others") {
            val ran = CountDownLatch(2)
            IoThread(Clock.System).use { io ->
                io.soon { ran.countDown() }
                io.soon { throw IllegalStateException("a step that fails, for the test") }
                io.soon { ran.countDown() }
                ran.await(10, SECONDS) shouldBe true
            }
        }

        test("a step that puts itself off runs once for each sweep, and until the end") {
            val ran = CountDownLatch(3)
            val io = IoThread(Clock.System)
            val isPutOff = AtomicBoolean(true)
            val again =
                object : Runnable {
                    override fun run() {
                        ran.countDown()
                        isPutOff.set(io.soon(this))
                    }
                }
            io.soon(again)
            ran.await(10, SECONDS) shouldBe true
            io.close()
            isPutOff.get() shouldBe false
        }

        test("closing runs what was put off, and after that nothing is taken") {
            val runs = AtomicInteger()
            val io = IoThread(Clock.System)
            repeat(100) { io.soon { runs.incrementAndGet() } }
            io.close()
            runs.get() shouldBe 100
            io.soon { runs.incrementAndGet() } shouldBe false
            runs.get() shouldBe 100
        }

        test("an Error ends neither thread: tasks, steps and sweeps go on") {
            IoThread(Clock.System).use { io ->
                for (error in listOf(OutOfMemoryError("planted"), StackOverflowError("planted"), Error("planted"))) {
                    io.selector.execute { throw error }
                    io.selector.execute { io.selector.atEndOfTurn { throw error } }
                    io.soon { throw error }
                    val tasks = CountDownLatch(2)
                    io.selector.execute { tasks.countDown() }
                    io.soon { tasks.countDown() }
                    tasks.await(10, SECONDS) shouldBe true
                }
            }
        }

        test("one that throws an Error when it is swept keeps none of the others from it, and is swept again") {
            val sweeps = AtomicInteger()
            val others = AtomicInteger()
            IoThread(Clock.System).use { io ->
                io.register(
                    object : IoThread.Swept {
                        override fun sweep(now: Long): Boolean {
                            if (sweeps.incrementAndGet() < 5) throw OutOfMemoryError("planted")
                            return false
                        }
                    },
                )
                io.register(
                    object : IoThread.Swept {
                        override fun sweep(now: Long) = others.incrementAndGet() < 0
                    },
                )
                io.arm()
                eventually("they are swept") { sweeps.get() >= 5 && others.get() >= 5 }
            }
        }

        test("a process that did not run for a while is told of before anything is judged") {
            val now = AtomicLong(1)
            val told = AtomicLong()
            val sweeps = AtomicInteger()
            IoThread({ now.get() }).use { io ->
                io.register(
                    object : IoThread.Swept {
                        override fun sweep(now: Long): Boolean {
                            if (now > 1) told.get() shouldBe 10_000_000_000 - 5_000_000
                            sweeps.incrementAndGet()
                            return true
                        }

                        override fun overslept(nanos: Long) = told.set(nanos)
                    },
                )
                io.arm()
                eventually("it is swept") { sweeps.get() > 1 }
                now.addAndGet(10_000_000_000)
                eventually("it is told") { told.get() > 0 }
                val before = sweeps.get()
                eventually("it is swept on") { sweeps.get() > before + 1 }
                told.get() shouldBe 10_000_000_000 - 5_000_000
            }
        }

        test("timers run when they are due, unless they were taken back, and not on the two threads") {
            IoThread(Clock.System).use { io ->
                val names = LinkedBlockingQueue<String>()
                io.later(30_000_000) { names += "second ${Thread.currentThread().name}" }
                io.later(1_000_000) { names += "first ${Thread.currentThread().name}" }
                names.poll(10, SECONDS) shouldStartWith "first cachewire-"
                names.poll(10, SECONDS)!! shouldContain "-connect-"
            }
        }
    })
