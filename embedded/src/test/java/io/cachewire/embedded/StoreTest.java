package io.cachewire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreTest {
    private static final long ITEM_BYTES = Item.size("k0", 0, 100);

    private final SteppedClock source = new SteppedClock();
    private final ServerClock clock = new ServerClock(source);
    private final Statistics statistics = new Statistics();
    private final Store store = new Store(clock, statistics, 10 * ITEM_BYTES, (int) (5 * ITEM_BYTES), Long.MAX_VALUE);

    private void set(String key, int exptime, int length) {
        store.store(new Item(key, 0, clock.moment(exptime), new byte[length]), StoreMode.SET);
    }

    @Test
    void evictsTheLeastRecentlyUsed() {
        for (int i = 0; i < 10; i++) {
            set("k" + i, 0, 100);
        }
        assertEquals(10 * ITEM_BYTES, store.bytes());
        assertNotNull(store.fetch("k0"));
        set("kA", 0, 100);
        assertNull(store.find("k1"), "the eldest that nobody read");
        assertNotNull(store.find("k0"), "read since");
        assertEquals(1, statistics.evictions);
        assertEquals(10 * ITEM_BYTES, store.bytes());
    }

    @Test
    void evictsAsManyAsALargeItemNeeds() {
        for (int i = 0; i < 10; i++) {
            set("k" + i, 0, 100);
        }
        set("kA", 0, (int) (3 * ITEM_BYTES) - (int) Item.size("kA", 0, 0));
        assertEquals(3, statistics.evictions);
        assertNull(store.find("k2"));
        assertNotNull(store.find("k3"));
    }

    @Test
    void looksWithoutUsing() {
        for (int i = 0; i < 10; i++) {
            set("k" + i, 0, 100);
        }
        assertNotNull(store.find("k0"));
        set("kA", 0, 100);
        assertNull(store.find("k0"));
    }

    @Test
    void countsAnExpiredVictimAsReclaimed() {
        for (int i = 0; i < 10; i++) {
            set("k" + i, 10, 100);
        }
        source.advance(Duration.ofSeconds(10));
        set("kA", 0, 100);
        assertEquals(0, statistics.evictions);
        assertEquals(1, statistics.reclaimed);
    }

    @Test
    void giveBytesBackOnRemoveReplaceAndExpiry() {
        set("k0", 0, 100);
        set("k0", 0, 50);
        assertEquals(ITEM_BYTES - 50, store.bytes());
        set("k1", 5, 100);
        source.advance(Duration.ofSeconds(5));
        assertNull(store.find("k1"));
        store.remove(assertFound("k0"));
        assertEquals(0, store.bytes());
        assertTrue(store.items().isEmpty());
    }

    private Item assertFound(String key) {
        Item item = store.find(key);
        assertNotNull(item);
        return item;
    }

    @Test
    void refusesWhatCannotFit() {
        assertEquals(Store.Room.ENOUGH, store.room("k0", 0, 100));
        assertEquals(Store.Room.TOO_LARGE, store.room("k0", 0, 5 * ITEM_BYTES));
        Store narrow = new Store(clock, statistics, ITEM_BYTES, Integer.MAX_VALUE, Long.MAX_VALUE);
        assertEquals(Store.Room.OUT_OF_MEMORY, narrow.room("k0", 0, 101));
    }

    @Test
    void expiresInWholeSeconds() {
        set("relative", 2, 1);
        set("longest", 60 * 60 * 24 * 30, 1);
        set("date", (int) clock.unixTime() + 3, 1);
        set("gone", 60 * 60 * 24 * 30 + 1, 1);
        set("never", 0, 1);
        assertNull(store.find("gone"), "beyond 30 days it is a date in 1970");
        source.advance(Duration.ofMillis(1999));
        assertNotNull(store.find("relative"));
        source.advance(Duration.ofMillis(1));
        assertNull(store.find("relative"));
        assertNotNull(store.find("date"));
        source.advance(Duration.ofSeconds(1));
        assertNull(store.find("date"));
        source.advance(Duration.ofDays(30).minusSeconds(4));
        assertNotNull(store.find("longest"));
        source.advance(Duration.ofSeconds(1));
        assertNull(store.find("longest"));
        assertNotNull(store.find("never"));
    }

    @Test
    void flushesLater() {
        set("before", 0, 1);
        store.flush(clock.moment(10));
        source.advance(Duration.ofSeconds(8));
        assertNotNull(store.find("before"));
        source.advance(Duration.ofSeconds(1));
        assertNull(store.find("before"));
        source.advance(Duration.ofSeconds(1));
        set("after", 0, 1);
        assertNotNull(store.find("after"));
    }
}
