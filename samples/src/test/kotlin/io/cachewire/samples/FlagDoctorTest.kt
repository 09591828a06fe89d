package io.cachewire.samples

import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.PlainClient
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** The doctor on a server with items of several clients, as these write them. */
class FlagDoctorTest :
    FunSpec({
        fun report(server: MemcachedServer): String {
            val out = ByteArrayOutputStream()
            FlagDoctor.run(arrayOf(server.address().toString()), PrintStream(out)) shouldBe true
            return out.toString()
        }

        fun PlainClient.store(key: String, flags: Int, value: String) =
            ask("set $key $flags 0 ${value.length}\r\n$value\r\n") shouldBe "STORED\r\n"

        test("tells flags, formats and presets by prefix, and what nobody reads") {
            MemcachedServer.start().use { server ->
                PlainClient.to(server.address()).use { client ->
                    client.store("py:1", 1, "\u0080\u0005]\u0094.")
                    client.store("py:2", 16, "text")
                    client.store("rb:1", 1, "\u0004\bI\"\ttext\u0006:\u0006ET")
                    client.store("php:1", 4, "a:1:{i:0;i:7;}")
                    client.store("perl:1", 1, "\u0005\u000b\u0003\u0000\u0000\u0000\u0000")
                }
                val report = report(server)
                report shouldContain "5 keys, 5 looked at"
                report shouldContain "flags 0x1 pickle"
                report shouldContain "flags 0x10 text"
                report shouldContain Regex("py:  2 items(\n.*)+?\n  read by pylibmc.*: 2 of 2")
                report shouldContain Regex("rb:  1 items\n.*flags 0x1 Ruby Marshal\n  read by no preset: 1")
                report shouldContain
                    Regex("php:  1 items\n.*flags 0x4 PHP serialize\n  read by .*phpMemcached.*: 1 of 1")
                report shouldContain Regex("perl:  1 items\n.*flags 0x1 Perl Storable\n  read by no preset: 1")
            }
        }

        test("says why a server cannot be examined") {
            val out = ByteArrayOutputStream()
            FlagDoctor.run(arrayOf("127.0.0.1:1"), PrintStream(out)) shouldBe false
            out.toString() shouldContain "127.0.0.1:1: "
        }
    })
