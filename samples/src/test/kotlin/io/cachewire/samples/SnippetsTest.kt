package io.cachewire.samples

import io.cachewire.BlockingMemcachedClient
import io.cachewire.FailureMode
import io.cachewire.IllegalKeyException
import io.cachewire.MemcachedClient
import io.cachewire.embedded.EmbeddedMemcached
import io.cachewire.serialization.java.JavaSerde
import io.cachewire.serialization.json.JsonSerde
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.maps.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds
import com.example.User as JavaUser

/** Runs the code that the documentation shows. */
class SnippetsTest :
    FunSpec({
        val one = EmbeddedMemcached.start()
        val two = EmbeddedMemcached.start()
        afterSpec {
            one.close()
            two.close()
        }

        val cache =
            MemcachedClient(one.address()) {
                serde = JsonSerde()
                requestTimeout = 5.seconds
            }
        val java =
            BlockingMemcachedClient
                .builder(two.address())
                .serde(JavaSerde.allowing("com.example.**"))
                .requestTimeout(java.time.Duration.ofSeconds(5))
                .build()
        afterSpec {
            cache.close()
            java.close()
        }
        beforeTest {
            cache.flushAll()
            java.flushAll()
        }

        suspend fun count(statistic: String): Int =
            (cache.stats().values + java.stats().values).sumOf { it.getValue(statistic).toInt() }

        test("the Kotlin snippet of the design page") {
            val casBefore = count("cas_hits")
            val flushesBefore = count("cmd_flush")
            // the classes are loaded by now, for its time is short
            cache.get("k", io.cachewire.valueType<User>()).shouldBeNull()
            val user = DesignSnippets(mapOf("cache-1:11211" to one.address(), "cache-2:11211" to two.address())).run()
            user shouldBe User(1, "Ada")
            // cas and update were both taken, and both servers were emptied at the end
            count("cas_hits") - casBefore shouldBe 2
            count("cmd_flush") - flushesBefore shouldBe 2
        }

        test("the Java snippet of the design page") {
            java.get("k", JavaUser::class.java).shouldBeNull()
            val found = DesignSnippetsJava(mapOf("cache-1:11211" to two.address())).run(JavaUser(1, "Ada"))
            found shouldContainExactly mapOf("user:1" to JavaUser(1, "Ada"))
        }

        context("the Kotlin guide") {
            test("settings") {
                GuideKotlin.settings().use { it.settings().servers()[1].weight() shouldBe 2 }
                GuideKotlin.copy(cache).use {
                    it.settings().failureMode() shouldBe FailureMode.MISS
                    it.settings().requestTimeout() shouldBe cache.settings().requestTimeout()
                }
                GuideKotlin.misses().use { it.get("k", io.cachewire.valueType<String>()).shouldBeNull() }
            }

            test("calls") {
                GuideKotlin.readAndWrite(cache)!!.value shouldBe User(1, "Ada")
                GuideKotlin.severalKeys(cache) shouldContainExactly mapOf(1L to User(1, "Ada"), 2L to User(2, "Grace"))
                GuideKotlin.eachKey(cache) shouldHaveSize 2
                GuideKotlin.counters(cache) shouldBe 0L
                GuideKotlin.compareAndSet(cache) shouldBe User(1, "Edsger")
                GuideKotlin.namespaces(cache) shouldBe User(1, "Augusta")
                GuideKotlin.timeouts(cache) shouldBe User(1, "Edsger")
                GuideKotlin.errors(cache) shouldBe User(1, "Edsger")
                GuideKotlin.writeErrors(cache) shouldBe true
                GuideKotlin.partialResults(cache) shouldHaveSize 2
                GuideKotlin.types(cache) shouldBe listOf(User(1, "Ada"))
                GuideKotlin.servers(cache) shouldContainExactly mapOf(one.address() to "1.6.18")
                GuideKotlin.fireAndForget(cache)
                // on the same connection, so behind the quiet delete
                cache.get("user:1", io.cachewire.valueType<User>()).shouldBeNull()
            }

            test("errors of a server that is gone") {
                MemcachedClient("127.0.0.1:1") { serde = JsonSerde() }.use { gone ->
                    GuideKotlin.errors(gone).shouldBeNull()
                    GuideKotlin.writeErrors(gone) shouldBe false
                    GuideKotlin.partialResults(gone).shouldBeEmpty()
                }
            }
        }

        test("the page on Jackson") {
            GuideJackson.settings(two.address()).use { jackson ->
                GuideJackson.types(jackson) shouldBe listOf(JavaUser(1, "Ada"))
                GuideJackson.anyJson(jackson).toString() shouldBe """[{"id":1,"name":"Ada"}]"""
                GuideJackson.subtypes(jackson).toString() shouldBe "Card[number=4000]"
                String(jackson.get("payment:1", ByteArray::class.java)!!) shouldBe
                    """{"type":"card","number":"4000"}"""
            }
            GuideJackson.ownMapper().encodes(io.cachewire.ValueType.of(JavaUser::class.java)) shouldBe true
            GuideJackson.limits().encodes(io.cachewire.ValueType.of(JavaUser::class.java)) shouldBe true
        }

        context("the Java guide") {
            test("settings") {
                GuideJava.settings().use { it.settings().servers()[1].weight() shouldBe 2 }
                GuideJava.copy(java).use {
                    it.settings().failureMode() shouldBe FailureMode.MISS
                    it.settings().requestTimeout() shouldBe java.settings().requestTimeout()
                }
                GuideJava.misses().use { it.get("k", String::class.java).shouldBeNull() }
                val workers = Executors.newSingleThreadExecutor()
                GuideJava.async(workers).use { it.settings().callbackExecutor() shouldBe workers }
                workers.shutdown()
            }

            test("calls") {
                GuideJava.readAndWrite(java)!!.value() shouldBe JavaUser(1, "Ada")
                GuideJava.types(java) shouldBe listOf(JavaUser(1, "Ada"))
                GuideJava.severalKeys(java) shouldHaveSize 2
                GuideJava.eachKey(java) shouldHaveSize 2
                GuideJava.counters(java) shouldBe 0L
                GuideJava.compareAndSet(java) shouldBe JavaUser(1, "Edsger")
                GuideJava.namespaces(java) shouldBe JavaUser(1, "Augusta")
                GuideJava.placement(java) shouldBe JavaUser(1, "Ada")
                GuideJava.timeouts(java) shouldBe JavaUser(1, "Ada")
                GuideJava.futures(java).get(5, TimeUnit.SECONDS) shouldBe "Ada"
                GuideJava.errors(java) shouldBe JavaUser(1, "Ada")
                GuideJava.writeErrors(java) shouldBe true
                GuideJava.partialResults(java) shouldHaveSize 2
                GuideJava.servers(java) shouldHaveSize 1
                GuideJava.fireAndForget(java)
                java.get("user:1", JavaUser::class.java).shouldBeNull()
            }

            test("errors of a server that is gone") {
                BlockingMemcachedClient.builder("127.0.0.1:1").build().use { gone ->
                    GuideJava.errors(gone).shouldBeNull()
                    GuideJava.partialResults(gone).shouldBeEmpty()
                }
            }
        }

        test("the right-hand sides for people who come from another client") {
            ComingFrom.settings().onEach { it.close() } shouldHaveSize 4
            ComingFrom.copy(cache).use { it.settings().requestTimeout().toSeconds() shouldBe 2 }
            ComingFrom.strings(cache)
            ComingFrom.placement(cache)
            ComingFrom.severalKeys(cache)
            ComingFrom.counters(cache)
            ComingFrom.servers(cache)
            ComingFrom.copy(cache).use {
                ComingFrom.otherServers(it)
                it.cluster().servers().map { state -> state.address().host() } shouldBe listOf("10.0.0.1", "10.0.0.3")
            }
            ComingFrom.keys() shouldBe IllegalKeyException.Reason.ILLEGAL_CHARACTER
        }
    })
