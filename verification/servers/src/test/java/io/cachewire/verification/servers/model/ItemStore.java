package io.cachewire.verification.servers.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The items of one server, and what a store command does to them. Used under the lock of the server. */
final class ItemStore {
    static final int LONGEST_RELATIVE = 60 * 60 * 24 * 30;

    enum Mode {
        SET,
        ADD,
        REPLACE,
        APPEND,
        PREPEND
    }

    enum Outcome {
        STORED,
        NOT_STORED,
        EXISTS,
        NOT_FOUND
    }

    private final Map<String, Item> items = new LinkedHashMap<>();
    private long lastCas;
    private long flushAt;

    long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** The second at which an item with this exptime ends: 0 for never, 1 for "already over". */
    long endOf(long exptime) {
        if (exptime == 0) {
            return 0;
        }
        if (exptime < 0) {
            return 1;
        }
        return exptime <= LONGEST_RELATIVE ? now() + exptime : exptime;
    }

    @Nullable
    Item find(String key) {
        flushWhenDue();
        Item item = items.get(key);
        if (item != null && item.end != 0 && item.end <= now()) {
            items.remove(key);
            return null;
        }
        return item;
    }

    /** A read by a client: the item counts as fetched. */
    @Nullable
    Item fetch(String key) {
        Item item = find(key);
        if (item != null) {
            use(item);
        }
        return item;
    }

    void use(Item item) {
        item.fetched = true;
        item.lastAccess = now();
    }

    void put(Item item) {
        item.cas = ++lastCas;
        item.lastAccess = now();
        items.put(item.key, item);
    }

    Outcome store(Item item, Mode mode) {
        Item old = find(item.key);
        if (mode == Mode.ADD ? old != null : mode != Mode.SET && old == null) {
            return Outcome.NOT_STORED;
        }
        if (old != null && (mode == Mode.APPEND || mode == Mode.PREPEND)) {
            item.value = mode == Mode.APPEND ? joined(old.value, item.value) : joined(item.value, old.value);
            item.flags = old.flags;
            item.end = old.end;
        }
        put(item);
        return Outcome.STORED;
    }

    /** Stores when the item has this cas unique. */
    Outcome compareAndStore(Item item, long cas) {
        Item old = find(item.key);
        if (old == null) {
            return Outcome.NOT_FOUND;
        }
        if (old.cas != cas) {
            return Outcome.EXISTS;
        }
        put(item);
        return Outcome.STORED;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Counts in an item; the number that results, or null where the value is none. */
    @Nullable
    Long count(Item item, LongBinaryOperator sum, long delta, boolean padded) {
        long number;
        try {
            number = Long.parseUnsignedLong(item.text().strip());
        } catch (NumberFormatException e) {
            return null;
        }
        long result = sum.applyAsLong(number, delta);
        byte[] digits = Long.toUnsignedString(result).getBytes(StandardCharsets.ISO_8859_1);
        if (padded && digits.length < item.value.length) {
            byte[] wide = Arrays.copyOf(digits, item.value.length);
            Arrays.fill(wide, digits.length, wide.length, (byte) ' ');
            digits = wide;
        }
        item.value = digits;
        item.cas = ++lastCas;
        item.lastAccess = now();
        return result;
    }

    static long down(long number, long delta) {
        return Long.compareUnsigned(delta, number) > 0 ? 0 : number - delta;
    }

    boolean remove(String key) {
        boolean there = find(key) != null;
        items.remove(key);
        return there;
    }

    void markStale(Item item) {
        item.stale = true;
        item.won = false;
        item.cas = ++lastCas;
    }

    void flush(long delaySeconds) {
        flushAt = delaySeconds <= 0 ? 0 : now() + delaySeconds;
        if (flushAt == 0) {
            items.clear();
        }
    }

    private void flushWhenDue() {
        if (flushAt != 0 && flushAt <= now()) {
            items.clear();
            flushAt = 0;
        }
    }

    Collection<Item> all() {
        flushWhenDue();
        return List.copyOf(items.values());
    }
}
