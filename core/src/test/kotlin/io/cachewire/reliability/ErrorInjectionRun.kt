package io.cachewire.reliability

import io.cachewire.BlockingMemcachedClient
import io.cachewire.MemcachedClient
import io.cachewire.ValueType
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.set
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.io.File
import java.nio.file.Files
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.jar.Attributes
import java.util.jar.JarOutputStream
import java.util.jar.Manifest
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * A JVM in which the client's own code meets Errors at random sites ([ErrorSites]), while all faces call it. Every call has to come to its end, by whatever: within its
 * time-out and 500 ms, less what a witness that only sleeps is late.
 */
internal object ErrorInjectionRun {
    private val TIMEOUT = 300.milliseconds
    private val ALLOWED = (TIMEOUT + 500.milliseconds).inWholeNanoseconds

    private class Slot(
        val what: String,
    ) {
        val since = AtomicLong()
        val told = AtomicLong()

        inline fun during(call: () -> Unit) {
            since.set(System.nanoTime())
            try {
                call()
            } catch (_: Throwable) {
                // an end too
            } finally {
                since.set(0)
            }
        }
    }

    private val slots = ArrayList<Slot>()
    private val calls = AtomicLong()
    private val late = AtomicInteger()

    @Volatile
    private var isOver = false

    @Volatile
    private var lateness = 0L

    private val text = ValueType.of(String::class.java)

    /** The same JVM as this one with the agent; the class path from the build. */
    fun start(injections: Int): Process {
        val agent = Files.createTempFile("error-sites", ".jar").toFile()
        agent.deleteOnExit()
        val manifest = Manifest()
        manifest.mainAttributes[Attributes.Name.MANIFEST_VERSION] = "1.0"
        manifest.mainAttributes[Attributes.Name("Premain-Class")] = ErrorSites::class.java.name
        JarOutputStream(agent.outputStream(), manifest).close()
        val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        return ProcessBuilder(
            File(System.getProperty("java.home"), "bin/java").path,
            "-javaagent:$agent",
            "-Xmx256m",
            "-cp",
            classPath,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            ErrorInjectionRun::class.java.name,
            injections.toString(),
        ).redirectErrorStream(true).start()
    }

    @JvmStatic
    fun main(args: Array<String>) {
        val injections = args[0].toInt()
        MemcachedServer.start().use { one ->
            MemcachedServer.start().use { two ->
                MemcachedClient(one.address().toString(), two.address().toString()) {
                    requestTimeout = TIMEOUT
                    connectTimeout = 300.milliseconds
                    stallTimeout = 600.milliseconds
                    backoff(5.milliseconds, 50.milliseconds)
                }.use { cache ->
                    begin(cache)
                    // classes are loaded, and their initializers have run
                    while (calls.get() < WARM_UP) Thread.sleep(1)
                    ErrorSites.begin(ONE_OF, injections)
                    witness()
                    while (ErrorSites.thrown() < injections && late.get() < MOST_LATE) Thread.sleep(5)
                    ErrorSites.end()
                    isOver = true
                    println(ErrorSites.report())
                    println("spared: ${ErrorSites.spared().size}")
                    println("calls: ${calls.get()}")
                    println("late: ${late.get()}")
                    println("recovered: ${recovers(cache)}")
                }
            }
        }
        exitProcess(0)
    }

    private fun recovers(cache: MemcachedClient): Boolean {
        val until = System.nanoTime() + 5.seconds.inWholeNanoseconds
        val blocking = cache.blocking()
        var last: Exception? = null
        while (System.nanoTime() < until) {
            try {
                blocking.set("after", "v")
                for (i in 0 until 100) blocking.get("k$i", String::class.java)
                cache.async().get("after", String::class.java).get()
                return true
            } catch (e: Exception) {
                last = e
                Thread.sleep(5)
            }
        }
        println("last: $last")
        return false
    }

    private fun slot(what: String) = Slot(what).also { synchronized(slots) { slots += it } }

    private fun key() = "k${ThreadLocalRandom.current().nextInt(100)}"

    private fun begin(cache: MemcachedClient) {
        val patient = cache.withRequestTimeout(20.seconds).blocking()
        while (runCatching { patient.set("k0", "v") }.isFailure) Thread.sleep(5)
        for (i in 0 until 100) patient.set("k$i", "v$i")
        repeat(4) { thread(slot("blocking $it")) { slot -> block(slot, cache.blocking()) } }
        val dispatchers = listOf(Dispatchers.Default, Dispatchers.IO.limitedParallelism(2), Dispatchers.Unconfined)
        for (dispatcher in dispatchers) {
            repeat(3) {
                val slot = slot("suspend $it on $dispatcher")
                CoroutineScope(SupervisorJob() + dispatcher).launch(start = CoroutineStart.DEFAULT) {
                    while (!isOver) {
                        slot.during { suspending(cache) }
                        // calls that fail at once never give up their thread
                        yield()
                    }
                }
            }
        }
        thread(slot("driver of futures")) { drive(cache) }
        thread(slot("disconnects")) {
            Thread.sleep(20)
            runCatching { cache.disconnectAll() }
        }
    }

    private fun thread(slot: Slot, step: (Slot) -> Unit) {
        Thread { while (!isOver) runCatching { step(slot) } }.also { it.isDaemon = true }.start()
    }

    private fun block(slot: Slot, cache: BlockingMemcachedClient) = slot.during {
        when (calls.incrementAndGet() % 4) {
            0L -> cache.set(key(), "v")
            1L -> cache.getAll(List(10) { key() }.distinct(), String::class.java)
            else -> cache.get(key(), String::class.java)
        }
    }

    private suspend fun suspending(cache: MemcachedClient) {
        when (calls.incrementAndGet() % 4) {
            0L -> cache.set(key(), "v")
            1L -> cache.getAll<String>(List(10) { key() }.distinct())
            else -> cache.get(key(), text)
        }
    }

    /** Futures are looked at by a thread of the run's, so that nothing planted in a stage ends it. */
    private fun drive(cache: MemcachedClient) {
        val async = cache.async()
        val own = List(6) { slot("future $it") }
        val pending = arrayOfNulls<CompletableFuture<*>>(own.size)
        while (!isOver) {
            for (i in own.indices) {
                if (pending[i]?.isDone == false) continue
                own[i].since.set(System.nanoTime())
                calls.incrementAndGet()
                pending[i] =
                    try {
                        if (i % 2 == 0) async.get(key(), String::class.java) else async.set(key(), "v")
                    } catch (_: Throwable) {
                        own[i].since.set(0)
                        null
                    }
            }
            Thread.sleep(1)
        }
    }

    /** Sleeps, sees how late it is, and looks at the calls. */
    private fun witness() = Thread {
        while (!isOver) {
            val before = System.nanoTime()
            Thread.sleep(10)
            val now = System.nanoTime()
            lateness = maxOf(lateness - 1_000_000, now - before - 10_000_000)
            for (slot in synchronized(slots) { slots.toList() }) {
                val since = slot.since.get()
                if (since != 0L && now - since - lateness > ALLOWED && slot.told.getAndSet(since) != since) {
                    late.incrementAndGet()
                    println("late: ${slot.what}, ${(now - since) / 1_000_000} ms, witness ${lateness / 1_000_000} ms")
                    ErrorSites.between(since - MILLISECOND, since + 400 * MILLISECOND).forEach {
                        println("  planted $it")
                    }
                }
            }
        }
    }.also { it.isDaemon = true }.start()

    /** One Error for so many sites that are passed, about one in a few hundred calls. */
    private const val ONE_OF = 2_000
    private const val MILLISECOND = 1_000_000L
    private const val WARM_UP = 20_000L
    private const val MOST_LATE = 5
}
