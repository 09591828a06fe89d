package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.Expiry
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.RequestTimeoutException
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.replace
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toJavaDuration

/** Writes whose reply is lost have happened once at most, and say that they may have. */
class IndeterminateTest :
    FunSpec({
        class Write(
            val command: Map<Protocol, String>,
            val before: String?,
            val after: String?,
            val call: suspend (MemcachedClient, Long) -> Any?,
        )

        fun command(meta: String, text: String) = mapOf(Protocol.META to meta, Protocol.TEXT to text)

        val writes =
            mapOf(
                "increment" to Write(command("ma", "incr"), "10", "15") { c, _ -> c.increment("k", 5) },
                "decrement" to Write(command("ma", "decr"), "10", "5 ") { c, _ -> c.decrement("k", 5) },
                "append" to Write(command("ms", "append"), "10", "10x") { c, _ -> c.append("k", "x") },
                "prepend" to Write(command("ms", "prepend"), "10", "x10") { c, _ -> c.prepend("k", "x") },
                "cas" to Write(command("ms", "cas"), "10", "new") { c, cas -> c.cas("k", "new", cas) },
                "set" to Write(command("ms", "set"), "10", "new") { c, _ -> c.set("k", "new") },
                "add" to Write(command("ms", "add"), null, "new") { c, _ -> c.add("k", "new") },
                "replace" to Write(command("ms", "replace"), "10", "new") { c, _ -> c.replace("k", "new") },
                "delete" to Write(command("md", "delete"), "10", null) { c, _ -> c.delete("k") },
                "touch" to
                    Write(command("mg", "touch"), "10", "10") { c, _ ->
                        c.touch("k", Expiry.after(1.minutes.toJavaDuration()))
                    },
                "getAndTouch" to
                    Write(command("mg", "gat"), "10", "10") { c, _ -> c.getAndTouch<String>("k", 1.minutes) },
            )
        val lies =
            mapOf(
                "the connection is closed" to
                    Lie { turn ->
                        turn.honest()
                        turn.close()
                    },
                "the connection is reset" to
                    Lie { turn ->
                        turn.honest()
                        turn.reset()
                    },
                "nothing comes" to hang(),
            )

        for ((name, write) in writes) {
            eachDialect("F60 $name: a lost reply is indeterminate, and nothing is sent again") { dialect ->
                for ((what, lie) in lies) {
                    HostileServer.start().use { server ->
                        client(server.address()) { protocol = dialect }.use { cache ->
                            write.before?.let { server.put("k", 0, it) }
                            val cas = cache.gets<String>("k")?.cas ?: 0
                            val command = write.command.getValue(dialect)
                            val before = server.count { it.command() == command && it.key() == "k" }
                            server.on({ it.command() == command && it.key() == "k" }, lie)
                            val ended = attempt { write.call(cache, cas) }
                            if (what == "nothing comes") {
                                ended.shouldFailWith<RequestTimeoutException>()
                            } else {
                                ended.shouldFailWith<ConnectionLostException>()
                            }
                            ended.failure!!.delivery() shouldBe Delivery.INDETERMINATE
                            cache.shouldRecover()
                            server.value("k") shouldBe write.after
                            server.count { it.command() == command && it.key() == "k" } shouldBe before + 1
                        }
                    }
                }
            }
        }
    })
