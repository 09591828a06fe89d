package io.cachewire

import io.cachewire.internal.call.ManualTurns
import io.cachewire.internal.call.Resumptions
import io.cachewire.internal.call.Wakeups
import io.cachewire.internal.operation.ManualCall
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.Executors

/** Whose requests may wait for those of others: coroutines that were resumed together and suspend at once. */
class HoldingTest :
    FunSpec({
        suspend fun told(then: suspend (Resumptions, () -> ManualCall) -> Unit): List<String> {
            val turns = ManualTurns()
            val resumptions = Resumptions(Wakeups(turns))
            val answered = { ManualCall().also { it.endWith("answer") } }
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { one ->
                coroutineScope {
                    val calls = List(2) { ManualCall() }
                    val all =
                        calls.map {
                            async(one, CoroutineStart.UNDISPATCHED) {
                                resumptions.await { it }
                                then(resumptions, answered)
                            }
                        }
                    turns.take { calls.forEach { it.endWith("answer") } }
                    all.awaitAll()
                    // what resumed them has come to its end
                    withContext(one) {}
                }
            }
            return turns.told()
        }

        test("each that was resumed with others may have its next request kept back, and then all are written") {
            told { resumptions, call -> resumptions.await { call() } shouldBe "decoded answer" } shouldContainExactly
                listOf("hold true", "hold false", "hold true", "hold false", "close")
        }

        test("what fails to be submitted ends the keeping back") {
            told { resumptions, _ ->
                runCatching {
                    resumptions.await<String> { throw IllegalRequestException("for the test") }
                }.isFailure shouldBe true
            } shouldContainExactly listOf("hold true", "hold false", "hold true", "hold false", "close")
        }

        test("one that blocks its thread in an event loop of its own has nothing kept back") {
            told { resumptions, call ->
                runBlocking { resumptions.await { call() } shouldBe "decoded answer" }
            } shouldContainExactly
                listOf("close")
        }
    })
