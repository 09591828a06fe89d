package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import java.time.Instant
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The recipes on a real memcached: what they do, and what becomes of them when their holder dies. */
class RecipesTest :
    FunSpec({
        val server = MemcachedServer.start()
        val cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
        afterSpec {
            cache.close()
            server.close()
        }
        beforeTest { cache.flushAll() }

        /** A program that holds what it was told to, and is killed. */
        fun killedHolder(what: String, name: String) {
            val java = ProcessHandle.current().info().command().get()
            val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
            val program = listOf("-cp", classPath, "io.cachewire.samples.Recipes")
            val process = ProcessBuilder(listOf(java) + program + listOf(server.address().toString(), what, name))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
            try {
                process.inputReader().readLine() shouldBe "held"
            } finally {
                process.destroyForcibly().waitFor()
            }
        }

        test("a limiter lets the limit pass in each window") {
            val now = Instant.ofEpochSecond(6_000_000)
            (1..5).map { Recipes.allowed(cache, "ada", 3, now) } shouldBe listOf(true, true, true, false, false)
            Recipes.allowed(cache, "grace", 3, now) shouldBe true
            Recipes.allowed(cache, "ada", 3, now.plusSeconds(60)) shouldBe true
        }

        test("of two that work at once one does, and the lock is free when it is done or fails") {
            coroutineScope {
                val started = CompletableDeferred<Unit>()
                val end = CompletableDeferred<Unit>()
                val one = async {
                    Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) {
                        started.complete(Unit)
                        end.await()
                        "one"
                    }
                }
                started.await()
                Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) { "two" }.shouldBeNull()
                end.complete(Unit)
                one.await() shouldBe "one"
            }
            shouldThrow<IllegalStateException> { Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) { error("failed") } }
            Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) { "three" } shouldBe "three"
        }

        test("who comes too late does not end the lock of another") {
            Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) {
                cache.delete("lock:job") // evicted
                cache.set("lock:job", "of another")
            }
            cache.get<String>("lock:job") shouldBe "of another"
        }

        test("the lock of a holder that was killed is held for its time and free after it") {
            killedHolder("lock", "job")
            Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) { "two" }.shouldBeNull()
            eventually(20.seconds) { Recipes.ifNobodyElseDoes(cache, "job", 1.minutes) { "two" } shouldBe "two" }
        }

        test("a request is worked on once, and its result is told again") {
            var runs = 0
            repeat(3) { Recipes.once(cache, "payment-1") { "receipt ${++runs}" } shouldBe "receipt 1" }
            runs shouldBe 1
        }

        test("a request whose holder was killed is pending, and is worked on again when its time is over") {
            killedHolder("once", "payment-2")
            Recipes.once(cache, "payment-2") { "receipt" }.shouldBeNull()
            cache.touch("once:payment-2", 1.seconds)
            eventually(10.seconds) { Recipes.once(cache, "payment-2") { "receipt" } shouldBe "receipt" }
        }

        test("a result that comes too late is not stored") {
            shouldThrow<IllegalStateException> {
                Recipes.once(cache, "payment-3") {
                    cache.set("once:payment-3", "done by another")
                    "late"
                }
            }
            cache.get<String>("once:payment-3") shouldBe "done by another"
        }

        test("a session slides, a counter counts, and what is absent is remembered") {
            cache.set("session:1", "ada", 1.minutes)
            Recipes.session(cache, "1") shouldBe "ada"
            Recipes.session(cache, "2").shouldBeNull()
            listOf(Recipes.views(cache, "a"), Recipes.views(cache, "a")) shouldBe listOf(1L, 2L)
            var asked = 0
            repeat(3) {
                Recipes.user(cache, 1) {
                    asked++
                    null
                }.shouldBeNull()
            }
            asked shouldBe 1
        }
    })
