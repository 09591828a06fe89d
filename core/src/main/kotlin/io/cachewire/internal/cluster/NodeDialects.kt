package io.cachewire.internal.cluster

import io.cachewire.internal.connection.Found
import io.cachewire.internal.connection.ServerConnection
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.line.TextDialect

/**
 * What was found on the connections of one node. All of them speak the same: where they disagree, as they do behind
 * a balancer over servers of several versions, text, which every server understands. What was found lives no longer than the connections on
 * which it was.
 */
internal class NodeDialects {
    /** What a new connection is to speak, and which others have to make way for ones that speak the same. */
    class Verdict(
        val dialect: Dialect,
        val replaced: List<ServerConnection> = emptyList(),
    )

    // all guarded by this
    private val text = HashMap<ServerConnection, Found.How>()
    private val meta = HashSet<ServerConnection>()

    /** They have proven meta, and speak text because of the others. */
    private val yielding = HashSet<ServerConnection>()

    /** Whether the last connection that was greeted has proven meta. */
    @Volatile
    var wasProvenLast = false
        private set

    /** True while there is a connection to a server that speaks text only. */
    val isText: Boolean @Synchronized get() = text.isNotEmpty()

    /** Whether the server speaks meta; null when no open connection was asked. */
    val hasProvenMeta: Boolean?
        @Synchronized get() = when {
            text.values.any { it != Found.How.ASKED } -> false
            meta.isNotEmpty() || yielding.isNotEmpty() -> true
            else -> null
        }

    /** A connection was greeted. */
    @Synchronized
    fun connected(connection: ServerConnection, found: Found): Verdict {
        wasProvenLast = found.how == Found.How.PROVEN
        return verdict(connection, found)
    }

    private fun verdict(connection: ServerConnection, found: Found): Verdict = when {
        found.how != Found.How.PROVEN -> {
            text[connection] = found.how
            Verdict(found.dialect, taken(meta))
        }

        text.isEmpty() -> {
            meta.add(connection)
            Verdict(found.dialect)
        }

        else -> {
            yielding.add(connection)
            Verdict(TEXT)
        }
    }

    /** A connection has ended, greeted or not; gives those that are to be replaced because of that. */
    @Synchronized
    fun ended(connection: ServerConnection): List<ServerConnection> {
        meta.remove(connection)
        yielding.remove(connection)
        return if (text.remove(connection) != null && text.isEmpty()) taken(yielding) else emptyList()
    }

    /** The server has proven meta on a connection beside these; gives those that are to be replaced because of that. */
    @Synchronized
    fun upgraded(): List<ServerConnection> = taken(text.keys) + taken(yielding)

    private fun taken(from: MutableSet<ServerConnection>): List<ServerConnection> {
        val all = from.toList()
        from.clear()
        return all
    }

    private companion object {
        val TEXT = TextDialect()
    }
}
