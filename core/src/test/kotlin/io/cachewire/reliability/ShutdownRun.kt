package io.cachewire.reliability

import io.cachewire.ClientClosedException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.set
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import java.io.File
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * A JVM whose client is under load by every face until a signal ends the JVM, and whose shutdown hook closes the client with a time of grace. What each caller was told is
 * printed at the end: `<face> <writes that were stored or queued>`, each number below it having been written, and what is wrong.
 */
internal object ShutdownRun {
    private const val CALLERS = 4
    private const val MOST_FUTURES = 200
    private const val FACES = 4 * CALLERS
    private const val WARM_UP = 50
    private val GRACE = Duration.ofSeconds(20)

    /** Calls that have not ended. */
    private val open = AtomicInteger()
    private val stored = ConcurrentHashMap<String, AtomicInteger>()
    private val refused = AtomicInteger()
    private val wrong = ConcurrentHashMap.newKeySet<String>()

    @Volatile
    private var isOver = false

    /** @param close "gracefully" or "abruptly" */
    fun start(close: String, servers: List<String>): Process = ProcessBuilder(
        listOf(
            File(System.getProperty("java.home"), "bin/java").path,
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            ShutdownRun::class.java.name,
            close,
        ) + servers,
    ).redirectErrorStream(true).start()

    @JvmStatic
    fun main(args: Array<String>) {
        val cache =
            MemcachedClient(*args.drop(1).toTypedArray()) {
                requestTimeout = kotlin.time.Duration.parse("20s")
                // a flood is held back, not refused
                maxPendingRequests = 100_000
            }
        cache.blocking().connect()
        Runtime.getRuntime().addShutdownHook(
            Thread {
                if (args[0] == "abruptly") cache.close() else println("closed ${cache.blocking().close(GRACE)}")
                isOver = true
                val until = System.nanoTime() + 5_000_000_000
                while (open.get() > 0 && System.nanoTime() < until) Thread.sleep(1)
                println("without an end ${open.get()}")
                println("refused ${refused.get()}")
                stored.forEach { (face, count) -> println("face $face $count") }
                wrong.take(10).forEach { println("wrong $it") }
                System.out.flush()
            },
        )
        repeat(CALLERS) { i ->
            val blocking = cache.blocking()
            thread { writes("blocking$i") { blocking.set(it, "v") } }
            val quiet = cache.fireAndForget()
            // as fast as others take it, not faster
            thread { writes("quiet$i") { quiet.set(it, "v").also { Thread.yield() } } }
            CoroutineScope(SupervisorJob() + Dispatchers.Default).launch { writes("suspend$i") { cache.set(it, "v") } }
            thread { futures("async$i", cache) }
        }
        while (stored.size < FACES || stored.values.any { it.get() < WARM_UP }) Thread.sleep(1)
        println("under load")
        System.out.flush()
        CountDownLatch(1).await(60, TimeUnit.SECONDS)
        println("wrong nobody ended this JVM")
    }

    private fun thread(work: () -> Unit) = Thread(work).also { it.isDaemon = true }.start()

    /** Writes one key after the other until the client is closed; a key counts when its write has succeeded. */
    private inline fun writes(face: String, write: (String) -> Unit) {
        val count = stored.computeIfAbsent(face) { AtomicInteger() }
        while (!isOver) {
            open.incrementAndGet()
            try {
                write("$face-${count.get()}")
                count.incrementAndGet()
            } catch (e: Throwable) {
                failed(face, e)
                if (e is ClientClosedException) return
            } finally {
                open.decrementAndGet()
            }
        }
    }

    /** A call that was accepted has to succeed: the servers are well, and there is time. */
    private fun failed(face: String, e: Throwable) {
        if (e is ClientClosedException && e.delivery() == Delivery.NOT_SENT) {
            refused.incrementAndGet()
        } else if (!(face.startsWith("quiet") && e is MemcachedException && e.delivery() == Delivery.NOT_SENT)) {
            wrong += "$face: $e"
        }
    }

    private fun futures(face: String, cache: MemcachedClient) {
        val count = stored.computeIfAbsent(face) { AtomicInteger() }
        val async = cache.async()
        val room = Semaphore(MOST_FUTURES)
        while (!isOver) {
            room.acquire()
            open.incrementAndGet()
            val number = count.get()
            val call = async.set("$face-$number", "v")
            if (call.isCompletedExceptionally) {
                open.decrementAndGet()
                failed(face, runCatching { call.join() }.exceptionOrNull()!!.cause!!)
                return
            }
            count.incrementAndGet()
            call.whenComplete { _, e ->
                room.release()
                if (e != null) {
                    val cause = e.cause ?: e
                    // one that was refused is the last of its thread
                    if (cause is ClientClosedException && cause.delivery() == Delivery.NOT_SENT) {
                        refused.incrementAndGet()
                        lost(count, number)
                        isOver = true
                    } else {
                        wrong += "$face: $cause"
                    }
                }
                // the last: what is told at the end waits for it
                open.decrementAndGet()
            }
        }
    }

    /** Those from there on were not accepted. */
    private fun lost(count: AtomicInteger, number: Int) {
        count.accumulateAndGet(number, ::minOf)
    }
}
