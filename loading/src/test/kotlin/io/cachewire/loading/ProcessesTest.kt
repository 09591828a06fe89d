package io.cachewire.loading

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.io.BufferedReader
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The program that the test starts. It says READY, waits for the item `go`, and tells what became of it. */
object LoadingProcess {
    @JvmStatic
    fun main(args: Array<String>): Unit = runBlocking(Dispatchers.Default) {
        val (address, what) = args
        MemcachedClient(address) { requestTimeout = 10.seconds }.use { cache ->
            val view = cache.loading<Long, String>("user:") {
                ttl = 5.minutes
                lease = 2.seconds
            }
            cache.connect()
            println("READY")
            when (what) {
                "herd" -> println("LOADS ${herd(cache, view)}")

                "hold" -> view.get(1) {
                    println("LOADING")
                    awaitCancellation()
                }

                "throw" -> {
                    val failures = AtomicInteger()
                    (1..20).map {
                        async {
                            runCatching {
                                view.get(1) {
                                    println("LOADING")
                                    while (cache.get<String>("go") == null) yield()
                                    error("down")
                                }
                            }.onFailure { failures.incrementAndGet() }
                        }
                    }.awaitAll()
                    println("FAILED $failures")
                }
            }
        }
    }

    private suspend fun herd(cache: MemcachedClient, view: SuspendLoadingCache<Long, String>): Int {
        val loads = AtomicInteger()
        while (cache.get<String>("go") == null) yield()
        runBlocking(Dispatchers.Default) {
            (1..200).map {
                async {
                    view.get(1) {
                        loads.incrementAndGet()
                        repeat(1000) { yield() }
                        "made"
                    }
                }
            }.awaitAll().toSet() shouldBe setOf("made")
        }
        return loads.get()
    }
}

private class Child(
    address: String,
    what: String,
) : AutoCloseable {
    val process: Process =
        ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-Xmx128m",
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            LoadingProcess::class.java.name,
            address,
            what,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val lines: BufferedReader = process.inputReader()

    /** What follows a word at the beginning of a line. */
    fun await(word: String): String {
        while (true) {
            val line = lines.readLine() ?: error("the process ended before it said $word")
            if (line.startsWith(word)) return line.removePrefix(word).trim()
        }
    }

    override fun close() {
        process.destroyForcibly().waitFor()
    }
}

class ProcessesTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }
        val address = server.address().toString()

        test("of 200 coroutines in each of two processes one loads a missing value") {
            MemcachedClient(address).use { cache ->
                cache.flushAll()
                Child(address, "herd").use { one ->
                    Child(address, "herd").use { two ->
                        one.await("READY")
                        two.await("READY")
                        cache.set("go", "go")
                        one.await("LOADS").toInt() + two.await("LOADS").toInt() shouldBe 1
                    }
                }
            }
        }

        test("after the process that loads was killed another one loads when the lease is over") {
            MemcachedClient(address) { requestTimeout = 10.seconds }.use { cache ->
                cache.flushAll()
                val view = cache.loading<Long, String>("user:") {
                    ttl = 5.minutes
                    lease = 2.seconds
                    maxWait = 30.seconds
                }
                Child(address, "hold").use { holder ->
                    holder.await("LOADING")
                    holder.process.destroyForcibly().waitFor()
                    val time = TimeSource.Monotonic.markNow()
                    view.get(1) { "made" } shouldBe "made"
                    cache.get<String>("user:1") shouldBe "made"
                    time.elapsedNow() shouldBeLessThan 10.seconds
                }
            }
        }

        test("a loader that throws fails the callers of its process, and the other process loads within a poll") {
            MemcachedClient(address) { requestTimeout = 10.seconds }.use { cache ->
                cache.flushAll()
                val view = cache.loading<Long, String>("user:") {
                    ttl = 5.minutes
                    lease = 30.seconds
                }
                Child(address, "throw").use { thrower ->
                    thrower.await("LOADING")
                    val here = runBlocking(Dispatchers.Default) {
                        val waiting = async { view.get(1) { "made" } }
                        while (view.stats().joined == 0L) yield()
                        val time = TimeSource.Monotonic.markNow()
                        cache.set("go", "go")
                        waiting.await() shouldBe "made"
                        time.elapsedNow()
                    }
                    here shouldBeLessThan 2000.milliseconds
                    thrower.await("FAILED").toInt() shouldBe 20
                }
            }
        }
    })
