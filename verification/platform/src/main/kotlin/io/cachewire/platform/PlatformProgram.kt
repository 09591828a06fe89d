package io.cachewire.platform

import io.cachewire.MemcachedException
import java.nio.channels.SocketChannel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.locks.LockSupport
import kotlin.system.exitProcess

/** How long anything may take. */
internal const val SECONDS = 30L

private const val STOPPED_SECONDS = 4L
private const val PAUSE_NANOS = 10_000_000L
private const val SAID_AT_THE_END = "all is well"

/** Waits until it is so; fails after [SECONDS]. */
internal fun await(what: String, isSo: () -> Boolean) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    while (!isSo()) {
        check(System.nanoTime() < end) { "waited $SECONDS s in vain for $what" }
        LockSupport.parkNanos(PAUSE_NANOS)
    }
}

/**
 * What a user's program does, through every client: calls, a server that is stopped and continued, one that is killed and started again,
 * and a close that leaves nothing behind. It runs on the class path that it is given, and says at the end that all went well.
 */
public object PlatformProgram {
    private val callers =
        Executors.newCachedThreadPool { work -> Thread(work, "caller").apply { isDaemon = true } }

    /** Needs no argument. */
    @JvmStatic
    public fun main(args: Array<String>) {
        // the JDK keeps one socket of its own from the first channel on
        SocketChannel.open().close()
        val threads = clientThreads()
        val sockets = sockets()
        Memcached().use { server ->
            val faces = listOf(BlockingFace(server.address), AsyncFace(server.address), SuspendFace(server.address))
            try {
                faces.forEach { face -> await("the ${face.name} client to be connected") { answered(face) } }
                faces.forEach(::everyCall)
                stopAndContinue(server, faces)
                killAndRestart(server, faces)
            } finally {
                faces.forEach { within("close") { it.close() } }
            }
            await("the threads of the clients to end: ${clientThreads() - threads}") {
                (clientThreads() - threads).isEmpty()
            }
            await("the sockets to be closed: ${sockets()}, $sockets before") { sockets() <= sockets }
        }
        println(SAID_AT_THE_END)
        exitProcess(0)
    }

    private fun everyCall(face: Face) {
        within("set through the ${face.name} client") { face.set("a", "1") }
        within("set") { face.set("b", "2") }
        expect(face, "1", within("get") { face.get("a") })
        expect(face, null, within("get of a key that is not there") { face.get("nothing") })
        expect(face, mapOf("a" to "1", "b" to "2"), within("getAll") { face.getAll(listOf("a", "b", "nothing")) })
        val film = Film("Metropolis", 153)
        within("set of JSON") { face.setFilm("film", film) }
        expect(face, film, within("get of JSON") { face.getFilm("film") })
    }

    private fun stopAndContinue(server: Memcached, faces: List<Face>) {
        server.stop()
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOPPED_SECONDS)
        while (System.nanoTime() < end) {
            faces.map { face -> callers.submit { answered(face) } }.forEach { it.get(SECONDS, TimeUnit.SECONDS) }
            LockSupport.parkNanos(PAUSE_NANOS)
        }
        server.proceed()
        faces.forEach { face ->
            await("an answer to the ${face.name} client after the server was continued") { answered(face) }
        }
    }

    private fun killAndRestart(server: Memcached, faces: List<Face>) {
        server.kill()
        faces.forEach { face -> await("the ${face.name} client to see that the server is gone") { !answered(face) } }
        server.startAgain()
        faces.forEach { face -> await("an answer to the ${face.name} client from the new server") { answered(face) } }
        faces.forEach(::everyCall)
    }

    /** Whether the call was answered; it must end in any case, and fail with an exception of the client's only. */
    private fun answered(face: Face): Boolean = try {
        within("get through the ${face.name} client") { face.get("a") }
        true
    } catch (e: MemcachedException) {
        check(e.linkageError() == null) { "a class of the platform does not fit: $e" }
        false
    }

    private fun Throwable.linkageError(): Throwable? = generateSequence(this) {
        it.cause
    }.firstOrNull { it is LinkageError }

    private fun <T> within(what: String, call: () -> T): T = try {
        callers.submit(call).get(SECONDS, TimeUnit.SECONDS)
    } catch (e: ExecutionException) {
        val cause = e.cause
        throw if (cause is CompletionException) cause.cause ?: cause else cause ?: e
    } catch (e: TimeoutException) {
        throw IllegalStateException("$what does not end", e)
    }

    private fun expect(face: Face, wanted: Any?, found: Any?) {
        check(wanted == found) { "the ${face.name} client answers $found instead of $wanted" }
    }

    /** The threads that are there; not those that coroutines and futures share in all the JVM, nor the callers. */
    private fun clientThreads(): Set<String> = Thread
        .getAllStackTraces()
        .keys
        .map { it.name }
        .filterNot { name -> SHARED.any { name.startsWith(it) } }
        .toSet()

    private val SHARED =
        listOf(
            "DefaultDispatcher",
            "kotlinx.coroutines",
            "ForkJoinPool",
            "CompletableFuture",
            "caller",
            "process reaper",
        )

    private fun sockets(): Int = Files.list(Path.of("/proc/self/fd")).use { files ->
        files.map {
            runCatching { Files.readSymbolicLink(it).toString() }.getOrDefault("")
        }.filter { it.startsWith("socket:") }.count().toInt()
    }
}
