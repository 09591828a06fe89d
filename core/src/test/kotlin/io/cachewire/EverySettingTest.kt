package io.cachewire

import io.cachewire.observe.ClientListener
import io.cachewire.routing.RoutingPreset
import io.cachewire.serde.Compression
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.RawSerde
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import java.time.Instant
import java.util.concurrent.Executor
import kotlin.reflect.KMutableProperty1
import kotlin.reflect.full.declaredMemberProperties
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

private val PRESET = ClientPreset { it.longKeys(LongKeys.HASH).locator(RoutingPreset.PYMEMCACHE) }

/** A value of each setting that is not its default. */
private val SAMPLES: Map<String, Any> =
    mapOf(
        "servers" to listOf(ServerAddress.parse("a:1"), ServerAddress.parse("b:2:3")),
        "locator" to RoutingPreset.PYMEMCACHE,
        "tls" to Tls.system(),
        "protocol" to Protocol.TEXT,
        "credentials" to CredentialsProvider { Credentials.of("user", "secret") },
        "cleartextCredentials" to CleartextCredentials.entries.last(),
        "connectionsPerServer" to 3,
        "interop" to PRESET,
        "serde" to RawSerde(FlagScheme.DEFAULT),
        "serdes" to listOf(RawSerde(FlagScheme.DEFAULT), RawSerde(FlagScheme.DEFAULT)),
        "flagScheme" to FlagScheme.builder().build(),
        "compression" to Compression.gzip(100, 5),
        "keyEncoding" to KeyEncoding.UTF8,
        "longKeys" to LongKeys.HASH,
        "keyRewriting" to KeyRewriting { key, _ -> key },
        "namespace" to "app:",
        "namespaceRouting" to NamespaceRouting.NOT_HASHED,
        "defaultTtl" to 3.minutes,
        "defaultExpiry" to Expiry.at(Instant.parse("2030-01-01T00:00:00Z")),
        "requestTimeout" to 123.milliseconds,
        "connectTimeout" to 124.milliseconds,
        "stallTimeout" to 125.milliseconds,
        "maxPendingRequests" to 128,
        "maxPendingBytes" to 129_000L,
        "memoryBudget" to (130L shl 20),
        "maxValueBytes" to 131,
        "updateAttempts" to 132,
        "maxInFlight" to 134,
        "undecodable" to Undecodable.MISS,
        "writeFailures" to WriteFailures.IGNORE,
        "failureMode" to FailureMode.MISS,
        "failureLimit" to 133,
        "gutter" to Gutter(listOf(ServerAddress.parse("g:1")), java.time.Duration.ofMinutes(1)),
        "retryPolicy" to RetryPolicy.never(),
        "callbackExecutor" to Executor { it.run() },
        "listeners" to listOf(object : ClientListener {}),
    )

private val PROPERTIES =
    MemcachedClientConfig::class.declaredMemberProperties
        .filterIsInstance<KMutableProperty1<MemcachedClientConfig, Any?>>()

private fun sample(name: String) = SAMPLES[name] ?: error("no sample of $name")

/** A client for each setting, with that alone. */
private fun clients(): Map<String, MemcachedClient> = PROPERTIES.associate { property ->
    property.name to
        MemcachedClient("x:1") { property.set(this, sample(property.name)) }
}

/** Every setting reads back what was set, wherever it can be read. Generated over all settings, so that a new one is in it. */
class EverySettingTest :
    FunSpec({
        test("every property of the Kotlin configuration reads back what is set") {
            PROPERTIES.size shouldBeGreaterThan 25
            for (property in PROPERTIES) {
                withClue(property.name) {
                    MemcachedClient("x:1") {
                        if (property.name != "servers") property.get(this) shouldNotBe sample(property.name)
                        property.set(this, sample(property.name))
                        property.get(this) shouldBe sample(property.name)
                    }.close()
                }
            }
        }

        test("a copy in which a property is set to itself has the same settings") {
            for ((name, client) in clients()) {
                client.use { original ->
                    for (property in PROPERTIES) {
                        withClue("$name, then ${property.name}") {
                            var read: Any? = null
                            original.copy {
                                read = property.get(this)
                                property.set(this, read)
                            }.use { it.settings() shouldBe original.settings() }
                            if (property.name == name) read shouldBe sample(name)
                        }
                    }
                }
            }
        }

        test("a property that is taken away again reads as null") {
            MemcachedClient("x:1") {
                tls = Tls.system()
                credentials = CredentialsProvider { Credentials.of("user", "secret") }
                serde = RawSerde(FlagScheme.DEFAULT)
                defaultTtl = 3.minutes
                tls = null
                credentials = null
                serde = null
                defaultTtl = null
                tls shouldBe null
                credentials shouldBe null
                serdes.shouldBeEmpty()
                defaultExpiry shouldBe Expiry.never()
            }.close()
        }

        test("what is set after a preset stays when the preset is set again") {
            MemcachedClient("x:1") {
                interop = PRESET
                longKeys = LongKeys.REFUSE
            }.use { client ->
                client.copy { interop = interop }.use { it.settings().longKeys() shouldBe LongKeys.REFUSE }
            }
        }

        test("every setting has its method in the builder, its property in Kotlin, and is taken over by a copy") {
            val settings = Setting.all().map { it.name() }
            for (name in settings - setOf("backoff", "servers")) {
                withClue(name) {
                    val method =
                        ClientBuilder::class.java.methods.filter { it.name == name && it.parameterCount == 1 }
                    val value = sample(name).let {
                        if (it is kotlin.time.Duration) java.time.Duration.ofMillis(it.inWholeMilliseconds) else it
                    }
                    val builder = BlockingMemcachedClient.builder("x:1")
                    method.single { !it.isVarArgs }.invoke(builder, value)
                    val client = builder.build()
                    val set = ClientSettings::class.java.getMethod(name).invoke(client.settings())
                    set shouldBe value
                    BlockingMemcachedClient.builder(client.settings()).build().use {
                        it.settings() shouldBe
                            client.settings()
                    }
                    AsyncMemcachedClient.builder(client.settings()).build().use {
                        it.settings() shouldBe
                            client.settings()
                    }
                    client.close()
                }
            }
            // those two are functions there, of two parts each
            (settings - PROPERTIES.map { it.name }.toSet()).toSet() shouldBe setOf("backoff", "gutter")
        }
    })
