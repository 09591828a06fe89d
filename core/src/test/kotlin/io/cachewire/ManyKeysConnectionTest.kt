package io.cachewire

import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.reliability.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

private const val KEYS = 5_000

class ManyKeysConnectionTest :
    FunSpec({
        test(
            "a call over very many keys has a connection of its own, which is closed when none has needed it for a while",
        ) {
            HostileServer.start().use { server ->
                MemcachedClient(server.address().toString()).use { cache ->
                    cache.setAll((1..100).associate { "few-$it" to "v" }).shouldBeEmpty()
                    server.accepted() shouldBe 1
                    repeat(2) { cache.setAll((1..KEYS).associate { "many-$it" to "v" }).shouldBeEmpty() }
                    cache.get<String>("few-1") shouldBe "v"
                    val of = server.requests().groupBy({ it.key().substringBefore('-') }, { it.connection() })
                    of.getValue("few").toSet() shouldBe setOf(1)
                    // the first part goes before the connection is made
                    of.getValue("many").count { it == 1 } shouldBeLessThanOrEqual KEYS / 2
                    of.getValue("many").toSet() shouldBe setOf(1, 2)
                    server.open() shouldBe 2
                    eventually("it is closed", 20.seconds) { server.open() == 1 }
                    cache.setAll((1..KEYS).associate { "many-$it" to "v" }).shouldBeEmpty()
                    server.requests().last().connection() shouldBe 3
                    cache.get<String>("few-1") shouldBe "v"
                    server.requests().last().connection() shouldBe 1
                }
            }
        }

        test(
            "where the server has no connection to spare the call goes on those that are there, and the server stays in use",
        ) {
            HostileServer.start().use { server ->
                server.on({ it.connection() > 1 }, Lie { it.close() })
                MemcachedClient(server.address().toString()).use { cache ->
                    cache.set("few-1", "v")
                    repeat(5) { cache.setAll((1..KEYS).associate { "many-$it" to "v" }).shouldBeEmpty() }
                    cache.get<String>("few-1") shouldBe "v"
                    server.requests().filter { it.key().startsWith("many") }.map { it.connection() }.toSet() shouldBe
                        setOf(1)
                    cache.cluster().servers().single().health() shouldBe ServerState.Health.LIVE
                }
            }
        }
    })
