package io.cachewire.oracle

import io.cachewire.oracle.Outcome.Answer
import io.cachewire.oracle.Outcome.Refused
import io.cachewire.oracle.Outcome.Unknown

/**
 * A key that its one owner sets and deletes in turn: after an acknowledged delete it is gone, until the next set begins. What
 * is of unknown fate may come to pass at any later time, so the owner then goes on with a fresh name.
 */
internal class DeletedKey(
    private val base: String,
    private val field: Field,
) {
    /** One name, and what the owner knows of it; each state is an object of its own, so that readers see a change. */
    private class State(
        val name: String,
        val there: Boolean?,
        val life: Long,
    )

    private var names = 0

    @Volatile
    private var state = fresh()

    val name: String get() = state.name

    private fun fresh() = State(field.key("$base.${names++}"), there = false, field.lives.now())

    suspend fun turn(caller: Caller) {
        set(caller)
        delete(caller)
    }

    private suspend fun set(caller: Caller) {
        val name = state.name
        val life = field.lives.now()
        state = State(name, there = null, life)
        val value = Payload(field.run, name, 0, caller.random.nextLong(1, Long.MAX_VALUE))
        when (caller.call("set", name) { caller.cache.set(name, value) }) {
            is Answer -> state = State(name, there = true, life)
            is Refused -> state = State(name, there = null, life)
            Unknown -> state = fresh()
        }
    }

    private suspend fun delete(caller: Caller) {
        val before = state
        val name = before.name
        state = State(name, there = null, before.life)
        when (val deleted = caller.call("delete", name) { caller.cache.delete(name) }) {
            is Answer -> {
                field.tally.checked.increment()
                val expected = if (before.there == true && !field.lives.isStill(before.life)) null else before.there
                if (expected != null && deleted.value != expected) {
                    field.findings.report(
                        Invariant.DELETED,
                        name,
                        "delete by ${caller.name} said ${deleted.value}; there: $expected",
                    )
                }
                state = State(name, there = false, before.life)
            }

            // the next set starts from there
            is Refused -> Unit

            // it may come to pass after the next set
            Unknown -> state = fresh()
        }
    }

    /** One read. */
    suspend fun read(caller: Caller) {
        val before = state
        val read = caller.call("get", before.name) { caller.cache.get(before.name) } as? Answer ?: return
        field.tally.checked.increment()
        val seen = read.value
        if (seen != null) field.own(before.name, seen)
        if (state !== before) return
        if (before.there == false && seen != null) {
            field.findings.report(
                Invariant.DELETED,
                before.name,
                "${caller.name} read ${seen.payload} after its delete",
            )
        }
        if (before.there == true && seen == null && field.lives.isStill(before.life)) {
            field.findings.report(Invariant.HONEST, before.name, "${caller.name} missed what nothing had taken away")
        }
    }
}
