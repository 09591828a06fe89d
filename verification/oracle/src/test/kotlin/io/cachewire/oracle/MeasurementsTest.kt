package io.cachewire.oracle

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

/** The figures of a soak, taken from a short run: they must be there and sane. */
class MeasurementsTest :
    FunSpec({
        test("F24 connections killed again and again leave nothing behind") {
            val figures = measureLeaks(200)
            println("before ${figures.before}; after ${figures.after}")
            figures.after.sockets shouldBeLessThanOrEqual figures.before.sockets
            // a pool's worth of objects may come and go; one per cycle would be 200
            figures.after.clientObjects shouldBeLessThan figures.before.clientObjects + 50
            figures.after.coroutineObjects shouldBeLessThan figures.before.coroutineObjects + 50
            figures.after.threads shouldBeLessThan figures.before.threads + 20
            figures.after.heap shouldBeLessThan figures.before.heap + (4L shl 20)
        }

        test("F07 calls that time out do so in time, all of them") {
            val figures = measureTimeouts(5_000, 100)
            figures.overrun.totalCount shouldBeGreaterThan 4_900
            figures.overrun.maxValue shouldBeLessThan 2.seconds.inWholeMicroseconds
        }

        test("F30 ten thousand calls that wait for a server fail soon after it has died") {
            val figures = measureFailFast(10_000)
            figures.failed shouldBe 10_000
            figures.took shouldBeLessThan 2.seconds
            figures.heapAfter shouldBeLessThan figures.heapBefore + (8L shl 20)
        }

        test("F30 callers of three servers go on while the fourth is dead or stopped") {
            for (trouble in Trouble.entries) {
                val figures = measureLoad(trouble, 64, 2.seconds)
                figures.answered.totalCount shouldBeGreaterThan 1_000
                if (trouble ==
                    Trouble.NONE
                ) {
                    figures.failed.totalCount shouldBe 0
                } else {
                    figures.failed.totalCount shouldBeGreaterThan
                        0
                }
            }
        }

        test("S01 of a hundred thousand illegal keys none reaches the server") {
            val figures = measureBadKeys(100_000, System.nanoTime())
            figures.tried shouldBe 100_000
            figures.refused shouldBe figures.tried
            figures.bytes shouldBe 0
            figures.reads shouldBe figures.sent
            figures.others shouldBe 0
        }
    })
