package io.cachewire.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncFace;
import io.cachewire.AsyncMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.IllegalKeyException;
import io.cachewire.Item;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.ValueType;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The meta commands of the async face, each in a test named after it. */
class AsyncMetaClientTest {
    private static final ValueType<String> TEXT = ValueType.of(String.class);
    private static MemcachedServer server;

    private AsyncMemcachedClient cache;
    private AsyncMetaClient meta;

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
        cache = AsyncMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        await(cache.flushAll());
        meta = cache.meta();
    }

    @AfterEach
    void disconnect() {
        cache.close();
    }

    private static <T> T await(CompletableFuture<T> future) {
        return AsyncFace.await(future);
    }

    private static void assertBetween(long least, long most, Duration found) {
        assertTrue(found.toSeconds() >= least && found.toSeconds() <= most, found::toString);
    }

    @Test
    void get() {
        assertEquals(new MetaValue.Miss<String>(), await(meta.get("k", String.class)));
        await(cache.set("k", "value", Duration.ofSeconds(100)));
        MetaValue<String> found = await(meta.get("k", TEXT));
        Item<String> item = found.item();
        assertEquals("value", item.value());
        assertEquals(await(cache.gets("k", TEXT)).cas(), item.cas());
        MetaGet options =
                MetaGet.plain().touch(Expiry.after(Duration.ofSeconds(500))).withoutBump();
        await(meta.get("k", String.class, options));
        assertBetween(
                490, 500, await(meta.get("k", TEXT, MetaGet.plain())).item().ttl());
        MetaGet lease = MetaGet.plain().vivify(Duration.ofSeconds(30));
        MetaValue<String> first = await(meta.get("lease", TEXT, lease));
        assertNull(assertInstanceOf(MetaValue.Win.class, first).item());
        assertEquals(new MetaValue.Won<String>(null), await(meta.get("lease", TEXT, lease)));
        await(cache.markStale("k", Duration.ofMinutes(1)));
        MetaValue<String> stale = await(meta.get("k", TEXT));
        assertTrue(assertInstanceOf(MetaValue.Win.class, stale).stale());
        assertEquals(
                "value",
                assertInstanceOf(MetaValue.Stale.class, await(meta.get("k", TEXT)))
                        .item()
                        .value());
    }

    @Test
    void set() {
        MetaStored stored = await(meta.set("k", "a"));
        assertEquals(
                new MetaStored(MetaStatus.DONE, await(cache.gets("k", TEXT)).cas()), stored);
        assertEquals(
                MetaStatus.NOT_STORED,
                await(meta.set("k", "b", MetaSet.of(MetaSet.Mode.ADD))).status());
        assertTrue(await(meta.set("k", "b", MetaSet.of(MetaSet.Mode.APPEND).compareCas(stored.cas())))
                .isStored());
        assertEquals(
                MetaStatus.EXISTS,
                await(meta.set("k", "c", MetaSet.plain().compareCas(stored.cas())))
                        .status());
        assertEquals("ab", await(cache.get("k", String.class)));
        assertThrows(
                UnsupportedByServerException.class,
                () -> await(meta.set("k", "c", MetaSet.plain().newCas(9))));
        assertThrows(IllegalKeyException.class, () -> await(meta.set("a b", "c")));
    }

    @Test
    void delete() {
        assertEquals(MetaStatus.NOT_FOUND, await(meta.delete("k")));
        await(cache.set("k", "v"));
        long cas = await(cache.gets("k", TEXT)).cas();
        assertEquals(
                MetaStatus.EXISTS, await(meta.delete("k", MetaDelete.plain().compareCas(cas + 1))));
        assertEquals(
                MetaStatus.DONE,
                await(meta.delete("k", MetaDelete.plain().compareCas(cas).markStale())));
        MetaValue<String> stale = await(meta.get("k", TEXT));
        assertTrue(assertInstanceOf(MetaValue.Win.class, stale).stale());
    }

    @Test
    void count() {
        assertEquals(
                MetaStatus.NOT_FOUND, await(meta.count("n", MetaCount.up(1))).status());
        assertEquals(
                5, await(meta.count("n", MetaCount.up(1).createWith(5, null))).value());
        MetaCounted counted = await(meta.count("n", MetaCount.down(2)));
        assertEquals(
                new MetaCounted(
                        MetaStatus.DONE, 3L, await(cache.gets("n", TEXT)).cas(), null),
                counted);
        assertEquals(
                MetaStatus.EXISTS,
                await(meta.count("n", MetaCount.up(1).compareCas(1))).status());
    }
}
