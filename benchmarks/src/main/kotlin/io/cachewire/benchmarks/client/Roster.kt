package io.cachewire.benchmarks.client

import io.cachewire.AsyncMemcachedClient
import io.cachewire.BlockingMemcachedClient
import io.cachewire.ClientBuilder
import io.cachewire.MemcachedClient
import io.cachewire.ServerAddress
import io.cachewire.benchmarks.load.Cell
import io.cachewire.benchmarks.load.Workload
import io.cachewire.serialization.java.JavaSerde
import io.cachewire.serialization.json.JsonSerde
import java.time.Duration
import java.util.concurrent.Executor

/** Who takes part: a name, and how to connect. */
public class Entrant internal constructor(
    /** Client and style of calling, with a slash between. */
    public val name: String,
    /** False for the variants that only take part when they are asked for. */
    public val isDefault: Boolean,
    /** What its values are. */
    public val form: Workload.Form,
    private val connect: (List<ServerAddress>) -> Contestant,
) {
    /** Connects to these servers. */
    public fun connect(servers: List<ServerAddress>): Contestant = connect.invoke(servers)
}

/** All who can take part, in the order of the tables. Java: `Roster.entrants()`. */
public object Roster {
    private const val PARCELS = "io.cachewire.benchmarks.**"
    private val direct = Executor(Runnable::run)
    private val patience = Duration.ofSeconds(5)

    /** All entrants; those on virtual threads only where there are any. */
    @JvmStatic
    public fun entrants(): List<Entrant> = buildList {
        add(entrant("cachewire/suspend") { CoroutineCallers(CachewireSuspend(suspending(it))) })
        add(entrant("cachewire/async-pool") { FutureCallers(CachewireFutures(async(it) {})) })
        add(entrant("cachewire/async-io") { FutureCallers(CachewireFutures(async(it, ::onIoThread))) })
        addThreads("cachewire/blocking") { CachewireBlocking(blocking(it)) }
        add(entrant("folsom/await") { CoroutineCallers(AwaitedFutures(folsom(it, null))) })
        add(
            entrant("folsom/await-event-loop") {
                CoroutineCallers(AwaitedFutures(folsom(it, direct)))
            },
        )
        add(entrant("folsom/async-pool") { FutureCallers(folsom(it, null)) })
        add(entrant("folsom/async-event-loop") { FutureCallers(folsom(it, direct)) })
        addThreads("folsom/blocking") { JoinedFutures(folsom(it, direct)) }
        addThreads("spymemcached/blocking") { SpymemcachedBlocking.connect(it, false) }
        addThreads("xmemcached/blocking") { XmemcachedBlocking.connect(it, false) }
        add(variant("folsom-ascii/async-event-loop") { FutureCallers(FolsomFutures.connect(it, false, direct)) })
        add(variant("folsom-binary/async-event-loop") { FutureCallers(FolsomFutures.connect(it, true, direct)) })
        add(variant("spymemcached-binary/blocking") { onThreads(SpymemcachedBlocking.connect(it, true)) })
        add(variant("xmemcached-binary/blocking") { onThreads(XmemcachedBlocking.connect(it, true)) })
        addObjects("cachewire/blocking-json") { ObjectStore.cachewire(it, JsonSerde(), 'j') }
        addObjects("cachewire/blocking-java") { ObjectStore.cachewire(it, JavaSerde.allowing(PARCELS), 'c') }
        addObjects("folsom/blocking-java") { ObjectStore.folsom(it) }
        addObjects("spymemcached/blocking-java") { ObjectStore.spymemcached(it) }
        addObjects("xmemcached/blocking-java") { ObjectStore.xmemcached(it) }
        add(alone("socket/blocking") { OneCaller(onThreads(PlainSocket(it))) })
        add(alone("limit/java") { NioLimit(it) })
        add(alone("limit/c") { CLimit.compile(it).firstOrNull() ?: Absent })
    }

    /** Our clients in the styles whose cost is looked at, with so many connections to each server. */
    @JvmStatic
    public fun ours(servers: List<ServerAddress>, connections: Int): Map<String, Contestant> = mapOf(
        "suspend" to CoroutineCallers(CachewireSuspend(suspending(servers, connections))),
        "async-io" to
            FutureCallers(
                CachewireFutures(
                    async(servers) {
                        onIoThread(it)
                        it.connectionsPerServer(connections)
                    },
                ),
            ),
    )

    /** A client of any settings, called by chains of futures. */
    @JvmStatic
    public fun futures(client: AsyncMemcachedClient): Contestant = FutureCallers(CachewireFutures(client))

    private fun MutableList<Entrant>.addObjects(name: String, connect: (List<ServerAddress>) -> ObjectStore) {
        add(
            Entrant(name, true, Workload.Form.OBJECTS) {
                object : Contestant by onThreads(connect(it)) {
                    override fun takes(cell: Cell) = cell.workload().form() == Workload.Form.OBJECTS
                }
            },
        )
    }

    private fun entrant(name: String, connect: (List<ServerAddress>) -> Contestant) =
        Entrant(name, true, Workload.Form.BYTES, connect)

    private fun variant(name: String, connect: (List<ServerAddress>) -> Contestant) =
        Entrant(name, false, Workload.Form.BYTES, connect)

    /** For one server only. */
    private fun alone(name: String, connect: (ServerAddress) -> Contestant) =
        entrant(name) { servers -> servers.singleOrNull()?.let(connect) ?: Absent }

    private fun MutableList<Entrant>.addThreads(name: String, connect: (List<ServerAddress>) -> BlockingStore) {
        add(entrant(name) { onThreads(connect(it)) })
        if (ThreadCallers.hasVirtualThreads()) {
            add(entrant("$name-virtual") { ThreadCallers(connect(it), ThreadCallers.virtualThreads()) })
        }
    }

    private fun onThreads(store: BlockingStore) = ThreadCallers(store, ThreadCallers.platformThreads())

    /** Its binary protocol is up to four times as fast for single reads; it reads many keys faster by the text one. */
    private fun folsom(servers: List<ServerAddress>, replies: Executor?): FutureStore =
        ByKind(FolsomFutures.connect(servers, true, replies), FolsomFutures.connect(servers, false, replies))

    private fun suspending(servers: List<ServerAddress>, connections: Int = 1): MemcachedClient = MemcachedClient {
        this.servers = servers
        connectionsPerServer = connections
        requestTimeout = kotlin.time.Duration.parse("5s")
    }

    private fun blocking(servers: List<ServerAddress>): BlockingMemcachedClient =
        BlockingMemcachedClient.builder().servers(servers).requestTimeout(patience).build()

    private fun async(
        servers: List<ServerAddress>,
        more: (ClientBuilder<AsyncMemcachedClient>) -> Unit,
    ): AsyncMemcachedClient =
        AsyncMemcachedClient.builder().servers(servers).requestTimeout(patience).also(more).build()

    private fun onIoThread(builder: ClientBuilder<AsyncMemcachedClient>) {
        builder.callbackExecutor(direct)
    }

    /** A floor for one caller, which with more would be something else. */
    private class OneCaller(
        private val contestant: Contestant,
    ) : Contestant by contestant {
        override fun takes(cell: Cell) =
            contestant.takes(cell) && cell.callers() == 1 && !cell.workload().verb().isBatch
    }
}
