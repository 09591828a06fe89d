package io.cachewire.admin;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CommandRefusedException;
import io.cachewire.MemcachedException;
import io.cachewire.PartialResultException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerErrorException;
import io.cachewire.ServerVersion;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.internal.admin.AdminCommands;
import io.cachewire.internal.admin.FeedIterator;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.Results;
import io.cachewire.internal.operation.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands to servers: statistics, memory, the LRU and its crawler, dumps and logs, for threads. Each goes to every server, or to one
 * through {@link #on}; what it answers is a map by server.
 *
 * <p>When a server could not be asked, or refused, a {@link PartialResultException} has what the others said and a
 * {@link MemcachedException} for each that failed; a refusal is a {@link CommandRefusedException}, {@link ServerErrorException} or
 * {@link UnsupportedByServerException}.
 */
public final class BlockingAdminClient {
    private final Engine engine;
    private final AdminCommands commands;

    /** For {@link BlockingMemcachedClient#admin}: what it takes is internal. */
    public BlockingAdminClient(Engine engine, AdminCommands commands) {
        this.engine = engine;
        this.commands = commands;
    }

    /** Commands to this server alone, which is one of the client's. */
    public BlockingAdminClient on(ServerAddress server) {
        return new BlockingAdminClient(engine, commands.on(server));
    }

    /** General statistics. */
    public Map<ServerAddress, ServerStats> stats() {
        return Results.answers(await(() -> commands.stats()));
    }

    /** How the server is set up. */
    public Map<ServerAddress, SettingsStats> statsSettings() {
        return Results.answers(await(() -> commands.statsSettings()));
    }

    /** Items and evictions of each slab class. */
    public Map<ServerAddress, Map<Integer, SlabItems>> statsItems() {
        return Results.answers(await(() -> commands.statsItems()));
    }

    /** Memory of each slab class. */
    public Map<ServerAddress, SlabStats> statsSlabs() {
        return Results.answers(await(() -> commands.statsSlabs()));
    }

    /** How many items there are of each size. */
    public Map<ServerAddress, SizeStats> statsSizes() {
        return Results.answers(await(() -> commands.statsSizes()));
    }

    /** The sockets of the server, by file descriptor. */
    public Map<ServerAddress, Map<Integer, ConnectionStats>> statsConnections() {
        return Results.answers(await(() -> commands.statsConnections()));
    }

    /** Sets the counters of the statistics to zero. */
    public void resetStats() {
        Results.answers(await(() -> commands.resetStats()));
    }

    /** Has the server count items by size. */
    public void enableSizes() {
        Results.answers(await(() -> commands.enableSizes()));
    }

    /** Stops the count of items by size. */
    public void disableSizes() {
        Results.answers(await(() -> commands.disableSizes()));
    }

    /** The version. */
    public Map<ServerAddress, ServerVersion> version() {
        return Results.answers(await(() -> commands.version()));
    }

    /** What the server can do, by its version. */
    public Map<ServerAddress, ServerCapabilities> capabilities() {
        return Results.answers(await(() -> commands.capabilities()));
    }

    /** Asks for a sign of life. */
    public void noop() {
        Results.answers(await(() -> commands.noop()));
    }

    /** Invalidates all items. */
    public void flushAll() {
        Results.answers(await(() -> commands.flushAll(null)));
    }

    /** Invalidates all items when a time, in whole seconds, has passed. */
    public void flushAll(Duration delay) {
        Results.answers(await(() -> commands.flushAll(delay)));
    }

    /** Sets the verbosity of the log, 0 or more. */
    public void verbosity(int level) {
        Results.answers(await(() -> commands.verbosity(level)));
    }

    /** Moves a page from one slab class to another; -1 for a source of the server's choice. */
    public void reassignSlab(int from, int to) {
        Results.answers(await(() -> commands.reassignSlab(from, to)));
    }

    /** Sets how pages move between slab classes by themselves. */
    public void automoveSlabs(SlabAutomove mode) {
        Results.answers(await(() -> commands.automoveSlabs(mode)));
    }

    /** Sets the shares of the segmented LRU. */
    public void tuneLru(LruTuning tuning) {
        Results.answers(await(() -> commands.tuneLru(tuning)));
    }

    /** Sets how items are ordered. */
    public void lruMode(LruMode mode) {
        Results.answers(await(() -> commands.lruMode(mode)));
    }

    /** Items with a shorter time to live go to an LRU of their own and are not evicted; null for none. */
    public void lruTemporaryTtl(@Nullable Duration ttl) {
        Results.answers(await(() -> commands.lruTemporaryTtl(ttl)));
    }

    /** Starts the LRU crawler. */
    public void enableCrawler() {
        Results.answers(await(() -> commands.enableCrawler()));
    }

    /** Stops the LRU crawler. */
    public void disableCrawler() {
        Results.answers(await(() -> commands.disableCrawler()));
    }

    /** Sets the crawler's pause after each item, 0 to 1 second. */
    public void crawlerSleep(Duration pause) {
        Results.answers(await(() -> commands.crawlerSleep(pause)));
    }

    /** Sets how many items of a slab class the crawler looks at in a run; 0 for all. */
    public void crawlerLimit(long items) {
        Results.answers(await(() -> commands.crawlerLimit(items)));
    }

    /** Has the crawler remove expired items of every slab class. */
    public void crawl() {
        Results.answers(await(() -> commands.crawl(SlabClasses.all())));
    }

    /** Has the crawler remove expired items. */
    public void crawl(SlabClasses classes) {
        Results.answers(await(() -> commands.crawl(classes)));
    }

    /** Sets how much memory items may use, in megabytes. */
    public void cacheMemoryLimit(long megabytes) {
        Results.answers(await(() -> commands.cacheMemoryLimit(megabytes)));
    }

    /** Ends the server at once, if it was started with {@code -A}. */
    public void shutdown() {
        Results.answers(await(() -> commands.shutdown(ShutdownMode.NOW)));
    }

    /** Ends the server, if it was started with {@code -A}. */
    public void shutdown(ShutdownMode mode) {
        Results.answers(await(() -> commands.shutdown(mode)));
    }

    /** What the server of a key tells of its item without touching it, or null when there is none. */
    public @Nullable ItemDebug debugItem(CharSequence key) {
        return await(() -> commands.debugItem(key));
    }

    /**
     * Sends one command line, on a connection of its own, and gives the lines of the answer: for commands that the client does not know.
     *
     * @param line printable, without line ends, of at most 2000 bytes; a command with a data block, or without an answer, is refused
     */
    public List<String> command(ServerAddress server, String line) {
        return await(() -> commands.command(server, line));
    }

    /** All items of a server with what it knows of them, on a connection of its own until the stream is closed or at its end. */
    public Stream<DumpedItem> metadump(ServerAddress server) {
        return metadump(server, SlabClasses.all());
    }

    /** As {@link #metadump(ServerAddress)}, of some slab classes. */
    public Stream<DumpedItem> metadump(ServerAddress server, SlabClasses classes) {
        return FeedIterator.stream(engine, commands.metadump(server, classes));
    }

    /** The keys of all items of a server, which takes it less work than {@link #metadump(ServerAddress)}. */
    public Stream<DumpedItem> mgdump(ServerAddress server) {
        return mgdump(server, SlabClasses.all());
    }

    /** As {@link #mgdump(ServerAddress)}, of some slab classes. */
    public Stream<DumpedItem> mgdump(ServerAddress server, SlabClasses classes) {
        return FeedIterator.stream(engine, commands.mgdump(server, classes));
    }

    /** The logs of a server from now on, until the stream is closed. A slow reader makes the server drop lines, and say so. */
    public Stream<WatchEvent> watch(ServerAddress server, Set<WatchLog> logs) {
        return FeedIterator.stream(engine, commands.watch(server, logs));
    }

    private <R extends @Nullable Object> R await(Supplier<Call<R>> submit) {
        return Waiting.await(engine, submit);
    }
}
