package io.cachewire.reliability

import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit

private const val PARALLELISM = "-Djava.util.concurrent.ForkJoinPool.common.parallelism"

/** Futures in JVMs whose common pool has no threads, or one, from their first moment on. */
class ColdFuturesTest :
    FunSpec({
        for (options in listOf(
            listOf("$PARALLELISM=0"),
            listOf("$PARALLELISM=1"),
            listOf("-XX:ActiveProcessorCount=1"),
            listOf("-XX:ActiveProcessorCount=1", "$PARALLELISM=1"),
        )) {
            test("every future ends by its deadline in a cold JVM with ${options.joinToString(" ")}") {
                HostileServer.start().put("k", 0, "v").use { server ->
                    HostileServer.start().use { silent ->
                        silent.on({ it.key() == "k" }, hang())
                        val process = ColdFuturesRun.start(server.port(), silent.port(), options)
                        try {
                            val lines = process.inputStream.bufferedReader().readLines()
                            process.waitFor(10, TimeUnit.SECONDS) shouldBe true
                            withClue(lines) {
                                lines shouldContain "ended true"
                                lines shouldContain "cold hits and time-outs 512, others 0"
                                lines.first {
                                    it.startsWith("cold late ms ")
                                }.substringAfterLast(' ').toLong() shouldBeLessThanOrEqual
                                    500
                                lines shouldContain "set w"
                                lines shouldContain "all 2"
                                lines shouldContain "silent RequestTimeoutException"
                                lines shouldContain "joined RequestTimeoutException"
                                lines shouldContain "joined in time true"
                            }
                        } finally {
                            process.destroyForcibly()
                        }
                    }
                }
            }
        }
    })
