package io.cachewire.internal.admin;

import static java.util.Locale.ROOT;

import io.cachewire.IllegalRequestException;
import io.cachewire.MultiResults;
import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.ServerState;
import io.cachewire.ServerVersion;
import io.cachewire.admin.ConnectionStats;
import io.cachewire.admin.DumpedItem;
import io.cachewire.admin.ItemDebug;
import io.cachewire.admin.LruMode;
import io.cachewire.admin.LruTuning;
import io.cachewire.admin.ServerCapabilities;
import io.cachewire.admin.ServerStats;
import io.cachewire.admin.SettingsStats;
import io.cachewire.admin.ShutdownMode;
import io.cachewire.admin.SizeStats;
import io.cachewire.admin.SlabAutomove;
import io.cachewire.admin.SlabClasses;
import io.cachewire.admin.SlabItems;
import io.cachewire.admin.SlabStats;
import io.cachewire.admin.WatchEvent;
import io.cachewire.admin.WatchLog;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.LineSource;
import io.cachewire.internal.operation.MultiOperation;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.Operations;
import io.cachewire.internal.protocol.line.LineCommand;
import io.cachewire.internal.protocol.line.LineCommand.Ending;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server commands (protocol.txt, from "Slabs Reassign" on) as calls. Statistics, version, flush_all, verbosity and the no-op go over the
 * client's connections; everything else, which nobody does often, over a connection of its own, so that an answer of unknown form can never
 * shift the replies of other calls. Arguments are checked before anything is sent.
 */
public final class AdminCommands {
    private static final long NANOS_BELOW_A_SECOND = 999_999_999;
    private static final long MAX_SLEEP_MICROS = 1_000_000;
    private static final long MAX_UNSIGNED_INT = 0xffff_ffffL;

    private final Engine engine;
    private final Operations operations;
    private final @Nullable Set<ServerAddress> chosen;

    /** Commands to all servers. */
    public AdminCommands(Engine engine, Operations operations) {
        this(engine, operations, null);
    }

    private AdminCommands(Engine engine, Operations operations, @Nullable Set<ServerAddress> chosen) {
        this.engine = engine;
        this.operations = operations;
        this.chosen = chosen;
    }

    /** Commands to some of the servers. */
    public AdminCommands on(ServerAddress... servers) {
        if (servers.length == 0) {
            throw new IllegalRequestException("on needs at least one server");
        }
        for (ServerAddress server : servers) {
            requireKnown(server);
        }
        return new AdminCommands(engine, operations, Set.of(servers));
    }

    private Stream<ServerAddress> servers() {
        return engine.cluster().servers().stream().map(ServerState::address);
    }

    private void requireKnown(ServerAddress server) {
        if (servers().noneMatch(known -> known.toString().equals(server.toString()))) {
            throw new IllegalRequestException(server + " is no server of this client");
        }
    }

    // ---- over the client's connections ----

    /** {@code stats}. */
    public Call<MultiResults.PerServer<ServerStats>> stats() {
        return stats("", StatsReading::general);
    }

    /** {@code stats settings}. */
    public Call<MultiResults.PerServer<SettingsStats>> statsSettings() {
        return stats("settings", StatsReading::settings);
    }

    /** {@code stats items}, by slab class. */
    public Call<MultiResults.PerServer<Map<Integer, SlabItems>>> statsItems() {
        return stats("items", StatsReading::items);
    }

    /** {@code stats slabs}. */
    public Call<MultiResults.PerServer<SlabStats>> statsSlabs() {
        return stats("slabs", StatsReading::slabs);
    }

    /** {@code stats sizes}. */
    public Call<MultiResults.PerServer<SizeStats>> statsSizes() {
        return stats("sizes", StatsReading::sizes);
    }

    /** {@code stats conns}, by file descriptor. */
    public Call<MultiResults.PerServer<Map<Integer, ConnectionStats>>> statsConnections() {
        return stats("conns", StatsReading::connections);
    }

    /** {@code stats reset}. */
    public Call<MultiResults.PerServer<Boolean>> resetStats() {
        return stats("reset", lines -> true);
    }

    /** {@code version}. */
    public Call<MultiResults.PerServer<ServerVersion>> version() {
        return each(operations.version(ServerVersion::find));
    }

    /** {@code version}, and what follows from it and from the greeting. */
    public Call<MultiResults.PerServer<ServerCapabilities>> capabilities() {
        return toEach(server -> engine.submitTo(
                server,
                operations.version(
                        text -> ServerCapabilities.of(ServerVersion.ofMemcached(text), engine.hasProvenMeta(server)))));
    }

    /** {@code flush_all}. */
    public Call<MultiResults.PerServer<Boolean>> flushAll(@Nullable Duration delay) {
        return each(operations.flushAll(delay));
    }

    /** {@code verbosity}. */
    public Call<MultiResults.PerServer<Boolean>> verbosity(int level) {
        return each(operations.verbosity(level));
    }

    /** {@code mn}, or the no-op of the dialect. */
    public Call<MultiResults.PerServer<Boolean>> noop() {
        return each(operations.noop());
    }

    private <R> Call<MultiResults.PerServer<R>> stats(String kind, Function<Map<String, String>, R> shape) {
        return each(operations.stats(kind, shape));
    }

    private <R> Call<MultiResults.PerServer<R>> each(Operation<R> operation) {
        return toEach(server -> engine.submitTo(server, operation));
    }

    private <R> Call<MultiResults.PerServer<R>> toEach(Function<ServerAddress, Call<R>> submit) {
        Map<ServerAddress, Call<R>> calls = new LinkedHashMap<>();
        for (ServerAddress server : servers().toList()) {
            if (chosen == null || chosen.stream().anyMatch(one -> one.toString().equals(server.toString()))) {
                calls.put(server, submit.apply(server));
            }
        }
        return MultiOperation.perServer(calls);
    }

    // ---- each over a connection of its own ----

    /** {@code stats sizes_enable}. */
    public Call<MultiResults.PerServer<Boolean>> enableSizes() {
        return sizes("stats sizes_enable", "enabled");
    }

    /** {@code stats sizes_disable}. */
    public Call<MultiResults.PerServer<Boolean>> disableSizes() {
        return sizes("stats sizes_disable", "disabled");
    }

    /** The answer is a line of statistics without an END. */
    private Call<MultiResults.PerServer<Boolean>> sizes(String line, String wanted) {
        ServerCapability needs = ServerCapability.SIZE_STATS_SWITCH;
        return each(new LineCommand(line, Ending.STATISTIC, needs), (lines, server) -> {
            if (lines.get(0).equals("STAT sizes_status " + wanted)) {
                return true;
            }
            throw AdminLines.failure(lines.get(0), server, needs);
        });
    }

    /** {@code slabs reassign}; -1 for a source of the server's choice. */
    public Call<MultiResults.PerServer<Boolean>> reassignSlab(int from, int to) {
        if (from < -1 || from > 255 || to < 0 || to > 255) {
            throw new IllegalRequestException("slab classes are 0 to 255, the source may be -1 for any");
        }
        return done("slabs reassign " + from + " " + to);
    }

    /** {@code slabs automove}. */
    public Call<MultiResults.PerServer<Boolean>> automoveSlabs(SlabAutomove mode) {
        return done(
                switch (mode) {
                    case OFF -> "slabs automove 0";
                    case ON -> "slabs automove 1";
                    case AGGRESSIVE -> "slabs automove 2";
                });
    }

    /** {@code lru tune}. */
    public Call<MultiResults.PerServer<Boolean>> tuneLru(LruTuning tuning) {
        return done(String.format(
                ROOT,
                "lru tune %d %d %.3f %.3f",
                tuning.hotPercent(),
                tuning.warmPercent(),
                tuning.maxHotFactor(),
                tuning.maxWarmFactor()));
    }

    /** {@code lru mode}. */
    public Call<MultiResults.PerServer<Boolean>> lruMode(LruMode mode) {
        return done("lru mode " + mode.name().toLowerCase(ROOT));
    }

    /** {@code lru temp_ttl}; null for none. */
    public Call<MultiResults.PerServer<Boolean>> lruTemporaryTtl(@Nullable Duration ttl) {
        if (ttl != null && (ttl.isNegative() || ttl.toSeconds() >= Integer.MAX_VALUE)) {
            throw new IllegalRequestException("a TTL for the temporary LRU is 0 to 68 years, not " + ttl);
        }
        return done("lru temp_ttl "
                + (ttl == null ? -1 : ttl.plusNanos(NANOS_BELOW_A_SECOND).toSeconds()));
    }

    /** {@code lru_crawler enable}. */
    public Call<MultiResults.PerServer<Boolean>> enableCrawler() {
        return done("lru_crawler enable");
    }

    /** {@code lru_crawler disable}. */
    public Call<MultiResults.PerServer<Boolean>> disableCrawler() {
        return done("lru_crawler disable");
    }

    /** {@code lru_crawler sleep}, in microseconds. */
    public Call<MultiResults.PerServer<Boolean>> crawlerSleep(Duration pause) {
        if (pause.isNegative() || pause.compareTo(Duration.ofNanos(MAX_SLEEP_MICROS * 1000)) > 0) {
            throw new IllegalRequestException("the crawler's pause is 0 to 1 second, not " + pause);
        }
        return done("lru_crawler sleep " + pause.toNanos() / 1000);
    }

    /** {@code lru_crawler tocrawl}; 0 for all. */
    public Call<MultiResults.PerServer<Boolean>> crawlerLimit(long items) {
        if (items < 0 || items > MAX_UNSIGNED_INT) {
            throw new IllegalRequestException("the crawler's limit is 0 to 2^32 - 1 items, not " + items);
        }
        return done("lru_crawler tocrawl " + items);
    }

    /** {@code lru_crawler crawl}. */
    public Call<MultiResults.PerServer<Boolean>> crawl(SlabClasses classes) {
        if (classes.toString().equals(SlabClasses.hash().toString())) {
            throw new IllegalRequestException("the hash order is for dumps; crawl takes slab classes");
        }
        return done("lru_crawler crawl " + classes);
    }

    /** {@code cache_memlimit}. */
    public Call<MultiResults.PerServer<Boolean>> cacheMemoryLimit(long megabytes) {
        if (megabytes < 1 || megabytes > Integer.MAX_VALUE) {
            throw new IllegalRequestException("the limit is 1 to 2^31 - 1 megabytes, not " + megabytes);
        }
        return done("cache_memlimit " + megabytes);
    }

    /** {@code shutdown}: the server ends without an answer. */
    public Call<MultiResults.PerServer<Boolean>> shutdown(ShutdownMode mode) {
        String line = mode == ShutdownMode.NOW ? "shutdown" : "shutdown graceful";
        return each(
                new LineCommand(line, Ending.CLOSED),
                (lines, server) -> lines.isEmpty() || AdminLines.ok(lines, server));
    }

    private Call<MultiResults.PerServer<Boolean>> done(String line) {
        return each(new LineCommand(line, Ending.ONE_LINE), AdminLines::ok);
    }

    private <R> Call<MultiResults.PerServer<R>> each(
            LineCommand command, BiFunction<List<String>, ServerAddress, R> answer) {
        return toEach(server -> command(server, command, answer));
    }

    private <R extends @Nullable Object> Call<R> command(
            ServerAddress server, LineCommand command, BiFunction<List<String>, ServerAddress, R> answer) {
        LineSource source =
                engine.open(server, command, Duration.ofNanos(operations.scope().timeoutNanos()));
        return new CommandCall<R>(server, source, lines -> answer.apply(lines, server)).start();
    }

    /** {@code me}, to the server of the key. */
    public Call<@Nullable ItemDebug> debugItem(CharSequence key) {
        Operation<?> placed = operations.delete(key);
        String line = "me " + operations.keyOnALine(key);
        ServerCapability needs = ServerCapability.DEBUG_ITEM;
        return this.<@Nullable ItemDebug>command(
                engine.serverOf(placed), new LineCommand(line, Ending.ITEM, needs), (lines, server) -> {
                    String answer = lines.get(0);
                    if (answer.equals("EN")) {
                        return null;
                    }
                    if (!answer.startsWith("ME ")) {
                        throw AdminLines.failure(answer, server, needs);
                    }
                    return LogReading.debugged(answer);
                });
    }

    /** Any command line whose answer is lines. */
    public Call<List<String>> command(ServerAddress server, String line) {
        return this.<List<String>>command(server, AdminLines.raw(line), (lines, from) -> List.copyOf(lines));
    }

    // ---- streams ----

    /** {@code lru_crawler metadump}. */
    public LineFeed<DumpedItem> metadump(ServerAddress server, SlabClasses classes) {
        return dump(server, new LineCommand("lru_crawler metadump " + classes, Ending.LIST, ServerCapability.METADUMP));
    }

    /** {@code lru_crawler mgdump}. */
    public LineFeed<DumpedItem> mgdump(ServerAddress server, SlabClasses classes) {
        String line = "lru_crawler mgdump " + classes;
        return dump(server, new LineCommand(line, Ending.LIST, ServerCapability.MGDUMP));
    }

    private LineFeed<DumpedItem> dump(ServerAddress server, LineCommand command) {
        requireKnown(server);
        return new LineFeed<>(() -> engine.open(server, command, null), line -> {
            if (LineCommand.isEnd(line) || line.equals("OK")) {
                return null;
            }
            DumpedItem item = LogReading.dumped(line);
            if (item == null && isRefusal(line)) {
                throw AdminLines.failure(line, server, command.needs());
            }
            return item;
        });
    }

    /** Such as {@code BUSY currently processing crawler request}; an odd line of a dump is none, and ends nothing. */
    private static boolean isRefusal(String line) {
        return !line.isEmpty() && line.charAt(0) >= 'A' && line.charAt(0) <= 'Z';
    }

    /** {@code watch}. */
    public LineFeed<WatchEvent> watch(ServerAddress server, Set<WatchLog> logs) {
        requireKnown(server);
        if (logs.isEmpty()) {
            throw new IllegalRequestException("watch needs at least one log");
        }
        TreeSet<WatchLog> sorted = new TreeSet<>(logs);
        ServerCapability needs = sorted.stream()
                .map(WatchLog::needs)
                .filter(Objects::nonNull)
                .max(Comparable::compareTo)
                .orElse(null);
        String names = sorted.stream().map(WatchLog::toString).collect(Collectors.joining(" "));
        LineCommand command = new LineCommand("watch " + names, Ending.OPEN, needs);
        return new LineFeed<>(() -> engine.open(server, command, null), line -> {
            if (line.equals("OK")) {
                return null;
            }
            if (LineCommand.isError(line)) {
                throw AdminLines.failure(line, server, needs);
            }
            return LogReading.watched(line);
        });
    }
}
