package io.cachewire.oracle

import io.cachewire.oracle.Outcome.Answer
import io.cachewire.oracle.Outcome.Refused
import io.cachewire.oracle.Outcome.Unknown
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** How a fresh key is used: made, written by several callers at the same time, read when they have ended, judged. */
internal abstract class ShortLivedKey(
    protected val key: String,
    protected val field: Field,
) {
    private val life = field.lives.now()

    /** True while nothing but the callers has changed the key. */
    protected val isWhole: Boolean get() = this.field.lives.isStill(life)

    protected abstract val first: String

    protected abstract suspend fun write(caller: Caller, index: Int)

    protected abstract fun judge(last: String)

    suspend fun live(callers: List<Caller>) {
        val owner = callers.first()
        // an add that may or may not have come to pass would make the rest guesswork
        val made = owner.call("add", key) { owner.cache.add(key, first) }
        if (made !is Answer || !made.value) {
            if (made is Answer) field.findings.report(Invariant.GHOST, key, "add found a key that nobody had used")
            return
        }
        coroutineScope {
            callers.forEachIndexed { index, caller ->
                launch { repeat(WRITES) { if (field.goesOn) write(caller, index) } }
            }
        }
        while (field.goesOn) {
            val read = owner.call("get", key) { owner.cache.text(key) } as? Answer ?: continue
            field.tally.checked.increment()
            val last = read.value
            if (last != null) {
                judge(last)
            } else if (isWhole) {
                field.findings.report(Invariant.HONEST, key, "${owner.name} missed a key that nothing has taken away")
            }
            break
        }
        owner.call("delete", key) { owner.cache.delete(key) }
    }

    /** What a write says that found nothing. */
    protected fun missed(verb: String, caller: Caller) {
        if (isWhole) {
            field.findings.report(
                Invariant.HONEST,
                key,
                "$verb by ${caller.name} missed; nothing has taken the key away",
            )
        }
    }

    private companion object {
        const val WRITES = 30
    }
}

/** Steps up from 0 or down from a million: acknowledged steps are counted, no step twice, and each gives a number of its own. */
internal class Counter(
    key: String,
    private val up: Boolean,
    field: Field,
) : ShortLivedKey(key, field) {
    private val acked = AtomicInteger()
    private val unknown = AtomicInteger()
    private val given = ConcurrentHashMap<Long, String>()

    override val first = if (up) "0" else MILLION.toString()

    override suspend fun write(caller: Caller, index: Int) {
        val verb = if (up) "increment" else "decrement"
        val step =
            caller.call(verb, key) { if (up) caller.cache.increment(key) else caller.cache.decrement(key) }
        when (step) {
            is Answer -> {
                field.tally.checked.increment()
                val number = step.value
                if (number == null) {
                    missed(verb, caller)
                } else {
                    acked.incrementAndGet()
                    val other = given.putIfAbsent(number, caller.name)
                    if (other != null) {
                        field.findings.report(
                            Invariant.COUNT,
                            key,
                            "$verb gave $number to $other and to ${caller.name}",
                        )
                    }
                }
            }

            is Refused -> Unit

            Unknown -> unknown.incrementAndGet()
        }
    }

    override fun judge(last: String) {
        // the server pads with blanks when a number becomes shorter
        val number = last.trim().toLongOrNull()
        val steps = if (up) number else number?.let { MILLION - it }
        if (!isWhole && steps != null && steps <= acked.get() + unknown.get()) return
        if (steps == null || steps < acked.get() || steps > acked.get() + unknown.get()) {
            field.findings.report(
                Invariant.COUNT,
                key,
                "from $first to \"${last.take(
                    40,
                )}\" with ${acked.get()} acknowledged and ${unknown.get()} unknown steps",
            )
        }
    }

    private companion object {
        const val MILLION = 1_000_000L
    }
}

/** Tokens that several callers append: each at most once, the acknowledged ones of a caller in order, none that was refused. */
internal class AppendLog(
    key: String,
    field: Field,
) : ShortLivedKey(key, field) {
    private enum class Fate { ACKED, UNKNOWN, REFUSED }

    private val fates = ConcurrentHashMap<String, Fate>()
    private val numbers = AtomicLong()

    override val first = "log:"

    override suspend fun write(caller: Caller, index: Int) {
        val token = "[$index:${numbers.incrementAndGet()}]"
        when (val appended = caller.call("append", key) { caller.cache.append(key, token) }) {
            is Answer -> {
                field.tally.checked.increment()
                if (appended.value) {
                    fates[token] = Fate.ACKED
                } else {
                    fates[token] = Fate.REFUSED
                    missed("append", caller)
                }
            }

            is Refused -> fates[token] = Fate.REFUSED

            Unknown -> fates[token] = Fate.UNKNOWN
        }
    }

    override fun judge(last: String) {
        val wrong = fault(last) ?: return
        field.findings.report(Invariant.LOG, key, "$wrong in \"${last.take(2000)}\"")
    }

    private fun fault(last: String): String? {
        if (!last.startsWith(first)) return "foreign beginning"
        val rest = last.substring(first.length)
        val tokens = TOKEN.findAll(rest).map { it.value }.toList()
        if (tokens.joinToString("") != rest) return "foreign bytes"
        tokens.groupingBy { it }.eachCount().forEach { (token, count) -> if (count > 1) return "$count times $token" }
        tokens.forEach { token ->
            val fate = fates[token] ?: return "the foreign token $token"
            if (fate == Fate.REFUSED) return "$token, which was said not to have been written,"
        }
        val acked = tokens.filter { fates[it] == Fate.ACKED }
        acked.groupBy(::writer).values.forEach { of ->
            if (of.map(::number).zipWithNext().any { (a, b) -> a > b }) return "acknowledged tokens out of order"
        }
        if (isWhole) {
            val missing = fates.filterValues { it == Fate.ACKED }.keys - acked.toSet()
            if (missing.isNotEmpty()) return "$missing missing, though acknowledged,"
        }
        return null
    }

    private fun writer(token: String) = token.substring(1, token.indexOf(':'))

    private fun number(token: String) = token.substring(token.indexOf(':') + 1, token.length - 1).toLong()

    private companion object {
        val TOKEN = Regex("""\[\d+:\d+]""")
    }
}
