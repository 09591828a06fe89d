package io.cachewire.oracle

import io.cachewire.meta.MetaValue
import io.cachewire.oracle.Outcome.Answer
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicInteger

/** A fresh key that several callers ask for at the same time, each willing to fill it: one of them is given the turn. */
internal class LeaseKey(
    private val key: String,
    private val field: Field,
) {
    private val life = field.lives.now()
    private val wins = AtomicInteger()

    @Volatile
    private var winner = NOBODY

    @Volatile
    private var stored = false

    private val isWhole: Boolean get() = this.field.lives.isStill(life)

    suspend fun live(callers: List<Caller>) {
        coroutineScope {
            callers.forEachIndexed { index, caller ->
                launch { repeat(QUESTIONS) { if (field.goesOn) ask(caller, index) } }
            }
        }
        val owner = callers.first()
        owner.call("delete", key) { owner.cache.delete(key) }
    }

    private suspend fun ask(caller: Caller, index: Int) {
        val wasStored = stored
        val answer = caller.call("lease", key) { caller.cache.lease(key) } as? Answer ?: return
        field.tally.checked.increment()
        val got = answer.value
        got.item()?.let { judge(it.value(), caller) }
        if (got is MetaValue.Win) {
            if (wins.incrementAndGet() > 1 && isWhole) {
                field.findings.report(Invariant.LEASE, key, "${caller.name} was given the turn, as another one was")
            }
            fill(caller, index)
        } else if (got is MetaValue.Miss && isWhole) {
            field.findings.report(Invariant.HONEST, key, "${caller.name} missed, and was not given the turn")
        } else if (got !is MetaValue.Hit && wasStored && isWhole) {
            field.findings.report(Invariant.HONEST, key, "${caller.name} got no hit, though the winner has stored")
        }
    }

    private suspend fun fill(caller: Caller, index: Int) {
        winner = index
        val value = Payload(field.run, key, index, 1)
        if (caller.call("set", key) { caller.cache.set(key, value) } is Answer) stored = true
    }

    private fun judge(seen: Seen, caller: Caller) {
        val payload = field.own(key, seen) ?: return
        if (isWhole && payload.writer != winner) {
            field.findings.report(Invariant.REAL, key, "${caller.name} read $payload; the turn was that of $winner")
        }
    }

    private companion object {
        const val NOBODY = -1
        const val QUESTIONS = 8
    }
}
