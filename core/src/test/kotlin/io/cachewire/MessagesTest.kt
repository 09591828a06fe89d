package io.cachewire

import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.MemcachedServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.seconds

/**
 * What a mistake is told. The messages are in `messages.txt`, which is read in every review; `-Dapi.update=true` writes it.
 */
class MessagesTest :
    FunSpec({
        val page = Path.of("src/test/resources/messages.txt")
        val client = BlockingMemcachedClient.builder("127.0.0.1:1").build()
        afterSpec { client.close() }

        /** As Java passes it. */
        fun call(name: String, vararg given: Any?): Any? {
            val method =
                BlockingMemcachedClient::class.java.methods.single {
                    it.name == name && it.parameterCount == given.size &&
                        it.parameterTypes.none { type -> type == Duration::class.java || type == ValueType::class.java }
                }
            try {
                return method.invoke(client, *given)
            } catch (e: java.lang.reflect.InvocationTargetException) {
                throw e.targetException
            }
        }

        val mistakes =
            linkedMapOf<String, () -> Any?>(
                "set(null, \"v\")" to { call("set", null, "v") },
                "set(\"k\", null)" to { call("set", "k", null) },
                "append(\"k\", null)" to { call("append", "k", null) },
                "delete(null)" to { call("delete", null) },
                "get(null, String.class)" to { call("get", null, String::class.java) },
                "a key of 251 bytes" to { client.delete("k".repeat(251)) },
                "a key with ü" to { client.delete("müsli") },
                "a key with a blank" to { client.delete("a b") },
                "increment by -1" to { client.increment("k", -1) },
                "decrement by -1" to { client.decrement("k", -1) },
                "cas over version 0" to { client.cas("k", "v", 0) },
                "a ttl of 0" to { client.set("k", "v", Duration.ZERO) },
                "a ttl of 100 years" to { client.set("k", "v", Duration.ofDays(36_500)) },
                "an expiry in 2040" to { Expiry.at(Instant.parse("2040-01-01T00:00:00Z")) },
                "flushAll in no time" to { client.flushAll(Duration.ZERO) },
                "servers(\"a:1,b:1\")" to { ServerAddress.parse("a:1,b:1") },
                "servers(\"a:1 b:1\")" to { ServerAddress.parse("a:1 b:1") },
                "servers(\"memcached://a\")" to { ServerAddress.parse("memcached://a") },
                "servers(\"::1:11211\")" to { ServerAddress.parse("::1:11211") },
                "servers(\"host|11211|1\")" to { ServerAddress.parse("host|11211|1") },
                "servers(\"localhost:11211:0\")" to { ServerAddress.parse("localhost:11211:0") },
                "namespace(\"a b\") in the builder" to {
                    BlockingMemcachedClient.builder("a:1").namespace("a b").build()
                },
                "a namespace of 250 bytes in the builder" to {
                    BlockingMemcachedClient.builder("a:1").namespace("n".repeat(250)).build()
                },
                "namespace(\"a b\") of a client" to { client.namespace("a b") },
            )

        test("each mistake has the message that was reviewed") {
            val text =
                buildString {
                    for ((mistake, make) in mistakes) {
                        val failure = runCatching { make() }.exceptionOrNull() ?: error("$mistake is none")
                        append(mistake).append("\n    ").append(failure.javaClass.simpleName).append(": ")
                        append(failure.message).append("\n")
                    }
                }
            if (java.lang.Boolean.getBoolean("api.update")) Files.writeString(page, text)
            Files.readString(page) shouldBe text
        }

        test("a failure of many keys carries the first reason") {
            val gone = MemcachedServer.start().use { it.address() }
            BlockingMemcachedClient.builder(gone.toString()).build().use { cache ->
                val failure = runCatching { cache.version() }.exceptionOrNull() as PartialResultException
                failure.message!! shouldContain "1 of 1 failed, the first: "
                failure.message!! shouldContain failure.cause!!.message!!
            }
        }

        test("settings and clients are readable, and tell no secret") {
            BlockingMemcachedClient.builder("a:1", "b:2")
                .credentials { Credentials.of("somebody", "secret") }
                .retryPolicy { null }
                .callbackExecutor { it.run() }
                .tls(Tls.system())
                .build().use { cache ->
                    val text = cache.settings().toString()
                    text shouldContain "servers=[a:1, b:2]"
                    text shouldContain "requestTimeout=PT0.5S"
                    text shouldContain "credentials=set"
                    text shouldContain "retryPolicy=a lambda"
                    for (hidden in listOf("secret", "somebody", "@", "Lambda", "0x")) text shouldNotContain hidden
                    cache.toString() shouldBe "BlockingMemcachedClient[a:1, b:2]"
                    cache.async().toString() shouldBe "AsyncMemcachedClient[a:1, b:2]"
                }
            MemcachedClient("a:1").use { it.toString() shouldBe "MemcachedClient[a:1]" }
        }

        test("an exception of a call that suspended shows who called") {
            MemcachedServer.start().use { server ->
                MemcachedClient(server.address().toString()) { requestTimeout = 5.seconds }.use { cache ->
                    cache.set("k", "no number")
                    val failure = runCatching { outer(cache) }.exceptionOrNull() as NotANumberException
                    for (name in listOf("inner", "outer")) {
                        failure.stackTrace.filter { it.toString().contains("MessagesTestKt") && name in it.toString() }
                            .shouldNotBeEmpty()
                    }
                    failure.stackTrace.toSet().size shouldBe failure.stackTrace.size
                }
            }
        }

        test("a client in clear to a server that wants TLS is told so") {
            val folder = Files.createTempDirectory("cachewire-messages")
            CertificateAuthority().issue("localhost").write(folder)
            MemcachedServer.with().tls(folder.resolve("chain.pem"), folder.resolve("key.pem")).start().use { server ->
                MemcachedClient(server.address().toString()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 4.seconds
                }.use { cache ->
                    val failure = runCatching { cache.get<String>("k") }.exceptionOrNull()
                    failure!!.message!! shouldContain "TLS"
                }
            }
        }
    })

private suspend fun outer(cache: MemcachedClient): Long? = inner(cache).let { it?.plus(1) }

private suspend fun inner(cache: MemcachedClient): Long? {
    val count = withContext(Dispatchers.Default) { cache.increment("k") }
    return count?.plus(1)
}
