package io.cachewire.oracle

import java.util.BitSet

/**
 * The values that one writer gave one key, numbered from 1, and what became of them. The writer makes one call after the other; any number of
 * readers look on. A bit or two for each write is all that is kept.
 */
internal class Writes(
    private val key: String,
    private val findings: Findings,
) {
    private var issued = 0L
    private var acked = 0L

    /** The life in which the newest acknowledged value was written; [NOT_THERE] while a miss would be no surprise. */
    private var life = NOT_THERE
    private val unknown = BitSet()
    private val refused = BitSet()
    private val seen = BitSet()

    /** What a read that begins now must not fall behind. */
    class Expectation(
        val acked: Long,
        val life: Long,
    )

    @Synchronized
    fun expectation() = Expectation(acked, life)

    /** The next number; the write begins. */
    @Synchronized
    fun next(): Long = ++issued

    @Synchronized
    fun acknowledged(seq: Long, inLife: Long) {
        acked = seq
        life = inLife
    }

    @Synchronized
    fun unknown(seq: Long) = unknown.set(seq.toInt())

    /** It was not written. When the server itself refused, it may have dropped the old value. */
    @Synchronized
    fun refused(seq: Long, byServer: Boolean) {
        refused.set(seq.toInt())
        if (byServer) life = NOT_THERE
        if (seen.get(seq.toInt())) {
            findings.report(Invariant.HONEST, key, "seq $seq was read, and then its write was said not to have been")
        }
    }

    /** A hit, by a read that began with this expectation. */
    @Synchronized
    fun judge(payload: Payload, since: Expectation, reader: String) {
        val seq = payload.seq
        if (seq < 1 || seq > issued) {
            findings.report(Invariant.REAL, key, "$reader read seq $seq, the newest issued is $issued")
            return
        }
        seen.set(seq.toInt())
        when {
            refused.get(seq.toInt()) ->
                findings.report(Invariant.HONEST, key, "$reader read seq $seq, whose write was said not to have been")

            since.acked > seq && !unknown.get(seq.toInt()) ->
                findings.report(
                    Invariant.FRESH,
                    key,
                    "$reader read seq $seq; seq ${since.acked} was acknowledged before, $acked is by now",
                )
        }
    }

    companion object {
        const val NOT_THERE = -1L
    }
}
