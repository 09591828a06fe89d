package io.cachewire.admin

import io.cachewire.CommandRefusedException
import io.cachewire.MemcachedException
import io.cachewire.MultiResults
import io.cachewire.PartialResultException
import io.cachewire.ServerAddress
import io.cachewire.ServerErrorException
import io.cachewire.ServerVersion
import io.cachewire.UnsupportedByServerException
import io.cachewire.internal.admin.AdminCommands
import io.cachewire.internal.admin.LineFeed
import io.cachewire.internal.call.Call
import io.cachewire.internal.call.Resumptions
import io.cachewire.internal.operation.Results
import io.cachewire.item
import io.cachewire.set
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * Commands to servers: statistics, memory, the LRU and its crawler, dumps and logs. Each goes to every server, or to one through [on]; what
 * it answers is a map by server.
 *
 * When a server could not be asked, or refused, a [PartialResultException] has what the others said and a [MemcachedException] for each
 * that failed; a refusal is a [CommandRefusedException], [ServerErrorException] or [UnsupportedByServerException].
 */
public class AdminClient internal constructor(
    private val commands: AdminCommands,
    private val resumptions: Resumptions,
) {
    /** Commands to this server alone, which is one of the client's. */
    public fun on(server: ServerAddress): AdminClient = AdminClient(commands.on(server), resumptions)

    /** General statistics. */
    public suspend fun stats(): Map<ServerAddress, ServerStats> = answers { commands.stats() }

    /** How the server is set up. */
    public suspend fun statsSettings(): Map<ServerAddress, SettingsStats> = answers { commands.statsSettings() }

    /** Items and evictions of each slab class. */
    public suspend fun statsItems(): Map<ServerAddress, Map<Int, SlabItems>> = answers { commands.statsItems() }

    /** Memory of each slab class. */
    public suspend fun statsSlabs(): Map<ServerAddress, SlabStats> = answers { commands.statsSlabs() }

    /** How many items there are of each size. */
    public suspend fun statsSizes(): Map<ServerAddress, SizeStats> = answers { commands.statsSizes() }

    /** The sockets of the server, by file descriptor. */
    public suspend fun statsConnections(): Map<ServerAddress, Map<Int, ConnectionStats>> =
        answers { commands.statsConnections() }

    /** Sets the counters of the statistics to zero. */
    public suspend fun resetStats(): Unit = done { commands.resetStats() }

    /** Has the server count items by size. */
    public suspend fun enableSizes(): Unit = done { commands.enableSizes() }

    /** Stops the count of items by size. */
    public suspend fun disableSizes(): Unit = done { commands.disableSizes() }

    /** The version. */
    public suspend fun version(): Map<ServerAddress, ServerVersion> = answers { commands.version() }

    /** What the server can do, by its version. */
    public suspend fun capabilities(): Map<ServerAddress, ServerCapabilities> = answers { commands.capabilities() }

    /** Asks for a sign of life. */
    public suspend fun noop(): Unit = done { commands.noop() }

    /** Invalidates all items, at once or when a time, in whole seconds, has passed. */
    public suspend fun flushAll(delay: Duration? = null): Unit = done { commands.flushAll(delay?.toJavaDuration()) }

    /** Sets the verbosity of the log, 0 or more. */
    public suspend fun verbosity(level: Int): Unit = done { commands.verbosity(level) }

    /** Moves a page from one slab class to another; -1 for a source of the server's choice. */
    public suspend fun reassignSlab(from: Int, to: Int): Unit = done { commands.reassignSlab(from, to) }

    /** Sets how pages move between slab classes by themselves. */
    public suspend fun automoveSlabs(mode: SlabAutomove): Unit = done { commands.automoveSlabs(mode) }

    /** Sets the shares of the segmented LRU. */
    public suspend fun tuneLru(tuning: LruTuning): Unit = done { commands.tuneLru(tuning) }

    /** Sets how items are ordered. */
    public suspend fun lruMode(mode: LruMode): Unit = done { commands.lruMode(mode) }

    /** Items with a shorter time to live go to an LRU of their own and are not evicted; null for none. */
    public suspend fun lruTemporaryTtl(ttl: Duration?): Unit = done { commands.lruTemporaryTtl(ttl?.toJavaDuration()) }

    /** Starts the LRU crawler. */
    public suspend fun enableCrawler(): Unit = done { commands.enableCrawler() }

    /** Stops the LRU crawler. */
    public suspend fun disableCrawler(): Unit = done { commands.disableCrawler() }

    /** Sets the crawler's pause after each item, 0 to 1 second. */
    public suspend fun crawlerSleep(pause: Duration): Unit = done { commands.crawlerSleep(pause.toJavaDuration()) }

    /** Sets how many items of a slab class the crawler looks at in a run; 0 for all. */
    public suspend fun crawlerLimit(items: Long): Unit = done { commands.crawlerLimit(items) }

    /** Has the crawler remove expired items. */
    public suspend fun crawl(classes: SlabClasses = SlabClasses.all()): Unit = done { commands.crawl(classes) }

    /** Sets how much memory items may use, in megabytes. */
    public suspend fun cacheMemoryLimit(megabytes: Long): Unit = done { commands.cacheMemoryLimit(megabytes) }

    /** Ends the server, if it was started with `-A`. */
    public suspend fun shutdown(mode: ShutdownMode = ShutdownMode.NOW): Unit = done { commands.shutdown(mode) }

    /** What the server of a key tells of its item without touching it, or null when there is none. */
    public suspend fun debugItem(key: CharSequence): ItemDebug? = resumptions.await { commands.debugItem(key) }

    /**
     * Sends one command line, on a connection of its own, and gives the lines of the answer: for commands that the client does not know.
     *
     * @param line printable, without line ends, of at most 2000 bytes; a command with a data block, or without an answer, is refused
     */
    public suspend fun command(server: ServerAddress, line: String): List<String> =
        resumptions.await { commands.command(server, line) }

    /** All items of a server with what it knows of them. Each collection is a dump of its own, on a connection of its own. */
    public fun metadump(server: ServerAddress, classes: SlabClasses = SlabClasses.all()): Flow<DumpedItem> =
        flowOf(commands.metadump(server, classes))

    /** The keys of all items of a server, which takes it less work than [metadump]. */
    public fun mgdump(server: ServerAddress, classes: SlabClasses = SlabClasses.all()): Flow<DumpedItem> =
        flowOf(commands.mgdump(server, classes))

    /** The logs of a server from now on, without an end. A slow collector makes the server drop lines, and say so. */
    public fun watch(server: ServerAddress, logs: Set<WatchLog>): Flow<WatchEvent> =
        flowOf(commands.watch(server, logs))

    private fun <T : Any> flowOf(feed: LineFeed<T>): Flow<T> = flow {
        feed.open().use { source ->
            while (true) {
                val lines = resumptions.await { source.next() }
                if (lines.isEmpty()) break
                feed.read(lines).forEach { emit(it) }
            }
        }
    }

    private suspend inline fun <V : Any> answers(
        crossinline submit: () -> Call<MultiResults.PerServer<V>>,
    ): Map<ServerAddress, V> = Results.answers(resumptions.await(submit))

    private suspend inline fun done(crossinline submit: () -> Call<MultiResults.PerServer<Boolean>>) {
        answers(submit)
    }
}
