package io.cachewire.oracle.peers

import io.cachewire.ServerAddress
import io.cachewire.fixture.Delivery
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Flood
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.SeenRequest
import java.net.ServerSocket
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** A row of the table of faults, judged from outside: the same steps and the same judgement for every client. */
internal class Scenario(
    val row: String,
    val passes: String,
    val play: Trial.() -> Unit,
)

private fun isRead(request: SeenRequest) = request.command() == "get" || request.command() == "gets"

private fun Trial.hostile(): HostileServer = open(HostileServer.start()).put("k", 0, "hello").put("other", 0, "foreign")

private fun Trial.real(): MemcachedServer = open(MemcachedServer.start())

private fun Trial.proxied(server: ServerAddress): FaultProxy = open(FaultProxy.to(server))

/** The next read is answered by a lie. */
private fun Trial.liedTo(lie: Lie, judge: (Ended<ByteArray?>) -> Unit) {
    val server = hostile()
    val peer = peer(server.address())
    call { peer.get("k") }.mustBe("hello")
    server.nth(1, ::isRead, lie)
    judge(call { peer.get("k") })
    server.honest()
    // nobody gets what was left over
    repeat(20) {
        call { peer.get("other") }.mustNotBeOtherThan("foreign")
        call { peer.get("k") }.mustNotBeOtherThan("hello")
    }
    recovers(peer, "k", "hello")
}

private fun Trial.refusesKey(key: String) {
    val server = real()
    val peer = peer(server.address())
    call { peer.set("canary", "alive".toByteArray()) }.failure?.let { throw it }
    call { peer.get(key) }.mustFail()
    call { peer.set(key, "x".toByteArray()) }.mustFail()
    recovers(peer, "canary", "alive")
}

internal val SCENARIOS =
    listOf(
        Scenario("F07", "a time-out is an error within 2 s, and the late answer goes to nobody") {
            val server = hostile()
            val peer = peer(server.address())
            val gate = CountDownLatch(1)
            server.nth(1, ::isRead) { turn ->
                val answer = turn.honest()
                gate.await(Trial.HANG.inWholeSeconds, TimeUnit.SECONDS)
                turn.send(answer)
            }
            call { peer.get("k") }.mustFail()
            gate.countDown()
            repeat(20) { call { peer.get("other") }.mustNotBeOtherThan("foreign") }
            recovers(peer, "other", "foreign")
        },
        Scenario("F14", "a server that refuses connections is an error within 2 s") {
            val port = ServerSocket(0).use { it.localPort }
            val connecting = call { peer(ServerAddress("127.0.0.1", port)) }
            if (connecting.took > Trial.SOON) throw NotPassed("connecting ended only after ${connecting.took}")
            connecting.value?.let { peer -> call { peer.get("k") }.mustFail() }
        },
        Scenario("F18", "a reset with a hundred reads in flight ends all within 2 s, none with a wrong value") {
            val server = hostile()
            val proxy = proxied(server.address())
            val peer = peer(proxy.address())
            call { peer.get("k") }.mustBe("hello")
            proxy.down().pause()
            val calls = List(100) { start { peer.get(if (it % 2 == 0) "k" else "other") } }
            proxy.resetAll()
            proxy.heal()
            calls.forEachIndexed { i, it ->
                val ended = ended(it)
                ended.mustNotBeOtherThan(if (i % 2 == 0) "hello" else "foreign")
                if (ended.took > Trial.SOON) throw NotPassed("ended only after ${ended.took}")
            }
        },
        Scenario("F19", "after a FIN on the idle connection it works again within 5 s") {
            val proxy = proxied(hostile().address())
            val peer = peer(proxy.address())
            call { peer.get("k") }.mustBe("hello")
            proxy.closeAll()
            recovers(peer, "k", "hello")
        },
        Scenario(
            "F21",
            "a value that is cut by the end of the connection is an error or read again, no part of it and no miss",
        ) {
            for (bytes in listOf(3, 10, 14, 17)) {
                liedTo(Delivery.closedAfter(bytes)) {
                    if (it.value == null) it.mustFail(Trial.HANG) else it.mustBe("hello")
                }
            }
        },
        Scenario("F24", "a server that is killed and started again serves again within 5 s") {
            val server = real()
            val peer = peer(server.address())
            call { peer.set("k", "before".toByteArray()) }
            server.restart()
            val begin = System.nanoTime()
            while (call { peer.set("k", "after".toByteArray()) }.failure != null) {
                if (System.nanoTime() - begin > Trial.RECOVERY.inWholeNanoseconds) {
                    throw NotPassed("does not work again within ${Trial.RECOVERY}")
                }
            }
            recovers(peer, "k", "after")
        },
        Scenario(
            "F25",
            "a stopped server is an error within 2 s; when it goes on, each key has its own value within 5 s",
        ) {
            val server = real()
            val peer = peer(server.address())
            repeat(20) { i -> call { peer.set("k$i", "v$i".toByteArray()) } }
            server.pause()
            try {
                repeat(3) { call { peer.get("k0") }.mustFail() }
            } finally {
                server.resume()
            }
            repeat(20) { i -> recovers(peer, "k$i", "v$i") }
        },
        Scenario("F30", "a thousand calls on a server that hangs all end within 10 s") {
            val proxy = proxied(hostile().address())
            val peer = peer(proxy.address())
            call { peer.get("k") }.mustBe("hello")
            proxy.up().drop()
            List(1000) { start { peer.get("k") } }.forEach { ended(it).mustNotBeOtherThan("hello") }
        },
        Scenario("F33", "closing with fifty reads in flight ends them all within 10 s") {
            val proxy = proxied(hostile().address())
            val peer = peer(proxy.address())
            call { peer.get("k") }.mustBe("hello")
            proxy.down().pause()
            val calls = List(50) { start { peer.get("k") } }
            start { peer.close() }
            calls.forEach { ended(it) }
        },
        Scenario("F37", "replies in slices of one to seven bytes are read as whole ones") {
            val proxy = proxied(hostile().address())
            val peer = peer(proxy.address())
            for (bytes in listOf(1, 3, 7)) {
                proxy.down().slice(bytes, Duration.ofNanos(1))
                repeat(10) {
                    call { peer.get("k") }.mustBe("hello")
                    call { peer.get("other") }.mustBe("foreign")
                }
            }
        },
        Scenario("F39", "a reply for another key is an error") {
            liedTo(Forgery.wrongKey()) { it.mustFail() }
        },
        Scenario("F41", "replies in the wrong order give nobody another key's value") {
            val server = hostile()
            val peer = peer(server.address())
            repeat(50) {
                server.on(::isRead, if (it % 2 == 0) Delivery.afterNext() else Delivery.honest())
                val calls = listOf("k" to "hello", "other" to "foreign").map { (key, value) ->
                    start { peer.get(key) } to
                        value
                }
                calls.forEach { (call, value) -> ended(call).mustNotBeOtherThan(value) }
            }
        },
        Scenario("F42", "a reply that is left out gives nobody another key's value") {
            val server = hostile()
            val peer = peer(server.address())
            call { peer.get("k") }.mustBe("hello")
            server.nth(1, ::isRead, Delivery.skipped())
            val first = start { peer.get("k") }
            repeat(10) { call { peer.get("other") }.mustNotBeOtherThan("foreign") }
            ended(first).mustNotBeOtherThan("hello")
            recovers(peer, "k", "hello")
        },
        Scenario("F43", "a reply that comes twice gives nobody another key's value") {
            liedTo(Forgery.duplicated()) { it.mustNotBeOtherThan("hello") }
        },
        Scenario("F44", "a declared length that is too short gives no part of the value") {
            for (less in listOf(-1, -2, -4)) liedTo(Forgery.lengthOff(less)) { it.mustNotBeOtherThan("hello") }
        },
        Scenario("F45", "a length that is no length is an error") {
            for (text in listOf("-1", "99999999999999999999", "x")) liedTo(Forgery.lengthText(text)) { it.mustFail() }
        },
        Scenario("F46", "a declared length of a tebibyte is an error within 2 s") {
            liedTo(Flood.giantLength(1L shl 40)) { it.mustFail() }
        },
        Scenario("F49", "an HTTP server's answer is an error within 2 s") {
            liedTo(Forgery.instead(Forgery.HTTP)) { it.mustFail() }
        },
        Scenario("F50", "a write that the server has no memory for is an error") {
            val server = hostile()
            val peer = peer(server.address())
            call { peer.get("k") }.mustBe("hello")
            server.next("set", Forgery.serverError("out of memory storing object"))
            call { peer.set("k", "new".toByteArray()) }.mustFail()
            recovers(peer, "k", "hello")
        },
        Scenario("F51", "a value above the server's limit is an error, and the next call is right") {
            val peer = peer(real().address())
            call { peer.set("k", "small".toByteArray()) }
            call { peer.set("large", ByteArray(2 shl 20)) }.mustFail()
            recovers(peer, "k", "small")
        },
        Scenario("F57", "a value of line ends and commands comes back as it was") {
            val peer = peer(real().address())
            val value = "\r\nEND\r\nVALUE k 0 1\r\nx\r\nflush_all\r\n\u0000"
            call { peer.set("k", value.toByteArray()) }
            call { peer.get("k") }.mustBe(value)
        },
        Scenario("F60", "a step whose answer is lost is an error and is not sent again") {
            val server = hostile().put("counter", 0, "10")
            val peer = peer(server.address())
            call { peer.get("k") }.mustBe("hello")
            server.next("incr") { turn ->
                turn.honest()
                turn.reset()
            }
            call { peer.increment("counter") }.mustFail(5.seconds)
            recovers(peer, "k", "hello")
            val steps = server.requests().count { it.command() == "incr" }
            if (steps != 1) throw NotPassed("sent $steps times")
        },
        Scenario("S01", "keys with a blank or a line end are refused, and run no command") {
            for (key in listOf(
                "a b",
                "a\r\nflush_all\r\n",
                "a\nflush_all\r\n",
                "a\u0000b",
                "a\r\nset canary 0 0 4\r\ndead\r\nget a",
            )) {
                refusesKey(key)
            }
        },
        Scenario("S02", "a key of 251 bytes is refused") {
            refusesKey("k".repeat(251))
            refusesKey("é".repeat(126))
        },
    )
