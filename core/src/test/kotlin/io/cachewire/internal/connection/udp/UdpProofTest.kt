package io.cachewire.internal.connection.udp

import io.cachewire.internal.connection.Failure
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.line.MetaDialect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

class UdpProofTest :
    FunSpec({
        class World {
            var now = 0L
            val broken = ArrayList<Failure>()
            val proof = UdpProof({ now }, 1.seconds.inWholeNanoseconds, broken::add)

            /** Sends what the proof asks for, and answers it with these. */
            fun answer(vararg kinds: Reply.Kind) = proof.begin().zip(kinds).forEach { (exchange, kind) ->
                exchange.take(7)
                exchange.complete(Reply.Status(kind, 7))
            }
        }

        test("a proof is due before the first request, and holds for half a minute") {
            World().apply {
                proof.isDue shouldBe true
                answer(Reply.Kind.END, Reply.Kind.NOT_STORED)
                proof.isUnderWay shouldBe false
                proof.isDue shouldBe false
                now += 30.seconds.inWholeNanoseconds
                proof.isDue shouldBe false
                now += 1
                proof.isDue shouldBe true
                broken.shouldBeEmpty()
            }
        }

        test("one answer of the two is no proof") {
            World().apply {
                answer(Reply.Kind.END)
                proof.isUnderWay shouldBe true
            }
        }

        test("a lost reply makes a new proof due") {
            World().apply {
                answer(Reply.Kind.END, Reply.Kind.NOT_STORED)
                proof.doubt()
                proof.isDue shouldBe true
            }
        }

        test("another answer, or none in time, ends the connection") {
            World().apply {
                answer(Reply.Kind.END, Reply.Kind.CLIENT_ERROR)
                broken shouldHaveSize 1
                proof.isUnderWay shouldBe true
            }
            World().apply {
                val parts = proof.begin()
                parts.forEach { it.take(7) }
                parts.forEach { it.expire(2.seconds.inWholeNanoseconds) }
                broken shouldHaveSize 2
            }
        }

        test("the block of the replace is empty, and the key is new each time") {
            World().apply {
                val requests = listOf(proof.begin(), proof.begin()).map { parts -> parts.map { it.take(1)!! } }
                requests.map { it[1].data()!!.length() } shouldBe listOf(0, 0)
                requests.map { parts -> parts.map { it.opcode() } }.distinct() shouldBe
                    listOf(listOf(Opcode.GET, Opcode.REPLACE))
                requests.map { it[0].key() }.distinct() shouldHaveSize 2
                requests.all { MetaDialect().refusal(it[1]) == null } shouldBe true
            }
        }
    })
