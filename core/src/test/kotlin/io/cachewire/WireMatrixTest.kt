package io.cachewire

import io.cachewire.MemcachedException.Delivery
import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.MemcachedServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * Every operation that sends something, over every transport and in every dialect, on a real memcached; and the matrix in `docs/wire.md`, which
 * is what happened here. `-Dapi.update=true` writes it.
 */
class WireMatrixTest :
    FunSpec({
        val authority = CertificateAuthority()
        val folder = tempdir().toPath()
        authority.issue("127.0.0.1").write(folder)
        val servers =
            mapOf(
                "TCP" to MemcachedServer.with().onUdp().start(),
                "Unix" to MemcachedServer.with().onUnixSocket().start(),
                "TLS" to MemcachedServer.with().tls(folder.resolve("chain.pem"), folder.resolve("key.pem")).start(),
            )
        afterSpec { servers.values.forEach { it.close() } }
        val transports = listOf("TCP", "Unix", "TLS", "UDP")
        val dialects = Protocol.entries - Protocol.AUTO
        val cells = ConcurrentHashMap<Triple<String, String, Protocol>, String>()

        for (transport in transports) {
            for (dialect in dialects) {
                test("every operation over $transport in $dialect") {
                    val address =
                        if (transport ==
                            "UDP"
                        ) {
                            servers.getValue("TCP").udpAddress()
                        } else {
                            servers.getValue(transport).address()
                        }
                    MemcachedClient(address.toString()) {
                        protocol = dialect
                        requestTimeout = 10.seconds
                        connectTimeout = 10.seconds
                        if (transport == "TLS") tls = Tls.of(authority.context())
                    }.use { cache ->
                        for ((name, run) in OPERATIONS) {
                            cache.flushAll()
                            cells[Triple(name, transport, dialect)] =
                                try {
                                    run(cache)
                                    "yes"
                                } catch (e: PartialResultException) {
                                    val why = e.cause
                                    if (why !is ProtocolException || why.delivery() != Delivery.NOT_SENT) throw e
                                    "no"
                                } catch (e: ProtocolException) {
                                    // the dialect's refusal; anything else is a failure
                                    if (e.delivery() != Delivery.NOT_SENT) throw e
                                    "no"
                                }
                        }
                    }
                }
            }
        }

        test("no operation of the client is left out") {
            val names =
                MemcachedClient::class.java.declaredMethods.filter {
                    java.lang.reflect.Modifier.isPublic(it.modifiers) && !it.isSynthetic
                }.map { it.name.substringBefore('-') }.toSet()
            (names - OPERATIONS.keys - VIEWS).shouldBeEmpty()
            (OPERATIONS.keys - names).shouldBeEmpty()
        }

        test("the matrix in the documentation is this one") {
            val page = Path.of(
                System.getProperty("basedir", ""),
            ).toAbsolutePath().resolveSibling("docs").resolve("wire.md")
            val columns = transports.flatMap { transport -> dialects.map { transport to it } }
            val matrix =
                buildString {
                    append("\n| operation |")
                    columns.forEach { (transport, dialect) -> append(" $transport ${dialect.name.lowercase()} |") }
                    append("\n|---|").append("---|".repeat(columns.size))
                    for (name in OPERATIONS.keys.sorted()) {
                        append("\n| `$name` |")
                        columns.forEach { (transport, dialect) ->
                            append(" ${cells[Triple(name, transport, dialect)]} |")
                        }
                    }
                    append("\n\n")
                }
            val text = Files.readString(page)
            val start = text.indexOf(BEGIN) + BEGIN.length
            val written = text.substring(start, text.indexOf(END))
            if (java.lang.Boolean.getBoolean("api.update")) {
                Files.writeString(page, text.replaceRange(start, start + written.length, matrix))
            } else {
                written shouldBe matrix
            }
        }
    }) {
    private companion object {
        const val BEGIN = "<!-- written by WireMatrixTest -->\n"
        const val END = "<!-- end -->"

        /** What sends nothing itself, or sends what the operations send. */
        val VIEWS =
            setOf(
                "admin",
                "async",
                "blocking",
                "close",
                "cluster",
                "connect",
                "copy",
                "disconnectAll",
                "forgetDeadServers",
                "ignoredWrites",
                "meta",
                "namespace",
                "ping",
                "settings",
                "toString",
                "withRequestTimeout",
                "withListener",
                "withUndecodable",
                "withWriteFailures",
            )

        val OPERATIONS: Map<String, suspend (MemcachedClient) -> Unit> =
            mapOf(
                "get" to {
                    it.get<String>("k") shouldBe null
                    it.set("k", "v")
                    it.get<String>("k") shouldBe "v"
                },
                "gets" to {
                    it.set("k", "v")
                    it.gets<String>("k")!!.value shouldBe "v"
                },
                "item" to {
                    it.set("k", "value")
                    it.item<String>("k")!!.size shouldBe 5
                },
                "getAndTouch" to {
                    it.set("k", "v")
                    it.getAndTouch<String>("k", 1.hours) shouldBe "v"
                },
                "getAll" to {
                    it.set("a", "1")
                    it.getAll<String>(listOf("a", "b")) shouldBe mapOf("a" to "1")
                },
                "getAllResults" to {
                    it.set("a", "1")
                    it.getAllResults(listOf("a", "b"), valueType<String>()).missing shouldBe setOf("b")
                },
                "getsAll" to {
                    it.set("a", "1")
                    it.getsAll(listOf("a", "b"), valueType<String>()).keys shouldBe setOf("a")
                },
                "set" to {
                    it.set("k", ByteArray(1000) { i -> i.toByte() })
                    it.get<ByteArray>("k")!!.size shouldBe 1000
                },
                "add" to {
                    it.add("k", "v") shouldBe true
                    it.add("k", "w") shouldBe false
                },
                "replace" to {
                    it.replace("k", "v") shouldBe false
                    it.set("k", "v")
                    it.replace("k", "w") shouldBe true
                },
                "append" to {
                    it.set("k", "v")
                    it.append("k", "w") shouldBe true
                    it.get<String>("k") shouldBe "vw"
                },
                "prepend" to {
                    it.set("k", "v")
                    it.prepend("k", "w") shouldBe true
                    it.get<String>("k") shouldBe "wv"
                },
                "cas" to {
                    it.set("k", "v")
                    val held = it.gets<String>("k")!!
                    it.cas("k", "w", held.cas) shouldBe CasResult.STORED
                    it.cas("k", "x", held.cas) shouldBe CasResult.EXISTS
                    it.cas("absent", "x", held.cas) shouldBe CasResult.NOT_FOUND
                },
                "update" to {
                    it.set("k", "v")
                    it.update<String>("k") { old -> old + "w" } shouldBe "vw"
                },
                "setAll" to { it.setAll(mapOf("a" to "1", "b" to "2")) shouldBe emptySet() },
                "setAllResults" to {
                    it.setAllResults(mapOf("a" to "1", "b" to "2")).failed shouldBe emptyMap()
                },
                "delete" to {
                    it.set("k", "v")
                    it.delete("k") shouldBe true
                    it.delete("k") shouldBe false
                },
                "deleteAll" to {
                    it.set("a", "1")
                    it.deleteAll(listOf("a", "b"))
                    it.get<String>("a") shouldBe null
                },
                "deleteAllResults" to {
                    it.set("a", "1")
                    it.deleteAllResults(listOf("a", "b")).failed shouldBe emptyMap()
                },
                "markStale" to {
                    it.set("k", "v")
                    it.markStale("k", 1.minutes) shouldBe true
                },
                "increment" to {
                    it.set("n", "5")
                    it.increment("n", by = 2) shouldBe 7
                    it.increment("absent") shouldBe null
                },
                "decrement" to {
                    it.set("n", "5")
                    it.decrement("n", by = 2) shouldBe 3
                },
                "touch" to {
                    it.touch("k", 1.hours) shouldBe false
                    it.set("k", "v")
                    it.touch("k", 1.hours) shouldBe true
                },
                "fireAndForget" to {
                    val quiet = it.fireAndForget()
                    quiet.set("k", "v", 1.hours)
                    while (it.get<String>("k") != "v") kotlinx.coroutines.yield()
                },
                "stats" to { it.stats().values.single().containsKey("pid") shouldBe true },
                "version" to { it.version().values.single().isEmpty() shouldBe false },
                "flushAll" to {
                    it.set("k", "v")
                    it.flushAll()
                    it.get<String>("k") shouldBe null
                },
                "verbosity" to { it.verbosity(0) },
            )
    }
}
