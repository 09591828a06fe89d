package io.cachewire.internal.cluster

import io.cachewire.DataBlock
import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Request
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.minutes

private val STATS = Request.Server(Opcode.STATS, "")

private fun metaSet(flags: String) =
    Request.Meta(Request.MetaVerb.SET, DataBlock.ofUtf8("k"), DataBlock.ofUtf8("v"), flags)

class SuspectsTest :
    FunSpec({
        var now = 0L
        val clock = Clock { now }
        val io = IoThread(Clock.System)
        afterSpec { io.close() }

        fun Suspects.await(opcode: Opcode) = Trial(io).also { await(opcode, it, now + 1.minutes.inWholeNanoseconds) }

        fun Suspects.convict(opcode: Opcode, what: String) = convict(opcode, await(opcode), what)

        test("what every server carries is never a suspect") {
            val suspects = Suspects(clock)
            for (opcode in listOf(Opcode.GET, Opcode.SET, Opcode.DELETE, Opcode.VERSION, Opcode.NOOP)) {
                suspects.blame(opcode)
                suspects.isSuspect(opcode) shouldBe false
            }
            suspects.isEmpty shouldBe true
        }

        test("a suspect may be sent, alone, until it is convicted") {
            val suspects = Suspects(clock)
            suspects.blame(Opcode.STATS)
            suspects.isSuspect(Opcode.STATS) shouldBe true
            suspects.isSuspect(Opcode.FLUSH_ALL) shouldBe false
            suspects.refusal(STATS).shouldBeNull()
            suspects.convict(Opcode.STATS, "it closed")
            suspects.blame(Opcode.STATS)
            val refusal = suspects.refusal(STATS).shouldNotBeNull()
            refusal.kind() shouldBe Failure.Kind.REFUSED
            refusal.delivery() shouldBe Delivery.NOT_SENT
            refusal.what() shouldContain "STATS"
        }

        test("it is not sent while the control is under way, and tried again when that had no answer") {
            val suspects = Suspects(clock)
            suspects.blame(Opcode.STATS)
            val trial = suspects.await(Opcode.STATS)
            suspects.trial(Opcode.STATS) shouldBe trial
            suspects.await(Opcode.STATS)
            suspects.trial(Opcode.STATS) shouldBe trial
            val awaited = suspects.refusal(STATS).shouldNotBeNull()
            awaited.kind() shouldBe Failure.Kind.LOST
            awaited.delivery() shouldBe Delivery.NOT_SENT
            suspects.acquit(Opcode.STATS, trial)
            suspects.refusal(STATS).shouldBeNull()
            suspects.isSuspect(Opcode.STATS) shouldBe true
        }

        test("what was answered meanwhile is not convicted, and what was convicted is not acquitted") {
            val suspects = Suspects(clock)
            suspects.answered(Opcode.STATS)
            suspects.await(Opcode.STATS)
            suspects.trial(Opcode.STATS).shouldBeNull()
            suspects.convict(Opcode.STATS, "it closed")
            suspects.isEmpty shouldBe true
            val trial = suspects.await(Opcode.FLUSH_ALL)
            suspects.convict(Opcode.FLUSH_ALL, trial, "it closed")
            suspects.acquit(Opcode.FLUSH_ALL, trial)
            suspects.refusal(Request.Server(Opcode.FLUSH_ALL, "")).shouldNotBeNull().kind() shouldBe
                Failure.Kind.REFUSED
        }

        test("a control that is answered after one that was not may only show that the network is well again") {
            val suspects = Suspects(clock)
            suspects.blame(Opcode.STATS)
            suspects.acquit(Opcode.STATS, suspects.await(Opcode.STATS))
            suspects.convict(Opcode.STATS, "it closed")
            suspects.refusal(STATS).shouldBeNull()
            suspects.isSuspect(Opcode.STATS) shouldBe true
            suspects.convict(Opcode.STATS, "it closed")
            suspects.refusal(STATS).shouldNotBeNull().kind() shouldBe Failure.Kind.REFUSED
        }

        test("what the control of one server has shown says nothing of the next") {
            val suspects = Suspects(clock)
            suspects.greeted("1.4.39")
            val trial = suspects.await(Opcode.STATS)
            suspects.greeted("1.6.45")
            suspects.convict(Opcode.STATS, trial, "it closed")
            suspects.isEmpty shouldBe true
        }

        test("what the server has answered is no suspect, until it is another server") {
            val suspects = Suspects(clock)
            suspects.greeted("1.6.18")
            suspects.blame(Opcode.GET_AND_TOUCH)
            suspects.answered(Opcode.GET_AND_TOUCH)
            suspects.isEmpty shouldBe true
            suspects.blame(Opcode.GET_AND_TOUCH)
            suspects.isSuspect(Opcode.GET_AND_TOUCH) shouldBe false
            suspects.greeted("1.6.19")
            suspects.blame(Opcode.GET_AND_TOUCH)
            suspects.isSuspect(Opcode.GET_AND_TOUCH) shouldBe true
        }

        test("it ends after ten minutes") {
            val suspects = Suspects(clock)
            suspects.convict(Opcode.STATS, "it closed")
            now += 10.minutes.inWholeNanoseconds - 1
            suspects.isSuspect(Opcode.STATS) shouldBe true
            now += 1
            suspects.isSuspect(Opcode.STATS) shouldBe false
            suspects.isEmpty shouldBe true
        }

        test("it ends with a greeting that says another version") {
            val suspects = Suspects(clock)
            suspects.greeted("1.6.18")
            suspects.convict(Opcode.STATS, "it closed")
            suspects.greeted("1.6.18")
            suspects.greeted(null)
            suspects.isEmpty shouldBe false
            suspects.greeted("1.6.19")
            suspects.isEmpty shouldBe true
        }

        test("what was refused at the cost of a connection goes alone, and is sent each time") {
            val suspects = Suspects(clock)
            suspects.answered(Opcode.STATS)
            suspects.refused(STATS)
            repeat(3) {
                suspects.isSuspect(Opcode.STATS) shouldBe true
                suspects.refusal(STATS).shouldBeNull()
                suspects.answered(Opcode.STATS)
            }
            suspects.refused(Request.Keyed(Opcode.GET, DataBlock.ofUtf8("k")))
            suspects.isSuspect(Opcode.GET) shouldBe false
        }

        test("a cas unique of the caller's choice that was refused is not sent again for ten minutes") {
            val suspects = Suspects(clock)
            suspects.refused(metaSet(" c MS F1"))
            suspects.isEmpty shouldBe true
            suspects.refused(metaSet(" c ME F1 E77"))
            suspects.isEmpty shouldBe false
            suspects.refusal(metaSet(" c MS E1")).shouldNotBeNull().delivery() shouldBe Delivery.NOT_SENT
            val encoded = Request.Base64(metaSet(" E1"), DataBlock.ofUtf8("a key"))
            suspects.refusal(encoded).shouldNotBeNull()
            suspects.refusal(metaSet(" c ME C77")).shouldBeNull()
            suspects.isSuspect(Opcode.META) shouldBe false
            now += 10.minutes.inWholeNanoseconds
            suspects.refusal(metaSet(" c MS E1")).shouldBeNull()
        }
    })
