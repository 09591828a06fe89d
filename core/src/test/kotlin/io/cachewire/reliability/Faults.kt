package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedClientConfig
import io.cachewire.MemcachedException
import io.cachewire.Protocol
import io.cachewire.ServerAddress
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.SeenRequest
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import org.awaitility.Awaitility
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** What the clients of these tests allow a call, when a test does not say otherwise. */
internal val TIMEOUT: Duration = 200.milliseconds

/** The table allows 100 ms over a time-out; a busy build machine needs more until a thread runs. */
internal val SLACK: Duration = 500.milliseconds

/** No call lasts longer: the B of the table. */
internal val BOUND: Duration = TIMEOUT + SLACK

/** After the end of a fault the first success comes within this time: the R of the table. */
internal val RECOVERY: Duration = 2.seconds

/** Whatever has not ended by now hangs. */
internal val HANG: Duration = 10.seconds

/** A client with short times. */
internal fun client(vararg at: ServerAddress, configure: MemcachedClientConfig.() -> Unit = {}): MemcachedClient =
    MemcachedClient(*at.map { it.toString() }.toTypedArray()) {
        requestTimeout = TIMEOUT
        connectTimeout = 700.milliseconds
        stallTimeout = 400.milliseconds
        backoff(10.milliseconds, 100.milliseconds)
        configure()
    }

/** How a call ended, and how long it took. Anything but a result or a typed failure is thrown. */
internal class Outcome<T>(
    val value: T?,
    val failure: MemcachedException?,
    val took: Duration,
) {
    inline fun <reified E : MemcachedException> shouldFailWith(): E = failure.shouldNotBeNull().shouldBeInstanceOf<E>()
}

internal suspend fun <T> attempt(call: suspend () -> T): Outcome<T> {
    val start = TimeSource.Monotonic.markNow()
    return try {
        Outcome(call(), null, start.elapsedNow())
    } catch (e: MemcachedException) {
        Outcome(null, e, start.elapsedNow())
    }
}

/** Starts a call; it has been submitted when this returns. */
internal fun <T> CoroutineScope.start(call: suspend () -> T): Deferred<Outcome<T>> =
    async(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { attempt(call) }

/** The outcomes of calls made at the same time; fails when one of them hangs. */
internal suspend fun <T> many(count: Int, call: suspend (Int) -> T): List<Outcome<T>> = withTimeout(HANG) {
    coroutineScope { (0 until count).map { start { call(it) } }.awaitAll() }
}

internal fun <T> List<Outcome<T>>.shouldEndWithin(limit: Duration): List<Outcome<T>> = also {
    maxOf { it.took } shouldBeLessThan limit
}

/** Waits on the calling thread until a condition holds. */
internal fun eventually(what: String, limit: Duration = HANG, condition: () -> Boolean) {
    Awaitility.await(what).atMost(limit.toJavaDuration()).pollInterval(java.time.Duration.ofMillis(2)).until(condition)
}

/** Calls succeed again soon, and each gets its own answer. */
internal suspend fun MemcachedClient.shouldRecover() {
    withTimeout(RECOVERY) {
        while (attempt { version() }.failure != null) delay(5.milliseconds)
    }
    shouldBeInSync()
}

/** Pipelined calls of several kinds each get their own answer. */
internal suspend fun MemcachedClient.shouldBeInSync() {
    val patient = withRequestTimeout(5.seconds)
    many(60) {
        when (it % 3) {
            0 -> patient.set("in-sync-$it", "value of $it").let { true }

            1 -> patient.get<String>("absent-$it") == null

            else -> {
                patient.set("in-sync-$it", "value of $it")
                patient.get<String>("in-sync-$it") == "value of $it"
            }
        }
    }.forEach {
        it.failure shouldBe null
        it.value shouldBe true
    }
}

/** The command that reads a value. */
internal val Protocol.read: String get() = if (this == Protocol.META) "mg" else "get"

/** The command that stores one. */
internal val Protocol.write: String get() = if (this == Protocol.META) "ms" else "set"

internal fun HostileServer.count(condition: (SeenRequest) -> Boolean): Int = requests().count(condition)

/** The same test in both dialects. */
internal fun FunSpec.eachDialect(name: String, body: suspend (Protocol) -> Unit) {
    for (dialect in listOf(Protocol.META, Protocol.TEXT)) {
        test("$name ($dialect)") { body(dialect) }
    }
}

internal fun FunSpec.eachDialectAndFace(name: String, body: suspend (Protocol, Face) -> Unit) {
    for (face in FACES) {
        eachDialect("$name (${face.name})") { body(it, face) }
    }
}

/** What is printed while [body] runs; the tests log to the standard error. */
internal suspend fun logged(body: suspend () -> Unit): String {
    val before = System.err
    val bytes = ByteArrayOutputStream()
    System.setErr(PrintStream(bytes, true))
    try {
        body()
    } finally {
        System.setErr(before)
    }
    return bytes.toString()
}

internal fun Throwable.texts(): List<String> = generateSequence(this) {
    it.cause
}.flatMap { sequenceOf(it.toString()) + it.suppressed.map(Any::toString) }.toList()
