package io.cachewire.reliability

import io.cachewire.BlockingMemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** What a JVM printed that was ended by SIGTERM under load, and a client of the servers that it wrote to. */
private fun terminated(
    close: String,
    before: (MemcachedServer) -> Unit = {},
    check: (List<String>, BlockingMemcachedClient) -> Unit,
) {
    MemcachedServer.start("-m", "1024").use { one ->
        MemcachedServer.start("-m", "1024").use { two ->
            val process = ShutdownRun.start(close, listOf(one, two).map { it.address().toString() })
            try {
                val output = process.inputStream.bufferedReader()
                val first = generateSequence { output.readLine() }.takeWhile { it != "under load" }.toList()
                client(one.address(), two.address()) { requestTimeout = 20.seconds }.use { reader ->
                    listOf(one, two).forEach(before)
                    // SIGTERM; the process itself would close what it prints to
                    process.toHandle().destroy()
                    val lines = first + output.readLines()
                    process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                    withClue(lines.joinToString("\n")) { check(lines, reader.blocking()) }
                }
            } finally {
                process.destroyForcibly()
            }
        }
    }
}

/** A service that is ended by a signal while all its callers write, and closes its client in a shutdown hook. */
class ShutdownTest :
    FunSpec({
        test("F33 close with a grace under SIGTERM and load: every accepted write is stored, every call ends") {
            terminated("gracefully") { lines, reader ->
                lines shouldContain "closed true"
                lines shouldContain "without an end 0"
                lines.filter { it.startsWith("wrong") }.shouldBeEmpty()
                val faces =
                    lines.filter { it.startsWith("face ") }.map { it.split(' ') }.associate { it[1] to it[2].toInt() }
                faces.entries.toList() shouldHaveSize 16
                for ((face, count) in faces) {
                    count shouldBeGreaterThan 0
                    val keys = (0 until count).map { "$face-$it" }
                    val there = reader.getAll(keys, String::class.java).keys
                    withClue(face) { (keys - there).take(5).shouldBeEmpty() }
                }
            }
        }

        test("F33 close without a grace under SIGTERM: what it cuts off is told to its callers, and every call ends") {
            // servers that answer nothing more: each thread that waits has written a request
            terminated("abruptly", { it.pause() }) { lines, _ ->
                lines shouldContain "without an end 0"
                lines.filter { it.startsWith("wrong") }.shouldNotBeEmpty()
                lines.filter { it.startsWith("wrong") && "INDETERMINATE" !in it && "closed" !in it }.shouldBeEmpty()
            }
        }
    })
