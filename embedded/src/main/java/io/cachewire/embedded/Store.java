package io.cachewire.embedded;

import io.cachewire.embedded.StoreOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The items, by key, and in the order of their last use. Everything happens on the server's thread. Expired and
 * flushed items go when somebody asks for them or when room is needed.
 */
final class Store {
    private static final int LARGEST_NUMBER_BYTES = SlabClasses.PAGE_BYTES / 2;

    private final ServerClock clock;
    private final Statistics statistics;
    private final long maxBytes;
    private final int maxItemBytes;
    private final long maxHeapBytes;
    // eldest first
    private final LinkedHashMap<String, Item> items = new LinkedHashMap<>();
    private long bytes;
    private long heapBytes;
    private long lastCas;
    private int flushMoment;
    private long flushCas;

    /** @param maxHeapBytes how much of the heap the items may take, with the objects around them */
    Store(ServerClock clock, Statistics statistics, long maxBytes, int maxItemBytes, long maxHeapBytes) {
        this.clock = clock;
        this.statistics = statistics;
        this.maxBytes = maxBytes;
        this.maxItemBytes = maxItemBytes;
        this.maxHeapBytes = maxHeapBytes;
    }

    /** Whether an item may be stored at all. */
    enum Room {
        ENOUGH,
        TOO_LARGE,
        OUT_OF_MEMORY
    }

    Room room(String key, int flags, long valueLength) {
        long size = Item.size(key, flags, valueLength);
        if (size > maxItemBytes) {
            return Room.TOO_LARGE;
        }
        return size > Math.min(maxBytes, maxHeapBytes) ? Room.OUT_OF_MEMORY : Room.ENOUGH;
    }

    /** The item, if it is there and not over; does not count as a use. */
    @Nullable
    Item find(String key) {
        Item item = items.get(key);
        if (item == null) {
            return null;
        }
        if (isFlushed(item)) {
            statistics.getFlushed++;
        } else if (isExpired(item)) {
            statistics.getExpired++;
        } else {
            return item;
        }
        countUnfetched(item);
        remove(item);
        return null;
    }

    /** As {@link #find}, and counts as a use. */
    @Nullable
    Item fetch(String key) {
        Item item = find(key);
        if (item != null) {
            use(item);
        }
        return item;
    }

    /**
     * Counts as a use. The first fetch leaves the time of last access as it is, so that {@code l} tells the age since
     * the store.
     */
    void use(Item item) {
        if (item.fetched) {
            item.lastAccess = clock.now();
        }
        item.fetched = true;
        moveToYoungest(item);
    }

    void remove(Item item) {
        if (items.remove(item.key, item)) {
            count(item, -1);
        }
    }

    private void count(Item item, int times) {
        bytes += times * item.size();
        heapBytes += times * item.heapSize();
    }

    /** Puts a new item in its place, evicting from the eldest side; the caller has asked {@link #room}. */
    void link(Item item) {
        Item old = items.remove(item.key);
        if (old != null) {
            count(old, -1);
        }
        item.cas = nextCas();
        item.lastAccess = clock.now();
        items.put(item.key, item);
        count(item, 1);
        statistics.totalItems++;
        evictTo(maxBytes, maxHeapBytes);
    }

    private void evictTo(long most, long mostOfHeap) {
        Iterator<Item> eldest = items.values().iterator();
        while ((bytes > most || heapBytes > mostOfHeap) && eldest.hasNext()) {
            Item victim = eldest.next();
            eldest.remove();
            count(victim, -1);
            countVictim(victim);
        }
    }

    /**
     * After an Error: counts the bytes again, as the command that met it may have come half way, and gives up the
     * eldest half of the items, as the heap may be full.
     */
    void shrink() {
        bytes = 0;
        heapBytes = 0;
        for (Item item : items.values()) {
            count(item, 1);
        }
        evictTo(bytes / 2, heapBytes / 2);
    }

    StoreOutcome store(Item item, StoreMode mode) {
        Item old = find(item.key);
        if (old == null) {
            return switch (mode) {
                case SET, ADD -> stored(item);
                case CAS, CAS_OR_STALE -> {
                    statistics.casMisses++;
                    yield StoreOutcome.not(Status.NOT_FOUND);
                }
                case REPLACE, APPEND, PREPEND -> StoreOutcome.not(Status.NOT_STORED);
            };
        }
        return switch (mode) {
            case SET, REPLACE -> stored(item);
            case ADD -> {
                old.lastAccess = clock.now();
                moveToYoungest(old);
                yield StoreOutcome.not(Status.NOT_STORED);
            }
            case CAS, CAS_OR_STALE -> compareAndStore(item, old, mode);
            case APPEND, PREPEND -> join(item, old, mode);
        };
    }

    private StoreOutcome compareAndStore(Item item, Item old, StoreMode mode) {
        if (item.cas != 0 && item.cas == old.cas) {
            statistics.casHits++;
            return stored(item);
        }
        if (mode == StoreMode.CAS_OR_STALE && item.cas != 0 && Long.compareUnsigned(item.cas, old.cas) < 0) {
            item.exptime = old.exptime;
            item.stale = true;
            item.winTaken = old.winTaken;
            return stored(item);
        }
        statistics.casBadValue++;
        return StoreOutcome.not(Status.EXISTS);
    }

    private StoreOutcome join(Item item, Item old, StoreMode mode) {
        if (item.cas != 0 && item.cas != old.cas) {
            return StoreOutcome.not(Status.EXISTS);
        }
        long length = (long) old.value.length + item.value.length;
        if (room(old.key, old.flags, length) != Room.ENOUGH) {
            return StoreOutcome.not(Status.NOT_STORED);
        }
        byte[] first = mode == StoreMode.APPEND ? old.value : item.value;
        byte[] second = mode == StoreMode.APPEND ? item.value : old.value;
        byte[] both = Arrays.copyOf(first, (int) length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return stored(new Item(old.key, old.flags, old.exptime, both));
    }

    private StoreOutcome stored(Item item) {
        link(item);
        return new StoreOutcome(Status.STORED, item.cas);
    }

    /**
     * Adds to, or subtracts from, the number in an item. A number that is no longer than the old one is written in
     * place and padded with blanks, so flags, exptime and marks stay; a longer one makes a new item.
     *
     * @param cas the cas unique asked for, 0 for any
     */
    DeltaOutcome add(String key, Delta delta, long cas) {
        Item item = find(key);
        if (item == null) {
            return DeltaOutcome.not(DeltaOutcome.Status.NOT_FOUND);
        }
        if (item.value.length == 0 || item.size() > LARGEST_NUMBER_BYTES) {
            return DeltaOutcome.not(DeltaOutcome.Status.NOT_NUMERIC);
        }
        if (cas != 0 && cas != item.cas) {
            return DeltaOutcome.not(DeltaOutcome.Status.CAS_MISMATCH);
        }
        OptionalLong old = Numbers.unsignedLong(new String(item.value, StandardCharsets.ISO_8859_1));
        if (old.isEmpty()) {
            return DeltaOutcome.not(DeltaOutcome.Status.NOT_NUMERIC);
        }
        long number = delta.applyTo(old.getAsLong());
        byte[] digits = Long.toUnsignedString(number).getBytes(StandardCharsets.ISO_8859_1);
        if (digits.length <= item.value.length) {
            byte[] padded = Arrays.copyOf(digits, item.value.length);
            Arrays.fill(padded, digits.length, padded.length, (byte) ' ');
            item.value = padded;
            item.cas = nextCas();
            item.lastAccess = clock.now();
            moveToYoungest(item);
        } else {
            Item longer = new Item(key, item.flags, item.exptime, digits);
            link(longer);
            item.cas = longer.cas;
        }
        return new DeltaOutcome(DeltaOutcome.Status.DONE, number, item);
    }

    /** Marks an item stale: the next reader is told so and may recache it. */
    void markStale(Item item) {
        item.stale = true;
        item.winTaken = false;
        item.cas = nextCas();
    }

    /**
     * Flushes what was stored up to a moment; 0 for everything that is there now. As in memcached, an item counts by
     * the second it was stored in, so after {@code flush_all 1} what is stored in the same second is gone too.
     */
    void flush(int moment) {
        flushMoment = (moment == 0 ? clock.now() : moment) - 1;
        if (flushMoment <= clock.now()) {
            flushCas = nextCas();
        }
    }

    private boolean isFlushed(Item item) {
        if (flushMoment == 0 || flushMoment > clock.now()) {
            return false;
        }
        return item.lastAccess <= flushMoment
                || (flushCas != 0 && item.cas != 0 && Long.compareUnsigned(item.cas, flushCas) < 0);
    }

    private boolean isExpired(Item item) {
        return item.exptime != 0 && item.exptime <= clock.now();
    }

    private void countVictim(Item victim) {
        if (isExpired(victim) || isFlushed(victim)) {
            statistics.reclaimed++;
            countUnfetched(victim);
        } else {
            statistics.evictions++;
            statistics.evictedUnfetched += victim.fetched ? 0 : 1;
        }
    }

    private void countUnfetched(Item item) {
        statistics.expiredUnfetched += item.fetched ? 0 : 1;
    }

    private void moveToYoungest(Item item) {
        if (items.remove(item.key, item)) {
            items.put(item.key, item);
        }
    }

    private long nextCas() {
        return ++lastCas;
    }

    Collection<Item> items() {
        return items.values();
    }

    long bytes() {
        return bytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    int maxItemBytes() {
        return maxItemBytes;
    }

    int flushMoment() {
        return flushMoment;
    }
}
