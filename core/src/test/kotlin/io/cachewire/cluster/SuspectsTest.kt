package io.cachewire.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.connection.Clock
import io.cachewire.connection.Failure
import io.cachewire.protocol.Opcode
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.minutes

class SuspectsTest :
    FunSpec({
        var now = 0L
        val clock = Clock { now }

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
            suspects.refusal(Opcode.STATS).shouldBeNull()
            suspects.convict(Opcode.STATS, "it closed")
            suspects.blame(Opcode.STATS)
            val refusal = suspects.refusal(Opcode.STATS).shouldNotBeNull()
            refusal.kind() shouldBe Failure.Kind.REFUSED
            refusal.delivery() shouldBe Delivery.NOT_SENT
            refusal.what() shouldContain "STATS"
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
    })
