package io.cachewire.internal.connection.udp

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.nio.ByteBuffer

class UdpFrameTest :
    FunSpec({
        fun bytes(text: String): ByteBuffer = ByteBuffer.wrap(text.toByteArray())

        test("an id comes again when all others had their turn, and only when it is free") {
            val ids = UdpRequestIds(65_534)
            ids.take() shouldBe 65_534
            ids.take() shouldBe 65_535
            repeat(65_534) { ids.take() shouldBe it }
            ids.take { it != 65_534 } shouldBe 65_535
            ids.take { it > 1 } shouldBe 2
        }

        test("a reply beyond its bound is forgotten, and one within it may follow") {
            val reply = UdpReply(10)
            reply.add(UdpFrame(1, 0, 3), bytes("12345678")).shouldBeNull()
            reply.add(UdpFrame(1, 1, 3), bytes("123")).shouldBeNull()
            reply.add(UdpFrame(1, 0, 1), bytes("good")).shouldBe("good".toByteArray())
        }
    })
