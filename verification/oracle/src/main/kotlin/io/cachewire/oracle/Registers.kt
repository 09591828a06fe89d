package io.cachewire.oracle

import io.cachewire.oracle.Outcome.Answer
import io.cachewire.oracle.Outcome.Refused
import io.cachewire.oracle.Outcome.Unknown

/** A key with one writer: reads are fresh, and what is there stays there. */
internal class SingleWriterKey(
    val name: String,
    private val writer: Int,
    private val field: Field,
) {
    private val writes = Writes(name, field.findings)

    /** One write by the only writer. */
    suspend fun write(caller: Caller) {
        val seq = writes.next()
        val value = Payload(field.run, name, writer, seq)
        val before = writes.expectation()
        val life = field.lives.now()
        // the verbs that do not store are a test of what they say
        val draw = caller.random.nextInt(10)
        val stored =
            when (draw) {
                0 -> caller.call("add", name) { caller.cache.add(name, value) }

                1 -> caller.call("replace", name) { caller.cache.replace(name, value) }

                else -> caller.call("set", name) {
                    caller.cache.set(name, value)
                    true
                }
            }
        when (stored) {
            is Answer -> {
                field.tally.checked.increment()
                if (stored.value) writes.acknowledged(seq, life) else writes.refused(seq, byServer = false)
                val wasThere = field.lives.isStill(before.life)
                if (wasThere && draw < 2 && stored.value != (draw == 1)) {
                    val verb = if (draw == 0) "add" else "replace"
                    field.findings.report(
                        Invariant.HONEST,
                        name,
                        "$verb of seq $seq said ${stored.value} while the key was there",
                    )
                }
            }

            is Refused -> writes.refused(seq, stored.byServer)

            Unknown -> writes.unknown(seq)
        }
    }

    fun expectation() = writes.expectation()

    /** A hit or a miss, by a read that began with this expectation. */
    fun judge(seen: Seen?, since: Writes.Expectation, reader: String) {
        field.tally.checked.increment()
        if (seen == null) {
            judgeThere(false, since, reader)
        } else {
            val payload = field.own(name, seen) ?: return
            if (payload.writer == writer) {
                writes.judge(payload, since, reader)
            } else {
                field.findings.report(Invariant.REAL, name, "$reader read $payload; the writer is $writer")
            }
        }
    }

    /** Whether the key is there, as a touch tells. */
    fun judgeThere(there: Boolean, since: Writes.Expectation, reader: String) {
        if (!there && field.lives.isStill(since.life) && writes.expectation().life == since.life) {
            field.findings.report(
                Invariant.HONEST,
                name,
                "$reader missed, though seq ${since.acked} was acknowledged and nothing has taken it away",
            )
        }
    }
}

/** A key with many writers: a hit is what one of them wrote. */
internal class ManyWriterKey(
    val name: String,
    writers: Int,
    private val field: Field,
) {
    private val writes = List(writers) { Writes(name, field.findings) }

    /** One write by one of the writers, who makes one at a time. */
    suspend fun write(caller: Caller, writer: Int) {
        val own = writes[writer]
        val seq = own.next()
        val value = Payload(field.run, name, writer, seq)
        when (val stored = caller.call("set", name) { caller.cache.set(name, value) }) {
            is Answer -> field.tally.checked.increment()
            is Refused -> own.refused(seq, stored.byServer)
            Unknown -> own.unknown(seq)
        }
    }

    fun judge(seen: Seen?, reader: String) {
        field.tally.checked.increment()
        val payload = field.own(name, seen ?: return) ?: return
        val of = writes.getOrNull(payload.writer)
        if (of == null) {
            field.findings.report(Invariant.REAL, name, "$reader read $payload; there is no such writer")
        } else {
            of.judge(payload, NOTHING_EXPECTED, reader)
        }
    }

    private companion object {
        val NOTHING_EXPECTED = Writes.Expectation(0, Writes.NOT_THERE)
    }
}
