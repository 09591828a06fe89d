package io.cachewire.internal.connection

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

private const val LIMIT = 1_000L

/** Longer than any time of these tests. */
private const val NEVER = 1_000_000L

/** Bytes come, and that is well. */
private fun Progress.shouldGoOn(now: Long) {
    made(now)
    complaint(now).shouldBeNull()
}

/** Whether a connection is of any more use, at times that the tests choose. */
class ProgressTest :
    FunSpec({
        val silent = "nothing received for 1.001us while replies are due"
        val stuck = "one reply has not come to its end for 1.001us"

        test("a connection on which nothing is due may be silent for ever") {
            Progress(PendingQueue(), LIMIT).complaint(NEVER).shouldBeNull()
        }

        test("nothing is received while a reply is due, which may take longer by itself") {
            val pending = PendingQueue()
            val progress = Progress(pending, LIMIT)
            progress.made(500)
            pending.add(Ask(NEVER))
            progress.complaint(1_500).shouldBeNull()
            progress.complaint(1_501) shouldBe silent
            progress.made(1_502)
            progress.complaint(2_502).shouldBeNull()
            pending.poll()
            progress.complaint(NEVER).shouldBeNull()
        }

        test("bytes trickle in for a reply whose caller is gone") {
            val pending = PendingQueue()
            val progress = Progress(pending, LIMIT)
            pending.add(Ask(300))
            for (now in 0..1_000L step 100) progress.shouldGoOn(now)
            progress.made(1_001)
            progress.complaint(1_001) shouldBe stuck
        }

        test("bytes trickle in for a reply whose caller still waits") {
            val pending = PendingQueue()
            val progress = Progress(pending, LIMIT)
            pending.add(Ask(5_000))
            for (now in 0..5_000L step 500) progress.shouldGoOn(now)
        }

        test("replies that come late, but come") {
            val pending = PendingQueue()
            val progress = Progress(pending, LIMIT)
            repeat(20) { pending.add(Ask(0)) }
            for (now in 900..18_000L step 900) {
                progress.shouldGoOn(now)
                pending.poll()
            }
        }
    })
