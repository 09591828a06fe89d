package io.cachewire.oracle

import io.cachewire.CasResult
import io.cachewire.oracle.Outcome.Answer

/** All keys of a round, and what one reader may do with them. */
internal class World(
    private val field: Field,
) {
    val singleWriter = List(SINGLE_WRITERS * KEYS_EACH) {
        SingleWriterKey(field.key("S$it"), it % SINGLE_WRITERS, field)
    }
    val manyWriters = List(KEYS_EACH) { ManyWriterKey(field.key("M$it"), MANY_WRITERS, field) }
    val chains = List(CHAINS) { CasChain(field.key("X$it"), field) }
    val deleted = List(DELETED) { DeletedKey("D$it", field) }
    private val never = List(NEVER) { field.key("N$it") }
    private val byName =
        singleWriter.associateBy { it.name } + manyWriters.associateBy { it.name } + chains.associateBy { it.name }
    private val names = byName.keys.toList()

    /** One call of a reader. */
    suspend fun read(caller: Caller) {
        when (caller.random.nextInt(20)) {
            in 0..6 -> readOne(caller, singleWriter.random(caller.random))

            in 7..8 -> readMany(caller)

            in 9..10 -> manyWriters.random(caller.random).let { key ->
                get(caller, key.name) { key.judge(it, caller.name) }
            }

            in 11..12 -> readChain(caller, chains.random(caller.random))

            13 -> deleted.random(caller.random).read(caller)

            14 -> touch(caller, singleWriter.random(caller.random))

            else -> askForNothing(caller, never.random(caller.random))
        }
    }

    private suspend fun readOne(caller: Caller, key: SingleWriterKey) {
        val since = key.expectation()
        get(caller, key.name) { key.judge(it, since, caller.name) }
    }

    private suspend fun readChain(caller: Caller, key: CasChain) {
        val since = field.lives.now()
        get(caller, key.name) { key.judge(it, since, caller.name) }
    }

    /** Any of the verbs that give a value. */
    private suspend fun get(caller: Caller, key: String, judge: (Seen?) -> Unit) {
        val cache = caller.cache
        val read =
            when (caller.random.nextInt(6)) {
                0 -> caller.call("gets", key) { cache.gets(key)?.value }
                1 -> caller.call("item", key) { cache.item(key)?.value }
                2 -> caller.call("getAndTouch", key) { cache.getAndTouch(key) }
                else -> caller.call("get", key) { cache.get(key) }
            }
        if (read is Answer) judge(read.value)
    }

    private suspend fun touch(caller: Caller, key: SingleWriterKey) {
        val since = key.expectation()
        val touched = caller.call("touch", key.name) { caller.cache.touch(key.name) } as? Answer ?: return
        field.tally.checked.increment()
        key.judgeThere(touched.value, since, caller.name)
    }

    private suspend fun readMany(caller: Caller) {
        val random = caller.random
        val count = if (random.nextInt(10) == 0) random.nextInt(1, 101) else random.nextInt(1, 12)
        val keys = List(count) { if (random.nextInt(4) == 0) never.random(random) else names.random(random) }
        val fresh = keys.mapNotNull { byName[it] as? SingleWriterKey }.associateWith { it.expectation() }
        val life = field.lives.now()
        val many = caller.call("getAll", "$count keys") { caller.cache.getAll(keys) } as? Answer ?: return
        val got = many.value
        val answered = got.hits.keys + got.missing + got.failed.keys
        if (answered != keys.toSet() || got.size() != answered.size) {
            field.findings.report(Invariant.MULTI, "$count keys", "asked for ${keys.toSet()}, answered $answered")
        }
        (got.hits.keys + got.missing).forEach { name ->
            val seen = got.hits[name]
            when (val key = byName[name]) {
                is SingleWriterKey -> key.judge(seen, fresh.getValue(key), caller.name)
                is ManyWriterKey -> key.judge(seen, caller.name)
                is CasChain -> key.judge(seen, life, caller.name)
                else -> absent(caller, "getAll", name, seen == null)
            }
        }
    }

    /** Verbs of every kind on a key that is never there, so that an answer to somebody else's request shows. */
    private suspend fun askForNothing(caller: Caller, key: String) {
        val cache = caller.cache
        val value = Payload(field.run, key, 0, 1)
        val (verb, answer) =
            when (caller.random.nextInt(12)) {
                0 -> "touch" to caller.call("touch", key) { !cache.touch(key) }
                1 -> "delete" to caller.call("delete", key) { !cache.delete(key) }
                2 -> "increment" to caller.call("increment", key) { cache.increment(key) == null }
                3 -> "decrement" to caller.call("decrement", key) { cache.decrement(key) == null }
                4 -> "replace" to caller.call("replace", key) { !cache.replace(key, value) }
                5 -> "append" to caller.call("append", key) { !cache.append(key, "x") }
                6 -> "cas" to caller.call("cas", key) { cache.cas(key, value, 1) == CasResult.NOT_FOUND }
                7 -> "getAndTouch" to caller.call("getAndTouch", key) { cache.getAndTouch(key) == null }
                8 -> "item" to caller.call("item", key) { cache.item(key) == null }
                9 -> "gets" to caller.call("gets", key) { cache.gets(key) == null }
                else -> "get" to caller.call("get", key) { cache.get(key) == null }
            }
        if (answer is Answer) absent(caller, verb, key, answer.value)
    }

    private fun absent(caller: Caller, verb: String, key: String, isAbsent: Boolean) {
        field.tally.checked.increment()
        if (!isAbsent) {
            field.findings.report(Invariant.GHOST, key, "$verb by ${caller.name} found what was never written")
        }
    }

    companion object {
        const val SINGLE_WRITERS = 6
        const val MANY_WRITERS = 4
        const val CHAINS = 2
        const val DELETED = 4
        const val KEYS_EACH = 8
        private const val NEVER = 16
    }
}
