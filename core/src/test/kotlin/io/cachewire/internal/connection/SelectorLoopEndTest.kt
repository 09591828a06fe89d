package io.cachewire.internal.connection

import io.cachewire.fixture.Daemon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

class SelectorLoopEndTest :
    FunSpec({
        test("after its end the loop runs the tasks of all threads, one at a time") {
            val io = IoThread(Clock.System)
            io.close()
            val inside = AtomicInteger()
            val overlaps = AtomicInteger()
            val ran = AtomicInteger()
            val finished = CountDownLatch(THREADS)
            repeat(THREADS) {
                Daemon.of("late-$it") {
                    repeat(TASKS) {
                        io.selector.execute {
                            if (inside.incrementAndGet() > 1) overlaps.incrementAndGet()
                            Thread.yield()
                            ran.incrementAndGet()
                            inside.decrementAndGet()
                        }
                    }
                    finished.countDown()
                }.start()
            }
            finished.await(20, TimeUnit.SECONDS) shouldBe true
            // a thread leaves its tasks to the one that runs others just then
            io.selector.execute { }
            ran.get() shouldBe THREADS * TASKS
            overlaps.get() shouldBe 0
        }
    }) {
    private companion object {
        const val THREADS = 4
        const val TASKS = 2_000
    }
}
