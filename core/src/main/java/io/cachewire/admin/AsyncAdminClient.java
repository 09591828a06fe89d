package io.cachewire.admin;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CommandRefusedException;
import io.cachewire.MemcachedException;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerErrorException;
import io.cachewire.ServerVersion;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.internal.admin.AdminCommands;
import io.cachewire.internal.admin.FeedPublisher;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.CallFutures;
import io.cachewire.internal.operation.Results;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Commands to servers: statistics, memory, the LRU and its crawler, dumps and logs, as futures. Each goes to every server, or to one
 * through {@link #on}; what it answers is a map by server.
 *
 * <p>When a server could not be asked, or refused, a {@link PartialResultException} has what the others said and a
 * {@link MemcachedException} for each that failed; a refusal is a {@link CommandRefusedException}, {@link ServerErrorException} or
 * {@link UnsupportedByServerException}.
 */
public final class AsyncAdminClient {
    private final AdminCommands commands;
    private final CallFutures futures;

    /** For {@link AsyncMemcachedClient#admin}: what it takes is internal. */
    public AsyncAdminClient(AdminCommands commands, CallFutures futures) {
        this.commands = commands;
        this.futures = futures;
    }

    /** Commands to this server alone, which is one of the client's. */
    public AsyncAdminClient on(ServerAddress server) {
        return new AsyncAdminClient(commands.on(server), futures);
    }

    /** General statistics. */
    public CompletableFuture<Map<ServerAddress, ServerStats>> stats() {
        return answers(commands.stats());
    }

    /** How the server is set up. */
    public CompletableFuture<Map<ServerAddress, SettingsStats>> statsSettings() {
        return answers(commands.statsSettings());
    }

    /** Items and evictions of each slab class. */
    public CompletableFuture<Map<ServerAddress, Map<Integer, SlabItems>>> statsItems() {
        return answers(commands.statsItems());
    }

    /** Memory of each slab class. */
    public CompletableFuture<Map<ServerAddress, SlabStats>> statsSlabs() {
        return answers(commands.statsSlabs());
    }

    /** How many items there are of each size. */
    public CompletableFuture<Map<ServerAddress, SizeStats>> statsSizes() {
        return answers(commands.statsSizes());
    }

    /** The sockets of the server, by file descriptor. */
    public CompletableFuture<Map<ServerAddress, Map<Integer, ConnectionStats>>> statsConnections() {
        return answers(commands.statsConnections());
    }

    /** Sets the counters of the statistics to zero. */
    public CompletableFuture<@Nullable Void> resetStats() {
        return done(commands.resetStats());
    }

    /** Has the server count items by size. */
    public CompletableFuture<@Nullable Void> enableSizes() {
        return done(commands.enableSizes());
    }

    /** Stops the count of items by size. */
    public CompletableFuture<@Nullable Void> disableSizes() {
        return done(commands.disableSizes());
    }

    /** The version. */
    public CompletableFuture<Map<ServerAddress, ServerVersion>> version() {
        return answers(commands.version());
    }

    /** What the server can do, by its version. */
    public CompletableFuture<Map<ServerAddress, ServerCapabilities>> capabilities() {
        return answers(commands.capabilities());
    }

    /** Asks for a sign of life. */
    public CompletableFuture<@Nullable Void> noop() {
        return done(commands.noop());
    }

    /** Invalidates all items. */
    public CompletableFuture<@Nullable Void> flushAll() {
        return done(commands.flushAll(null));
    }

    /** Invalidates all items when a time, in whole seconds, has passed. */
    public CompletableFuture<@Nullable Void> flushAll(Duration delay) {
        return done(commands.flushAll(delay));
    }

    /** Sets the verbosity of the log, 0 or more. */
    public CompletableFuture<@Nullable Void> verbosity(int level) {
        return done(commands.verbosity(level));
    }

    /** Moves a page from one slab class to another; -1 for a source of the server's choice. */
    public CompletableFuture<@Nullable Void> reassignSlab(int from, int to) {
        return done(commands.reassignSlab(from, to));
    }

    /** Sets how pages move between slab classes by themselves. */
    public CompletableFuture<@Nullable Void> automoveSlabs(SlabAutomove mode) {
        return done(commands.automoveSlabs(mode));
    }

    /** Sets the shares of the segmented LRU. */
    public CompletableFuture<@Nullable Void> tuneLru(LruTuning tuning) {
        return done(commands.tuneLru(tuning));
    }

    /** Sets how items are ordered. */
    public CompletableFuture<@Nullable Void> lruMode(LruMode mode) {
        return done(commands.lruMode(mode));
    }

    /** Items with a shorter time to live go to an LRU of their own and are not evicted; null for none. */
    public CompletableFuture<@Nullable Void> lruTemporaryTtl(@Nullable Duration ttl) {
        return done(commands.lruTemporaryTtl(ttl));
    }

    /** Starts the LRU crawler. */
    public CompletableFuture<@Nullable Void> enableCrawler() {
        return done(commands.enableCrawler());
    }

    /** Stops the LRU crawler. */
    public CompletableFuture<@Nullable Void> disableCrawler() {
        return done(commands.disableCrawler());
    }

    /** Sets the crawler's pause after each item, 0 to 1 second. */
    public CompletableFuture<@Nullable Void> crawlerSleep(Duration pause) {
        return done(commands.crawlerSleep(pause));
    }

    /** Sets how many items of a slab class the crawler looks at in a run; 0 for all. */
    public CompletableFuture<@Nullable Void> crawlerLimit(long items) {
        return done(commands.crawlerLimit(items));
    }

    /** Has the crawler remove expired items of every slab class. */
    public CompletableFuture<@Nullable Void> crawl() {
        return done(commands.crawl(SlabClasses.all()));
    }

    /** Has the crawler remove expired items. */
    public CompletableFuture<@Nullable Void> crawl(SlabClasses classes) {
        return done(commands.crawl(classes));
    }

    /** Sets how much memory items may use, in megabytes. */
    public CompletableFuture<@Nullable Void> cacheMemoryLimit(long megabytes) {
        return done(commands.cacheMemoryLimit(megabytes));
    }

    /** Ends the server at once, if it was started with {@code -A}. */
    public CompletableFuture<@Nullable Void> shutdown() {
        return done(commands.shutdown(ShutdownMode.NOW));
    }

    /** Ends the server, if it was started with {@code -A}. */
    public CompletableFuture<@Nullable Void> shutdown(ShutdownMode mode) {
        return done(commands.shutdown(mode));
    }

    /** What the server of a key tells of its item without touching it, or null when there is none. */
    public CompletableFuture<@Nullable ItemDebug> debugItem(CharSequence key) {
        return futures.of(commands.debugItem(key));
    }

    /**
     * Sends one command line, on a connection of its own, and gives the lines of the answer: for commands that the client does not know.
     *
     * @param line printable, without line ends, of at most 2000 bytes; a command with a data block, or without an answer, is refused
     */
    public CompletableFuture<List<String>> command(ServerAddress server, String line) {
        return futures.of(commands.command(server, line));
    }

    /** All items of a server with what it knows of them. Each subscription is a dump of its own, on a connection of its own. */
    public Flow.Publisher<DumpedItem> metadump(ServerAddress server) {
        return metadump(server, SlabClasses.all());
    }

    /** As {@link #metadump(ServerAddress)}, of some slab classes. */
    public Flow.Publisher<DumpedItem> metadump(ServerAddress server, SlabClasses classes) {
        return new FeedPublisher<>(commands.metadump(server, classes), futures.executor());
    }

    /** The keys of all items of a server, which takes it less work than {@link #metadump(ServerAddress)}. */
    public Flow.Publisher<DumpedItem> mgdump(ServerAddress server) {
        return mgdump(server, SlabClasses.all());
    }

    /** As {@link #mgdump(ServerAddress)}, of some slab classes. */
    public Flow.Publisher<DumpedItem> mgdump(ServerAddress server, SlabClasses classes) {
        return new FeedPublisher<>(commands.mgdump(server, classes), futures.executor());
    }

    /** The logs of a server from now on, without an end. A slow subscriber makes the server drop lines, and say so. */
    public Flow.Publisher<WatchEvent> watch(ServerAddress server, Set<WatchLog> logs) {
        return new FeedPublisher<>(commands.watch(server, logs), futures.executor());
    }

    private <V> CompletableFuture<Map<ServerAddress, V>> answers(Call<MultiResults.PerServer<V>> call) {
        return futures.of(call, Results::answers);
    }

    private CompletableFuture<@Nullable Void> done(Call<MultiResults.PerServer<Boolean>> call) {
        return futures.of(call, Results::done);
    }
}
