package io.cachewire.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.IllegalKeyException;
import io.cachewire.Item;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.ValueType;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The meta commands of the blocking face, each in a test named after it. */
class BlockingMetaClientTest {
    private static final ValueType<String> TEXT = ValueType.of(String.class);
    private static MemcachedServer server;

    private BlockingMemcachedClient cache;
    private BlockingMetaClient meta;

    @BeforeAll
    static void startServer() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        cache = BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        cache.flushAll();
        meta = cache.meta();
    }

    @AfterEach
    void disconnect() {
        cache.close();
    }

    private static void assertBetween(long least, long most, Duration found) {
        assertTrue(found.toSeconds() >= least && found.toSeconds() <= most, found::toString);
    }

    @Test
    void get() {
        assertEquals(new MetaValue.Miss<String>(), meta.get("k", String.class));
        cache.set("k", "value", Duration.ofSeconds(100));
        MetaValue<String> found = meta.get("k", TEXT);
        Item<String> item = found.item();
        assertEquals("value", item.value());
        assertEquals(cache.gets("k", TEXT).cas(), item.cas());
        MetaGet options =
                MetaGet.plain().touch(Expiry.after(Duration.ofSeconds(500))).withoutBump();
        meta.get("k", String.class, options);
        assertBetween(490, 500, meta.get("k", TEXT, MetaGet.plain()).item().ttl());
        MetaGet lease = MetaGet.plain().vivify(Duration.ofSeconds(30));
        MetaValue<String> first = meta.get("lease", TEXT, lease);
        assertNull(assertInstanceOf(MetaValue.Win.class, first).item());
        assertEquals(new MetaValue.Won<String>(null), meta.get("lease", TEXT, lease));
        cache.markStale("k", Duration.ofMinutes(1));
        MetaValue<String> stale = meta.get("k", TEXT);
        assertTrue(assertInstanceOf(MetaValue.Win.class, stale).stale());
        assertEquals(
                "value",
                assertInstanceOf(MetaValue.Stale.class, meta.get("k", TEXT))
                        .item()
                        .value());
    }

    @Test
    void set() {
        MetaStored stored = meta.set("k", "a");
        assertEquals(new MetaStored(MetaStatus.DONE, cache.gets("k", TEXT).cas()), stored);
        assertEquals(
                MetaStatus.NOT_STORED,
                meta.set("k", "b", MetaSet.of(MetaSet.Mode.ADD)).status());
        assertTrue(meta.set("k", "b", MetaSet.of(MetaSet.Mode.APPEND).compareCas(stored.cas()))
                .isStored());
        assertEquals(
                MetaStatus.EXISTS,
                meta.set("k", "c", MetaSet.plain().compareCas(stored.cas())).status());
        assertEquals("ab", cache.get("k", String.class));
        assertThrows(
                UnsupportedByServerException.class,
                () -> meta.set("k", "c", MetaSet.plain().newCas(9)));
        assertThrows(IllegalKeyException.class, () -> meta.set("a b", "c"));
    }

    @Test
    void delete() {
        assertEquals(MetaStatus.NOT_FOUND, meta.delete("k"));
        cache.set("k", "v");
        long cas = cache.gets("k", TEXT).cas();
        assertEquals(MetaStatus.EXISTS, meta.delete("k", MetaDelete.plain().compareCas(cas + 1)));
        assertEquals(
                MetaStatus.DONE,
                meta.delete("k", MetaDelete.plain().compareCas(cas).markStale()));
        MetaValue<String> stale = meta.get("k", TEXT);
        assertTrue(assertInstanceOf(MetaValue.Win.class, stale).stale());
    }

    @Test
    void count() {
        assertEquals(MetaStatus.NOT_FOUND, meta.count("n", MetaCount.up(1)).status());
        assertEquals(5, meta.count("n", MetaCount.up(1).createWith(5, null)).value());
        MetaCounted counted = meta.count("n", MetaCount.down(2));
        assertEquals(new MetaCounted(MetaStatus.DONE, 3L, cache.gets("n", TEXT).cas(), null), counted);
        assertEquals(
                MetaStatus.EXISTS,
                meta.count("n", MetaCount.up(1).compareCas(1)).status());
    }
}
