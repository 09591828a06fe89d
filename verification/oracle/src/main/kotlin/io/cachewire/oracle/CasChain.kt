package io.cachewire.oracle

import io.cachewire.CasResult
import io.cachewire.oracle.Outcome.Answer
import java.util.concurrent.atomic.AtomicLong

/**
 * A key that is only changed by cas (and made by add): each value names the one it replaced, and no value was replaced twice. Only what
 * happened within one life of the server counts, because a new server gives out the same cas uniques again.
 */
internal class CasChain(
    val name: String,
    private val field: Field,
) {
    private class Link(
        val life: Long,
        val replaced: Long,
    )

    private val ids = AtomicLong()
    private val links = HashMap<Long, Link>()

    /** Life and value replaced, to the value that was seen or said to have replaced it. */
    private val successors = HashMap<Pair<Long, Long>, Long>()

    /** Life and cas unique, to the value that had it. */
    private val uniques = HashMap<Pair<Long, Long>, Long>()

    /** One attempt to go on from what is there. */
    suspend fun extend(caller: Caller) {
        val life = field.lives.now()
        val held = caller.call("gets", name) { caller.cache.gets(name) } as? Answer ?: return
        field.tally.checked.increment()
        val from = held.value
        val id = ids.incrementAndGet()
        if (from == null) {
            issue(id, Link(life, 0))
            caller.call("add", name) { caller.cache.add(name, Payload(field.run, name, 0, id)) }
            return
        }
        val before = field.own(name, from.value) ?: return
        unique(life, from.cas, before.seq)
        issue(id, Link(life, before.seq))
        val value = Payload(field.run, name, 0, id, before.seq)
        val stored = caller.call("cas", name) { caller.cache.cas(name, value, from.cas) } as? Answer ?: return
        field.tally.checked.increment()
        if (stored.value == CasResult.STORED && field.lives.isStill(life)) {
            succeeded(id, Link(life, before.seq), "${caller.name} was told STORED for")
        } else if (stored.value == CasResult.NOT_FOUND && field.lives.isStill(life)) {
            field.findings.report(
                Invariant.HONEST,
                name,
                "cas by ${caller.name} did not find what nothing had taken away",
            )
        }
    }

    /** A value that was read. */
    fun judge(seen: Seen?, since: Long, reader: String) {
        field.tally.checked.increment()
        val payload = field.own(name, seen ?: return) ?: return
        val link = synchronized(this) { links[payload.seq] }
        if (link == null || payload.writer != 0) {
            field.findings.report(Invariant.REAL, name, "$reader read $payload, which nobody wrote")
        } else if (link.replaced != payload.previous) {
            field.findings.report(
                Invariant.OWN,
                name,
                "$reader read $payload, which was written after ${link.replaced}",
            )
        } else if (link.life == since && field.lives.isStill(since) && link.replaced != 0L) {
            succeeded(payload.seq, link, "$reader read")
        }
    }

    @Synchronized
    private fun issue(id: Long, link: Link) {
        links[id] = link
    }

    private fun unique(life: Long, cas: Long, id: Long) {
        if (!field.lives.isStill(life)) return
        val other = synchronized(this) { uniques.putIfAbsent(Pair(life, cas), id) }
        if (other != null && other != id) {
            field.findings.report(Invariant.CAS, name, "cas unique $cas was that of $other and is that of $id")
        }
    }

    private fun succeeded(id: Long, link: Link, how: String) {
        val other = synchronized(this) { successors.putIfAbsent(Pair(link.life, link.replaced), id) }
        if (other != null && other != id) {
            field.findings.report(Invariant.CAS, name, "$how $id after ${link.replaced}, which $other had replaced")
        }
    }
}
