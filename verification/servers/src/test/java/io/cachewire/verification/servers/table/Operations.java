package io.cachewire.verification.servers.table;

import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.CommandRefusedException;
import io.cachewire.Expiry;
import io.cachewire.Item;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerErrorException;
import io.cachewire.ValueType;
import io.cachewire.admin.DumpedItem;
import io.cachewire.admin.ItemDebug;
import io.cachewire.admin.LruMode;
import io.cachewire.admin.LruTuning;
import io.cachewire.admin.SlabAutomove;
import io.cachewire.admin.WatchEvent;
import io.cachewire.admin.WatchLog;
import io.cachewire.meta.MetaCount;
import io.cachewire.meta.MetaCounted;
import io.cachewire.meta.MetaDelete;
import io.cachewire.meta.MetaGet;
import io.cachewire.meta.MetaSet;
import io.cachewire.meta.MetaStatus;
import io.cachewire.meta.MetaStored;
import io.cachewire.meta.MetaValue;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Every operation of the public clients with what it must do. A row is named by the operation; what stands behind a
 * comma names a form of it. {@link SurfaceTest} compares the names with the clients.
 */
final class Operations {
    /** What an operation must do; it fails with an {@link AssertionError} where the result is wrong. */
    interface Row {
        void tryIt(Attempt attempt) throws Exception;
    }

    private static final Duration TTL = Duration.ofSeconds(100);
    private static final Expiry NEVER = Expiry.never();
    private static final ValueType<String> TEXT = ValueType.of(String.class);

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private Operations() {}

    static Map<String, Row> all() {
        Operations operations = new Operations();
        operations.reads();
        operations.manyReads();
        operations.writes();
        operations.manyWrites();
        operations.counters();
        operations.views();
        operations.metaCommands();
        operations.fireAndForget();
        operations.servers();
        operations.statistics();
        operations.memory();
        operations.crawler();
        operations.streams();
        operations.flushes();
        return operations.rows;
    }

    private void row(String name, Row row) {
        if (rows.put(name, row) != null) {
            throw new AssertionError("two rows for " + name);
        }
    }

    private void reads() {
        row("get", a -> {
            a.gives("v", "get", a.given("k", "v"), String.class);
            a.gives(null, "get", a.key("absent"), String.class);
        });
        row("getOrDefault", a -> {
            a.gives("v", "getOrDefault", a.given("k", "v"), String.class, "d");
            a.gives("d", "getOrDefault", a.key("absent"), String.class, "d");
        });
        row("gets", a -> {
            a.fulfils(CasValue.class, v -> v.value().equals("v"), "gets", a.given("k", "v"), String.class);
            a.gives(null, "gets", a.key("absent"), String.class);
        });
        row("item", a -> {
            a.fulfils(
                    Item.class, i -> i.value().equals("v") && i.flags() == 1, "item", a.given("k", "v"), String.class);
            a.gives(null, "item", a.key("absent"), String.class);
        });
        row("getAndTouch", a -> {
            a.gives("v", "getAndTouch", a.given("k", "v"), String.class, TTL);
            a.gives(null, "getAndTouch", a.key("absent"), String.class, TTL);
        });
        row("touch", a -> {
            a.gives(true, "touch", a.given("k", "v"), TTL);
            a.gives(false, "touch", a.key("absent"), TTL);
            a.stands("k", "v");
        });
    }

    /** Twelve keys, of which every other has a value. */
    private static Map<String, String> half(Attempt a) throws Exception {
        Map<String, String> half = new LinkedHashMap<>();
        for (int i = 0; i < 12; i += 2) {
            half.put(a.given("k" + i, "v" + i), "v" + i);
        }
        return half;
    }

    private static List<String> twelve(Attempt a) {
        return IntStream.range(0, 12).mapToObj(i -> a.key("k" + i)).toList();
    }

    private void manyReads() {
        row("getAll", a -> {
            Map<String, String> half = half(a);
            a.gives(half, "getAll", twelve(a), TEXT);
        });
        row("getAllResults", a -> {
            Map<String, String> half = half(a);
            a.fulfils(
                    MultiResults.Got.class,
                    got -> failures(got).isEmpty()
                            && got.hits().equals(half)
                            && got.missing().size() == 6,
                    "getAllResults",
                    twelve(a),
                    TEXT);
        });
        row("getsAll", a -> {
            Map<String, String> half = half(a);
            a.fulfils(Map.class, found -> casValues(found).equals(half), "getsAll", twelve(a), TEXT);
        });
    }

    /** Throws what a key failed with, so that a refusal of each is one of the operation. */
    private static Map<?, ?> failures(MultiResults<?> results) {
        results.failed().values().stream().findFirst().ifPresent(failure -> {
            throw failure;
        });
        return results.failed();
    }

    private static Map<Object, Object> casValues(Map<?, ?> found) {
        Map<Object, Object> values = new TreeMap<>();
        found.forEach((key, value) -> values.put(key, ((CasValue<?>) value).value()));
        return values;
    }

    private void writes() {
        row("set", a -> {
            a.call("set", a.key("k"), "v", TTL);
            a.stands("k", "v");
        });
        row("add", a -> {
            a.gives(true, "add", a.key("k"), "v", TTL);
            a.gives(false, "add", a.key("k"), "w", TTL);
            a.stands("k", "v");
        });
        row("replace", a -> {
            a.gives(false, "replace", a.key("k"), "v", TTL);
            a.gives(true, "replace", a.given("k", "v"), "w", TTL);
            a.stands("k", "w");
        });
        row("append", a -> {
            a.gives(false, "append", a.key("absent"), "w");
            a.gives(true, "append", a.given("k", "v"), "w");
            a.stands("k", "vw");
        });
        row("prepend", a -> {
            a.gives(false, "prepend", a.key("absent"), "w");
            a.gives(true, "prepend", a.given("k", "v"), "w");
            a.stands("k", "wv");
        });
        row("cas", a -> {
            CasValue<?> read = (CasValue<?>) a.call("gets", a.given("k", "v"), String.class);
            long cas = read == null ? 1 : read.cas();
            a.gives(CasResult.STORED, "cas", a.key("k"), "w", cas, TTL);
            a.gives(CasResult.EXISTS, "cas", a.key("k"), "x", cas, TTL);
            a.gives(CasResult.NOT_FOUND, "cas", a.key("absent"), "x", cas, TTL);
            a.stands("k", "w");
        });
        row("cas, with a unique of elsewhere", a -> {
            a.gives(CasResult.EXISTS, "cas", a.given("k", "v"), "flush_all", 1_000_000_007L, TTL);
            a.gives(CasResult.NOT_FOUND, "cas", a.key("absent"), "flush_all", 1_000_000_007L, TTL);
            a.stands("k", "v");
        });
        row("update", a -> {
            Function<String, String> change = old -> old + "w";
            a.gives("vw", "update", a.given("k", "v"), TEXT, NEVER, change);
            a.stands("k", "vw");
        });
        row("delete", a -> {
            a.gives(true, "delete", a.given("k", "v"));
            a.gives(false, "delete", a.key("k"));
            a.stands("k", null);
        });
        row("markStale", a -> {
            a.gives(true, "markStale", a.given("k", "v"), TTL);
            a.gives(false, "markStale", a.key("absent"), TTL);
        });
    }

    private static Map<String, String> twelveValues(Attempt a) {
        return twelve(a).stream().collect(Collectors.toMap(key -> key, key -> "v"));
    }

    private void manyWrites() {
        row("setAll", a -> {
            Object notStored = a.call("setAll", twelveValues(a), TTL);
            if (!Set.of().equals(notStored)) {
                // it tells the keys alone; why, the other form tells
                failures((MultiResults<?>) a.call("setAllResults", twelveValues(a), NEVER));
                throw new AssertionError("setAll did not store " + notStored);
            }
            a.stands("k0", "v");
            a.stands("k11", "v");
        });
        row("setAllResults", a -> {
            a.fulfils(
                    MultiResults.Stored.class,
                    stored -> failures(stored).isEmpty() && stored.stored().size() == 12,
                    "setAllResults",
                    twelveValues(a),
                    NEVER);
            a.stands("k11", "v");
        });
        row("deleteAll", a -> {
            Set<String> half = half(a).keySet();
            a.gives(half, "deleteAll", twelve(a));
            a.stands("k10", null);
        });
        row("deleteAllResults", a -> {
            Set<String> half = half(a).keySet();
            a.fulfils(
                    MultiResults.Deleted.class,
                    deleted -> failures(deleted).isEmpty()
                            && deleted.deleted().equals(half)
                            && deleted.missing().size() == 6,
                    "deleteAllResults",
                    twelve(a));
        });
    }

    private void counters() {
        row("increment", a -> {
            a.gives(12L, "increment", a.given("n", "7"), 5L);
            a.gives(null, "increment", a.key("absent"), 1L);
        });
        row("increment, with an initial value", a -> {
            a.gives(40L, "increment", a.key("n"), 5L, 40L, TTL);
            a.gives(45L, "increment", a.key("n"), 5L, 40L, TTL);
        });
        row("decrement", a -> {
            a.gives(2L, "decrement", a.given("n", "7"), 5L);
            a.gives(0L, "decrement", a.key("n"), 5L);
            a.gives(null, "decrement", a.key("absent"), 1L);
        });
        row("decrement, with an initial value", a -> {
            a.gives(40L, "decrement", a.key("n"), 5L, 40L, TTL);
            a.gives(35L, "decrement", a.key("n"), 5L, 40L, TTL);
        });
    }

    private void views() {
        row("namespace", a -> {
            a.face().namespace(a.prefix()).call("set", "k", "v", TTL);
            a.stands("k", "v");
        });
        row("withRequestTimeout", a -> {
            Object read =
                    a.face().withRequestTimeout(Duration.ofSeconds(1)).call("get", a.given("k", "v"), String.class);
            if (!"v".equals(read)) {
                throw new AssertionError("gave " + read);
            }
        });
        // these two never throw: a server that does not answer, or wants a login, is left out or among the failures
        row("connect", a -> a.fulfils(Set.class, servers -> servers.size() <= 1, "connect"));
        row("ping", a -> a.fulfils(MultiResults.PerServer.class, results -> results.size() == 1, "ping"));
        row("disconnectAll", a -> {
            a.face().disconnectAll();
            a.gives("v", "get", a.given("k", "v"), String.class);
        });
    }

    private void metaCommands() {
        row("meta.get", a -> {
            a.fulfils(
                    MetaValue.Hit.class,
                    hit -> hit.item().value().equals("v"),
                    "meta.get",
                    a.given("k", "v"),
                    String.class,
                    MetaGet.plain());
            a.fulfils(MetaValue.Miss.class, miss -> true, "meta.get", a.key("absent"), String.class, MetaGet.plain());
        });
        row("meta.get, with a lease", a -> {
            MetaGet lease = MetaGet.plain().vivify(Duration.ofSeconds(30));
            a.fulfils(MetaValue.Win.class, win -> true, "meta.get", a.key("k"), String.class, lease);
            a.fulfils(MetaValue.Won.class, won -> true, "meta.get", a.key("k"), String.class, lease);
        });
        row("meta.set", a -> {
            a.fulfils(MetaStored.class, MetaStored::isStored, "meta.set", a.key("k"), "v", MetaSet.plain());
            a.fulfils(
                    MetaStored.class,
                    stored -> stored.status() == MetaStatus.NOT_STORED,
                    "meta.set",
                    a.key("k"),
                    "w",
                    MetaSet.of(MetaSet.Mode.ADD));
            a.stands("k", "v");
        });
        row("meta.set, append that creates", a -> {
            MetaSet append = MetaSet.of(MetaSet.Mode.APPEND).vivify(TTL);
            MetaStored stored = (MetaStored) a.call("meta.set", a.key("k"), "v", append);
            if (!stored.isStored()) {
                throw new Outcome.AnsweredOtherwise(String.valueOf(stored.status()));
            }
            a.stands("k", "v");
        });
        row("meta.set, with a cas unique of the caller", a -> {
            a.fulfils(
                    MetaStored.class,
                    stored -> Long.valueOf(77).equals(stored.cas()),
                    "meta.set",
                    a.key("k"),
                    "v",
                    MetaSet.plain().newCas(77));
            a.stands("k", "v");
        });
        row("meta.delete", a -> {
            a.gives(MetaStatus.DONE, "meta.delete", a.given("k", "v"), MetaDelete.plain());
            a.gives(MetaStatus.NOT_FOUND, "meta.delete", a.key("k"), MetaDelete.plain());
            a.stands("k", null);
        });
        row("meta.delete, of the value alone", a -> {
            a.gives(
                    MetaStatus.DONE,
                    "meta.delete",
                    a.given("k", "v"),
                    MetaDelete.plain().removeValue());
            a.stands("k", "");
        });
        row("meta.count", a -> {
            a.fulfils(
                    MetaCounted.class,
                    n -> Long.valueOf(12).equals(n.value()),
                    "meta.count",
                    a.given("n", "7"),
                    MetaCount.up(5));
            a.fulfils(
                    MetaCounted.class,
                    n -> n.status() == MetaStatus.NOT_FOUND,
                    "meta.count",
                    a.key("absent"),
                    MetaCount.down(5));
        });
    }

    private void fireAndForget() {
        row("fireAndForget.set", a -> {
            a.face().fireAndForget().set(a.key("k"), "v", TTL);
            a.becomes("k", "v");
        });
        row("fireAndForget.add", a -> {
            a.face().fireAndForget().add(a.key("k"), "v", NEVER);
            a.becomes("k", "v");
        });
        row("fireAndForget.replace", a -> {
            a.face().fireAndForget().replace(a.given("k", "v"), "w", NEVER);
            a.becomes("k", "w");
        });
        row("fireAndForget.append", a -> {
            a.face().fireAndForget().append(a.given("k", "v"), "w");
            a.becomes("k", "vw");
        });
        row("fireAndForget.prepend", a -> {
            a.face().fireAndForget().prepend(a.given("k", "v"), "w");
            a.becomes("k", "wv");
        });
        row("fireAndForget.delete", a -> {
            a.face().fireAndForget().delete(a.given("k", "v"));
            a.becomes("k", null);
        });
        row("fireAndForget.increment", a -> {
            a.face().fireAndForget().increment(a.given("n", "7"), 5);
            a.becomes("n", "12");
        });
        row("fireAndForget.decrement", a -> {
            a.face().fireAndForget().decrement(a.given("n", "7"), 5);
            a.becomes("n", "2");
        });
        row("fireAndForget.touch", a -> {
            // the expiry cannot be read on every server: an end in the past can
            a.face()
                    .fireAndForget()
                    .touch(a.given("k", "v"), Expiry.at(Instant.now().minusSeconds(100)));
            if (a.call("get", a.key("k"), String.class) != null) {
                // Hazelcast takes no moment, but a time
                a.face().fireAndForget().touch(a.key("k"), Expiry.after(Duration.ofSeconds(1)));
                a.becomes("k", null);
            }
        });
    }

    private static Row answers(String operation, Object... arguments) {
        return a -> a.fulfils(Map.class, answers -> !answers.isEmpty(), operation, arguments);
    }

    private static Row runs(String operation, Object... arguments) {
        return a -> a.call(operation, arguments);
    }

    private void servers() {
        row("version", answers("version"));
        row("verbosity", runs("verbosity", 0));
        row("stats", a -> {
            a.fulfils(Map.class, answers -> !((Map<?, ?>) one(answers)).isEmpty(), "stats");
            a.fulfils(Map.class, answers -> !((Map<?, ?>) one(answers)).isEmpty(), "stats", "settings");
        });
        row("admin.version", answers("admin.version"));
        row("admin.on", a -> a.fulfils(Map.class, answers -> answers.size() == 1, "admin.on", a.server()));
        row("admin.capabilities", answers("admin.capabilities"));
        row("admin.noop", runs("admin.noop"));
        row("admin.verbosity", runs("admin.verbosity", 0));
        row(
                "admin.command",
                a -> a.fulfils(
                        List.class,
                        lines -> lines.get(0).toString().startsWith("VERSION "),
                        "admin.command",
                        a.server(),
                        "version"));
        row("admin.debugItem", a -> {
            a.fulfils(ItemDebug.class, item -> item.size() != null, "admin.debugItem", a.given("k", "v"));
            a.gives(null, "admin.debugItem", a.key("absent"));
        });
        row("admin.shutdown", a -> answered("shutdown not enabled", a, "admin.shutdown"));
    }

    private static Object one(Map<?, ?> answers) {
        return answers.values().iterator().next();
    }

    /** The right answer is that the server does not do it: it understood. */
    private static void answered(String word, Attempt a, String operation, Object... arguments) throws Exception {
        try {
            a.call(operation, arguments);
        } catch (PartialResultException e) {
            Object failure = one(e.results().failed());
            boolean understood = (failure instanceof ServerErrorException || failure instanceof CommandRefusedException)
                    && ((Exception) failure).getMessage().contains(word);
            if (!understood) {
                throw e;
            }
        }
    }

    private void statistics() {
        row("admin.stats", answers("admin.stats"));
        row("admin.statsSettings", answers("admin.statsSettings"));
        row("admin.statsItems", answers("admin.statsItems"));
        row("admin.statsSlabs", answers("admin.statsSlabs"));
        row("admin.statsSizes", answers("admin.statsSizes"));
        row("admin.statsConnections", answers("admin.statsConnections"));
        row("admin.resetStats", runs("admin.resetStats"));
        row("admin.enableSizes", runs("admin.enableSizes"));
        row("admin.disableSizes", runs("admin.disableSizes"));
    }

    private void memory() {
        row("admin.reassignSlab", a -> answered("NOSPARE", a, "admin.reassignSlab", 1, 2));
        row("admin.automoveSlabs", runs("admin.automoveSlabs", SlabAutomove.ON));
        row("admin.tuneLru", runs("admin.tuneLru", new LruTuning(20, 40, 0.2, 2.0)));
        row("admin.lruMode", a -> {
            a.call("admin.lruMode", LruMode.FLAT);
            a.call("admin.lruMode", LruMode.SEGMENTED);
        });
        row("admin.lruTemporaryTtl", runs("admin.lruTemporaryTtl", Duration.ofSeconds(60)));
        row("admin.cacheMemoryLimit", runs("admin.cacheMemoryLimit", 64L));
    }

    private void crawler() {
        // the crawler's thread takes a moment to start and to stop, in which the server answers that it failed to
        row("admin.disableCrawler", a -> {
            answered("failed to start", a, "admin.enableCrawler");
            a.patiently("failed to stop", "admin.disableCrawler");
            a.patiently("failed to start", "admin.enableCrawler");
        });
        row("admin.enableCrawler", a -> {
            a.patiently("failed to stop", "admin.disableCrawler");
            a.patiently("failed to start", "admin.enableCrawler");
        });
        row("admin.crawlerSleep", runs("admin.crawlerSleep", Duration.ofMillis(1)));
        row("admin.crawlerLimit", runs("admin.crawlerLimit", 0L));
        row("admin.crawl", a -> a.patiently("BUSY", "admin.crawl"));
    }

    private void streams() {
        row("admin.metadump", a -> dumps(a, "admin.metadump"));
        row("admin.mgdump", a -> dumps(a, "admin.mgdump"));
        row("admin.watch", a -> event(a, Set.of(WatchLog.MUTATIONS)));
        row("admin.watch, for deletions", a -> event(a, Set.of(WatchLog.DELETIONS)));
    }

    private static void dumps(Attempt a, String operation) throws Exception {
        String key = a.given("k", "v");
        List<?> items = Objects.requireNonNull((List<?>) a.patiently("BUSY", operation, a.server()));
        if (!keys(items).contains(key)) {
            throw new AssertionError(operation + " gave " + items);
        }
    }

    private static Set<String> keys(List<?> items) {
        return items.stream()
                .map(item -> ((DumpedItem) item).key())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void event(Attempt a, Set<WatchLog> logs) throws Exception {
        Object event = a.firstEvent(logs);
        if (!(event instanceof WatchEvent.Logged)) {
            throw new AssertionError("the first event is " + event);
        }
    }

    /** At the end: an immediate flush takes a delayed one back. */
    private void flushes() {
        row("flushAll, with a delay", a -> {
            a.call("flushAll", Duration.ofSeconds(1000));
            a.gives("v", "get", a.given("k", "v"), String.class);
        });
        row("flushAll", a -> {
            a.given("k", "v");
            a.call("flushAll");
            a.stands("k", null);
        });
        row("admin.flushAll", a -> {
            a.given("k", "v");
            a.call("admin.flushAll");
            a.stands("k", null);
        });
    }

    /** The server of an address as the client names it. */
    static ServerAddress server(String address) {
        return ServerAddress.parse(address);
    }
}
