package io.cachewire.reliability

import io.cachewire.DataBlock
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.ValueType
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.lang.ref.WeakReference
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val SECRET = "s3cret-value"

private class Marker : AbstractCoroutineContextElement(Marker) {
    companion object Key : CoroutineContext.Key<Marker>
}

/** A value that is not copied on its way, so that whoever holds on to it holds on to this array. */
private suspend fun failedSet(cache: MemcachedClient): Pair<WeakReference<ByteArray>, Throwable> {
    val value = ByteArray(200_000)
    return WeakReference(value) to attempt { cache.set("k", DataBlock.wrap(value)) }.failure.shouldNotBeNull()
}

/** What a caller may still hold of a call that has ended, and what it must not keep alive. */
private class Kept(
    val remains: Any,
    val value: WeakReference<ByteArray>,
)

private fun asyncSet(cache: MemcachedClient, end: (CompletableFuture<*>) -> Unit = {}): Kept {
    val value = ByteArray(200_000)
    val call = cache.async().set("k", DataBlock.wrap(value))
    end(call)
    runCatching { call.join() }
    return Kept(call, WeakReference(value))
}

private fun blockingSet(cache: MemcachedClient): Kept {
    val value = ByteArray(200_000)
    val outcome = runCatching { cache.blocking().set("k", DataBlock.wrap(value)) }
    return Kept(outcome, WeakReference(value))
}

private suspend fun suspendedSet(cache: MemcachedClient): Kept {
    val value = ByteArray(200_000)
    val outcome = runCatching { cache.set("k", DataBlock.wrap(value)) }
    return Kept(outcome, WeakReference(value))
}

private suspend fun cancelledSet(cache: MemcachedClient, gate: Gate): Kept {
    val value = ByteArray(200_000)
    val reference = WeakReference(value)
    val job = CoroutineScope(Job() + Dispatchers.Default).launch { cache.set("k", DataBlock.wrap(value)) }
    gate.awaitRequest()
    job.cancelAndJoin()
    return Kept(cache, reference)
}

private suspend fun shouldBeCollected(reference: WeakReference<*>) {
    // a new turn: the frame that resumed this one still has the result of the call
    delay(1.milliseconds)
    eventually("it is collected") {
        System.gc()
        reference.get() == null
    }
}

/** What messages, logs and live objects give away or hold on to. */
class DisclosureTest :
    FunSpec({
        eachDialect("S18 messages and logs escape keys and never show values") { dialect ->
            HostileServer.start().use { server ->
                val messages = mutableListOf<String>()
                val log =
                    logged {
                        client(server.address()) { protocol = dialect }.use { cache ->
                            server.put("k", 0, SECRET)
                            for (key in listOf("k\n2026 ERROR fake", "k\u001b[31m", "\u0000".repeat(300))) {
                                messages += attempt { cache.set(key, SECRET) }.failure!!.texts()
                            }
                            for (lie in listOf(
                                Forgery.lengthOff(-1),
                                Forgery.blockEnd("XX"),
                                Forgery.instead("\u001b[31m$SECRET".take(6) + "\n2026 ERROR fake\r\n"),
                                Forgery.serverError("\u001b[31m 2026 ERROR fake"),
                                Forgery.noCrlf(),
                            )) {
                                server.next(dialect.read, lie)
                                messages += attempt { cache.get<String>("k") }.failure!!.texts()
                                cache.shouldRecover()
                            }
                            server.next(dialect.write, Forgery.clientError("bad data chunk"))
                            messages += attempt { cache.set("k", SECRET) }.failure!!.texts()
                            server.banner("\u001b[31m2026 ERROR fake\r\n")
                            cache.disconnectAll()
                            messages += attempt { cache.set("k", SECRET) }.failure!!.texts()
                        }
                    }
                (messages + log.trim().lines()).forEach {
                    it shouldMatch "[ -~]*"
                    it.startsWith("2026 ERROR") shouldBe false
                    it shouldNotContain SECRET
                }
                messages.forEach { (it.length < 700) shouldBe true }
            }
        }

        test("S26 neither a failed call's exception nor the client holds on to the value") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()).use { cache ->
                        cache.shouldBeInSync()
                        proxy.accept(AcceptMode.REFUSE)
                        proxy.resetAll()
                        eventually("the loss") { proxy.open() == 0 }
                        val (unsent, whyUnsent) = failedSet(cache)
                        shouldBeCollected(unsent)
                        whyUnsent.message.shouldNotBeNull()
                        proxy.heal()
                        cache.shouldRecover()
                        proxy.down().pause()
                        val (sent, whySent) = failedSet(cache)
                        whySent.message.shouldNotBeNull()
                        proxy.heal()
                        cache.shouldRecover()
                        shouldBeCollected(sent)
                    }
                }
            }
        }

        test("S26 a call that has ended keeps no value, however it ended and whoever called") {
            HostileServer.start().use { server ->
                client(server.address()) { protocol = Protocol.META }.use { cache ->
                    cache.shouldBeInSync()
                    val ended = mutableListOf(suspendedSet(cache), blockingSet(cache), asyncSet(cache))
                    server.on({ it.command() == "ms" }, Forgery.serverError("out of memory storing object"))
                    ended += listOf(suspendedSet(cache), blockingSet(cache), asyncSet(cache))
                    server.honest()
                    val gates = List(2) { Gate() }
                    server.next("ms", gates[0])
                    // cancelled with the reply due: it stays in the queue of those that wait for one
                    ended += cancelledSet(cache.withRequestTimeout(9.seconds), gates[0])
                    gates[0].open()
                    cache.shouldBeInSync()
                    server.next("ms", gates[1])
                    ended +=
                        asyncSet(cache.withRequestTimeout(9.seconds)) {
                            gates[1].awaitRequest()
                            it.cancel(true)
                        }
                    gates[1].open()
                    ended.forEachIndexed { i, it ->
                        withClue("call $i") { shouldBeCollected(it.value) }
                        it.remains.toString().length shouldBeLessThan 2000
                    }
                    cache.shouldBeInSync()
                }
            }
        }

        test("S26 a call that was cancelled holds no context of its caller, even while its reply is due") {
            HostileServer.start().use { server ->
                client(server.address()) {
                    requestTimeout = 9.seconds
                    stallTimeout = 9.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    val reads =
                        listOf<suspend () -> Any?>(
                            { cache.get<String>("k") },
                            { cache.getAll(listOf("k", "l"), ValueType.of(String::class.java)) },
                        )
                    for (read in reads) {
                        val gate = Gate()
                        server.next("mg", gate)
                        val marker = cancelled(gate, read)
                        shouldBeCollected(marker)
                        marker.get().shouldBeNull()
                        gate.open()
                        cache.shouldBeInSync()
                    }
                }
            }
        }

        test("S26 clients and settings print no values") {
            HostileServer.start().use { server ->
                client(server.address()).use { cache ->
                    cache.set("k", SECRET)
                    for (shown in listOf(
                        cache,
                        cache.settings(),
                        cache.blocking(),
                        cache.async(),
                        cache.fireAndForget(),
                    )) {
                        shown.toString() shouldNotContain SECRET
                        (shown.toString().length < 2000) shouldBe true
                    }
                    io.cachewire.typed(SECRET).toString() shouldNotContain SECRET
                    io.cachewire.DataBlock.ofUtf8(SECRET).toString() shouldNotContain SECRET
                }
            }
        }
    })

private suspend fun cancelled(gate: Gate, read: suspend () -> Any?): WeakReference<Marker> {
    val marker = Marker()
    val reference = WeakReference(marker)
    val job = CoroutineScope(Job() + Dispatchers.Default + marker).launch { read() }
    gate.awaitRequest()
    job.cancelAndJoin()
    return reference
}
