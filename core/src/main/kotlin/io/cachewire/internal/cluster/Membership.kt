package io.cachewire.internal.cluster

import io.cachewire.ClientClosedException
import io.cachewire.ClusterView
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.ServerLoad
import io.cachewire.ServerState
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.operation.Events
import io.cachewire.observe.ClientEvent
import org.slf4j.LoggerFactory
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Which servers there are and where keys live: one snapshot, read without a lock by whoever sends, replaced under a lock when the user
 * changes the list or, where keys move, when a server dies or returns.
 */
internal class Membership(
    private val io: IoThread,
    private val settings: ClusterSettings,
    private val events: Events,
) : ClusterView {
    private val context = NodeContext(io, settings, events = events, placesChanged = ::placesChanged)

    /** Opens connections to any server. */
    val connector: Connector get() = context.connector
    private val keysMove = settings.failures().mode().movesKeys()

    /** Guards the making of snapshots. */
    private val lock = ReentrantLock()

    @Volatile
    var topology: Topology = Topology(pool(settings.servers(), emptyMap()), gutter())
        private set

    private var closed = false

    private fun pool(servers: List<ServerAddress>, present: Map<String, Node>): Pool {
        // first: they may refuse the list
        requireTls(servers)
        val locator = settings.locators().build(servers)
        return Pool(servers, servers.map { present[it.toString()] ?: Node(it, context) }, locator)
    }

    /** Nothing goes in clear once TLS is set, whichever way a server came onto the list. */
    private fun requireTls(servers: List<ServerAddress>) {
        if (settings.connection().tls() == null) return
        servers.find { it.transport() != ServerAddress.Transport.TCP }?.let {
            throw IllegalRequestException("TLS is set, and $it cannot be reached in TLS")
        }
    }

    private fun gutter(): Pool? {
        val gutter = settings.failures().gutter() ?: return null
        val cap = TtlCap(gutter.longestTtl(), settings.failures().wallClock())
        requireTls(gutter.servers())
        return Pool(
            gutter.servers(),
            gutter.servers().map {
                Node(it, context, cap)
            },
            settings.locators().build(gutter.servers()),
        )
    }

    /** A user's factory of locators has no place on the client's own threads. */
    private fun placesChanged(then: () -> Unit) {
        when {
            !keysMove -> then()

            io.isOwnThread() && topology.usesForeignCode(settings.locators()) -> io.apart.execute {
                changePlaces()
                then()
            }

            else -> {
                changePlaces()
                then()
            }
        }
    }

    private fun changePlaces() = lock.withLock {
        topology = placed(topology)
        context.changes.incrementAndGet()
    }

    /** A user's locator that throws leaves the places as they are. */
    private fun placed(to: Topology): Topology = try {
        to.withoutDead(settings.locators())
    } catch (e: Throwable) {
        LOG.warn("the locator cannot do without the dead servers; their keys stay", e)
        Topology(to.main, to.gutter)
    }

    override fun servers(): List<ServerState> = topology.main.nodes.map { it.state() }

    override fun gutterServers(): List<ServerState> = topology.gutter?.nodes?.map { it.state() }.orEmpty()

    override fun loads(): List<ServerLoad> = topology.let {
        it.main.nodes + it.gutter?.nodes.orEmpty()
    }.map { it.load() }

    override fun failedFireAndForget(): Long = context.failedQuietly.sum()

    override fun changes(): Long = context.changes.get()

    override fun setServers(servers: Collection<ServerAddress>) {
        val wanted = ServerAddress.listOf(servers)
        lock.withLock {
            if (closed) throw ClientClosedException(Delivery.NOT_SENT, null, null)
            val before = topology
            if (wanted == before.main.servers) return
            val spare = before.gutter?.servers.orEmpty().map { it.toString() }
            wanted.find {
                it.toString() in spare
            }?.let { throw IllegalRequestException("the server $it is in the gutter") }
            val present = before.main.nodes.associateBy { it.address.toString() }
            val next = Topology(pool(wanted, present), before.gutter)
            next.main.nodes.zip(wanted).forEach { (node, address) -> node.renamed(address) }
            topology = if (keysMove) placed(next) else next
            context.changes.incrementAndGet()
            (before.main.nodes - next.main.nodes.toSet()).forEach { it.retire() }
            LOG.info("the servers are now {}", wanted)
            events.tell(ClientEvent.ServersChanged(wanted.toList()))
        }
    }

    override fun forgetDeadServers() {
        topology.nodes.forEach { it.forgive() }
        placesChanged {}
    }

    /** Nothing changes after this. */
    fun close(why: Failure) {
        val last =
            lock.withLock {
                closed = true
                topology
            }
        last.nodes.forEach { node -> io.guard.run("closing the connections of a server") { node.close(why) } }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(Membership::class.java)!!
    }
}
