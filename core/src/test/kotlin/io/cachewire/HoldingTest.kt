package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Engine
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
import java.lang.reflect.Proxy
import java.util.concurrent.Executors

private class ManualCall : Call<String>() {
    fun end() = end("answer")

    override fun decode(ended: Any) = ended as String

    override fun withdraw() = Unit
}

/** An engine whose I/O thread is the one that ends the calls; it tells what was asked of it. */
private class TurnEngine(
    rest: Engine = Proxy.newProxyInstance(
        Engine::class.java.classLoader,
        arrayOf(Engine::class.java),
    ) { _, method, _ -> throw UnsupportedOperationException(method.name) } as Engine,
) : Engine by rest {
    val told = ArrayList<String>()
    var turnEnd: Runnable? = null
    private val held = ThreadLocal<Engine.Held>()

    override fun isIoThread() = turnEnd != null

    override fun atEndOfTurn(step: Runnable) {
        turnEnd = step
    }

    override fun soon(step: Runnable) = true

    override fun onIoThread(step: Runnable) = step.run()

    override fun nanos() = 0L

    override fun heldWrites(): Engine.Held? = held.get()

    override fun holdWrites(dispatcher: Any): Engine.Held = object : Engine.Held {
        private val mine = dispatcher

        init {
            held.set(this)
        }

        override fun isOf(dispatcher: Any) = dispatcher === mine

        override fun hold(holds: Boolean) {
            told += "hold $holds"
        }

        override fun write() = Unit

        override fun close() {
            told += "close"
            held.remove()
        }
    }

    /** Ends calls in one turn. */
    fun answer(calls: List<ManualCall>) {
        turnEnd = Runnable {}
        calls.forEach { it.end() }
        turnEnd!!.run()
        turnEnd = null
    }
}

/** Whose requests may wait for those of others: coroutines that were resumed together and suspend at once. */
class HoldingTest :
    FunSpec({
        suspend fun told(then: suspend (Resumptions, () -> ManualCall) -> Unit): List<String> {
            val engine = TurnEngine()
            val resumptions = Resumptions(engine)
            val answered = { ManualCall().also { it.end() } }
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
                    engine.answer(calls)
                    all.awaitAll()
                    // what resumed them has come to its end
                    withContext(one) {}
                }
            }
            return engine.told
        }

        test("each that was resumed with others may have its next request kept back, and then all are written") {
            told { resumptions, call -> resumptions.await { call() } shouldBe "answer" } shouldContainExactly
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
                runBlocking { resumptions.await { call() } shouldBe "answer" }
            } shouldContainExactly
                listOf("close")
        }
    })
