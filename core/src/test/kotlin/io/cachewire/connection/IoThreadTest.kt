package io.cachewire.connection

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

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
    })
