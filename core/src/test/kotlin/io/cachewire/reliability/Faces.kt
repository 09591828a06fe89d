package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.ValueType
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import java.util.concurrent.Executors

/** A way to call the client: by coroutines, by waiting threads, by futures. */
internal class Face(
    val name: String,
    val get: suspend (MemcachedClient, String) -> String?,
    val bytes: suspend (MemcachedClient, String) -> ByteArray?,
    val set: suspend (MemcachedClient, String, String) -> Unit,
    val step: suspend (MemcachedClient, String) -> Long?,
)

private val threads = Executors.newCachedThreadPool {
    Thread(it).also { thread -> thread.isDaemon = true }
}.asCoroutineDispatcher()
private val text = ValueType.of(String::class.java)
private val raw = ValueType.of(ByteArray::class.java)

internal val SUSPEND =
    Face("suspend", { c, k ->
        c.get(k, text)
    }, { c, k -> c.get(k, raw) }, { c, k, v -> c.set(k, v) }, { c, k -> c.increment(k) })

internal val BLOCKING =
    Face(
        "blocking",
        { c, k -> withContext(threads) { c.blocking().get(k, text) } },
        { c, k -> withContext(threads) { c.blocking().get(k, raw) } },
        { c, k, v -> withContext(threads) { c.blocking().set(k, v) } },
        { c, k -> withContext(threads) { c.blocking().increment(k, 1) } },
    )

internal val ASYNC =
    Face(
        "async",
        { c, k -> c.async().get(k, text).await() },
        { c, k -> c.async().get(k, raw).await() },
        { c, k, v -> c.async().set(k, v).await().let { } },
        { c, k -> c.async().increment(k, 1).await() },
    )

internal val FACES = listOf(SUSPEND, BLOCKING, ASYNC)

internal fun FunSpec.eachFace(faces: List<Face>, name: String, body: suspend (Face) -> Unit) {
    for (face in faces) {
        test("$name (${face.name})") { body(face) }
    }
}
