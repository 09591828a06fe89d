package io.cachewire.interop.live;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MultiResults;
import io.cachewire.SerdeException;
import io.cachewire.ServerAddress;
import io.cachewire.ValueType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One foreign client and ours on the same five servers: 1 000 keys written by each and read by the other. What a client makes
 * of its own values ({@code True} that comes back as 1, numbers that come back as text) counts as right, anything else that is
 * not equal as wrong.
 */
final class Sharing implements AutoCloseable {
    static final int KEYS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What became of a value on the way from the writer to the reader. */
    enum Way {
        /** The writer has no form for such a value, and said so. */
        NOT_WRITTEN,
        /** It arrived. */
        ARRIVED,
        /** The reader refused it with an error. */
        REFUSED,
        /** Bytes were asked for, and came with what the writer's serializer puts around them. */
        UNOPENED
    }

    /**
     * What was found in one direction.
     *
     * @param ways what became of each kind
     * @param found values that were asked for and on the first server asked
     * @param missed questions to a server that did not have the key
     * @param wrong values that arrived and were others
     */
    record Direction(Map<Kind, Way> ways, long stored, long found, long missed, List<String> wrong) {}

    private final Pool pool;
    private final Setup setup;
    private final Peer peer;
    private final BlockingMemcachedClient ours;
    /** What the foreign client makes of its own values. */
    private final Map<String, Object> theirView = new HashMap<>();

    /** Empties the servers and connects both. */
    Sharing(Setup setup, Pool pool) {
        this.pool = pool;
        this.setup = setup;
        List<ServerAddress> servers = pool.servers(setup::weight);
        pool.clear();
        peer = setup.peer().apply(servers);
        ours = BlockingMemcachedClient.builder()
                .servers(servers)
                .requestTimeout(PATIENCE)
                .connectTimeout(PATIENCE)
                .interop(setup.ours())
                .build();
    }

    Peer peer() {
        return peer;
    }

    BlockingMemcachedClient ours() {
        return ours;
    }

    /** They write, we read. */
    Direction theirsToOurs() {
        Map<String, Object> values = values("theirs");
        Map<String, String> notStored = peer.store(values, 0);
        Map<String, Object> stored = without(values, notStored.keySet());
        theirView.putAll(peer.fetch(stored.keySet()).hits());
        // the greeting of each connection reads a key that no item has
        ours.connect();
        long hits = pool.sum("get_hits");
        long misses = pool.sum("get_misses");
        Tally tally = new Tally();
        notStored.keySet().forEach(key -> tally.add(kindOf(key), Way.NOT_WRITTEN));
        for (Kind kind : Kind.values()) {
            List<String> keys =
                    stored.keySet().stream().filter(key -> kindOf(key) == kind).toList();
            readOurs(kind, keys, stored, tally);
        }
        long found = pool.sum("get_hits") - hits;
        long missed = pool.sum("get_misses") - misses;
        // at most once more each; the first key of a command tells by itself what it is
        long askedAgain = Math.min(Math.max(0, found - stored.size()), pool.emptyWithoutFlags());
        return new Direction(tally.ways(), stored.size(), found - askedAgain, missed, tally.wrong);
    }

    private void readOurs(Kind kind, List<String> keys, Map<String, Object> stored, Tally tally) {
        @SuppressWarnings("unchecked")
        ValueType<Object> type = (ValueType<Object>) kind.type();
        MultiResults.Got<String, Object> got = ours.getAllResults(keys, type);
        for (String key : keys) {
            if (got.failed().get(key) instanceof SerdeException) {
                tally.add(kind, Way.REFUSED);
            } else if (got.failed().containsKey(key)) {
                tally.wrong(key, got.failed().get(key));
            } else {
                // a stored null is a miss to us; that the server had it is counted in hits
                tally.arrived(key, got.hits().get(key), stored.get(key), theirView.get(key));
            }
        }
    }

    /** We write, they read; to be called after {@link #theirsToOurs}. */
    Direction oursToTheirs() {
        Map<String, Object> values = values("ours");
        Tally tally = new Tally();
        Map<String, Object> stored = write(values, tally);
        long hits = pool.sum("get_hits");
        long misses = pool.sum("get_misses");
        Peer.Fetched read = peer.fetch(stored.keySet());
        long hit = pool.sum("get_hits") - hits;
        long missed = pool.sum("get_misses") - misses;
        stored.forEach((key, value) -> {
            if (read.failed().containsKey(key)) {
                tally.add(kindOf(key), Way.REFUSED);
            } else {
                tally.arrived(key, read.hits().get(key), value, theirView.get(key.replace("ours", "theirs")));
            }
        });
        return new Direction(tally.ways(), stored.size(), hit, missed, tally.wrong);
    }

    /** All values in one batch; what was stored. */
    private Map<String, Object> write(Map<String, Object> values, Tally tally) {
        Map<String, Object> writable = new LinkedHashMap<>(values);
        writable.values().removeIf(Objects::isNull);
        MultiResults.Stored<String> results = ours.setAllResults(writable, null);
        values.forEach((key, value) -> {
            if (value == null || results.failed().get(key) instanceof SerdeException) {
                tally.add(kindOf(key), Way.NOT_WRITTEN);
            } else if (results.failed().containsKey(key)) {
                tally.wrong(key, results.failed().get(key));
            }
        });
        writable.keySet().removeAll(results.failed().keySet());
        return writable;
    }

    private static Map<String, Object> without(Map<String, Object> all, Collection<String> keys) {
        Map<String, Object> rest = new LinkedHashMap<>(all);
        rest.keySet().removeAll(keys);
        return rest;
    }

    /** As many of each kind; one key in twenty is no ASCII where the client allows it. */
    private Map<String, Object> values(String writer) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < KEYS; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            String family = i % 20 == 7 && !setup.asciiKeys() ? "schlüssel" : "user";
            values.put(family + ":" + i * 7919L + ":" + writer + ":" + i, kind.value(i));
        }
        return values;
    }

    private static Kind kindOf(String key) {
        int i = Integer.parseInt(key.substring(key.lastIndexOf(':') + 1));
        return Kind.values()[i % Kind.values().length];
    }

    @Override
    public void close() {
        ours.close();
        peer.close();
    }

    /** What became of the values so far; all of one kind must fare alike. */
    private static final class Tally {
        private final Map<Kind, Way> ways = new EnumMap<>(Kind.class);
        private final List<String> wrong = new ArrayList<>();

        void add(Kind kind, Way way) {
            Way before = ways.putIfAbsent(kind, way);
            if (before != null && before != way) {
                wrong.add("values of the kind " + kind + " are both " + before + " and " + way);
            }
        }

        void arrived(String key, Object value, Object written, Object theirView) {
            Kind kind = kindOf(key);
            // a client without types gives text as bytes
            boolean asTheirs = Canonical.sameOrSpelt(value, theirView == null ? written : theirView);
            if (Canonical.same(value, written) || asTheirs || Canonical.isTextOf(value, written)) {
                add(kind, Way.ARRIVED);
            } else if (kind == Kind.BYTES && contains((byte[]) value, (byte[]) written)) {
                add(kind, Way.UNOPENED);
            } else {
                wrong(key, value);
            }
        }

        private static boolean contains(byte[] whole, byte[] part) {
            return whole != null
                    && new String(whole, StandardCharsets.ISO_8859_1)
                            .contains(new String(part, StandardCharsets.ISO_8859_1));
        }

        void wrong(String key, Object what) {
            String text = what instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(what);
            String type = what == null ? "" : " (" + what.getClass().getSimpleName() + ")";
            wrong.add(kindOf(key) + " " + key + ": " + text.substring(0, Math.min(200, text.length())) + type);
        }

        Map<Kind, Way> ways() {
            return ways;
        }
    }
}
