package io.cachewire.reliability

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit

/** Errors wherever the client's own code may meet one; `-Dinjections=100000` throws so many. */
class ErrorInjectionTest :
    FunSpec({
        test("no call is without an end, whatever Errors the client's own code meets, and after them all is well") {
            val injections = Integer.getInteger("injections", 3_000)
            val process = ErrorInjectionRun.start(injections)
            try {
                val lines = process.inputStream.bufferedReader().readLines()
                process.waitFor(10, TimeUnit.SECONDS) shouldBe true
                lines.forEach(::println)
                lines shouldContain "late: 0"
                lines shouldContain "recovered: true"
                lines.any { it.startsWith("$injections errors at ") } shouldBe true
            } finally {
                process.destroyForcibly()
            }
        }
    })
