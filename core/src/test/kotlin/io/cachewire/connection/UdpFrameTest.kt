package io.cachewire.connection

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.nio.ByteBuffer

class UdpFrameTest :
    FunSpec({
        fun bytes(text: String): ByteBuffer = ByteBuffer.wrap(text.toByteArray())

        test("an id comes again only after the deadline of the request that had it") {
            val ids = UdpRequestIds(65_534)
            ids.take(now = 0, deadline = 100) shouldBe 65_534
            ids.take(now = 0, deadline = 50) shouldBe 65_535
            repeat(65_534) { ids.take(now = 10, deadline = 20) shouldBe it }
            ids.take(now = 99, deadline = 200) shouldBe -1
            ids.take(now = 100, deadline = 200) shouldBe 65_534
            ids.take(now = 100, deadline = 200) shouldBe 65_535
        }

        test("a reply beyond its bound is forgotten, and one within it may follow") {
            val reply = UdpReply(10)
            reply.add(UdpFrame(1, 0, 3), bytes("12345678")).shouldBeNull()
            reply.add(UdpFrame(1, 1, 3), bytes("123")).shouldBeNull()
            reply.add(UdpFrame(1, 0, 1), bytes("good")).shouldBe("good".toByteArray())
        }
    })
