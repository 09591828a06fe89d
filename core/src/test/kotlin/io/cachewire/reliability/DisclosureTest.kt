package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
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
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val SECRET = "s3cret-value"

private class Marker : AbstractCoroutineContextElement(Marker) {
    companion object Key : CoroutineContext.Key<Marker>
}

private suspend fun failedSet(cache: MemcachedClient): Pair<WeakReference<ByteArray>, Throwable> {
    val value = ByteArray(200_000)
    return WeakReference(value) to attempt { cache.set("k", value) }.failure.shouldNotBeNull()
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

        test("S26 a call that was cancelled holds no context of its caller, even while its reply is due") {
            HostileServer.start().use { server ->
                client(server.address()) {
                    requestTimeout = 9.seconds
                    stallTimeout = 9.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    val gate = Gate()
                    server.next("mg", gate.lie)
                    val marker = cancelled(cache, gate)
                    shouldBeCollected(marker)
                    marker.get().shouldBeNull()
                    gate.open()
                    cache.shouldBeInSync()
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

private suspend fun cancelled(cache: MemcachedClient, gate: Gate): WeakReference<Marker> {
    val marker = Marker()
    val reference = WeakReference(marker)
    val job = CoroutineScope(Job() + Dispatchers.Default + marker).launch { cache.get<String>("k") }
    gate.awaitRequest()
    job.cancelAndJoin()
    return reference
}
