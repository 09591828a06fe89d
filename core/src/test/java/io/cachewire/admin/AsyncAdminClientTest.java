package io.cachewire.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncFace;
import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CommandRefusedException;
import io.cachewire.ConnectionLostException;
import io.cachewire.IllegalKeyException;
import io.cachewire.IllegalRequestException;
import io.cachewire.PartialResultException;
import io.cachewire.Protocol;
import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.ServerErrorException;
import io.cachewire.ServerVersion;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server commands of the async face, each in a test named after it; the streams have a class of their own.
 */
@SuppressWarnings("NullAway")
@ParameterizedClass
@EnumSource(
        value = Protocol.class,
        names = {"META", "TEXT"})
class AsyncAdminClientTest extends AsyncFace {
    /** Most of these commands are lines, which a connection of the binary protocol cannot carry. */
    protected static List<Protocol> dialects() {
        return List.of(Protocol.META, Protocol.TEXT);
    }

    private AsyncAdminClient admin;

    @BeforeEach
    void admin() {
        admin = cache.admin();
    }

    private static CommandRefusedException.Reason refusal(Executable call) {
        PartialResultException failed = assertThrows(PartialResultException.class, call);
        return assertInstanceOf(CommandRefusedException.class, failed.getCause())
                .reason();
    }

    /** The server answers before its crawler has ended. */
    private void stopCrawler() {
        await(admin.disableCrawler());
        Awaitility.await()
                .until(() -> !await(admin.statsSettings()).get(server.address()).lruCrawler());
    }

    /** A crawler that is about to stop cannot be started, and memcached says so. */
    private void startCrawler() {
        Awaitility.await()
                .ignoreExceptionsInstanceOf(PartialResultException.class)
                .until(() -> {
                    await(admin.enableCrawler());
                    return true;
                });
    }

    @Test
    void on() {
        try (MemcachedServer other = MemcachedServer.start();
                AsyncMemcachedClient two = AsyncMemcachedClient.builder(
                                server.address().toString(), other.address().toString())
                        .requestTimeout(Duration.ofSeconds(10))
                        .build()) {
            assertEquals(2, await(two.admin().version()).size());
            assertEquals(
                    Set.of(other.address()),
                    await(two.admin().on(other.address()).version()).keySet());
            Long pid = await(two.admin().on(other.address()).stats())
                    .get(other.address())
                    .pid();
            assertNotEquals(await(admin.stats()).get(server.address()).pid(), pid);
        }
        ServerAddress stranger = new ServerAddress("localhost", 1);
        assertThrows(IllegalRequestException.class, () -> admin.on(stranger));
    }

    @Test
    void stats() {
        await(cache.set("k", "v"));
        ServerStats stats = await(admin.stats()).get(server.address());
        assertTrue(stats.pid() > 0 && stats.cmdSet() > 0 && stats.limitMaxBytes() > 0, stats::toString);
        assertEquals(stats.raw().get("version"), stats.version());
        assertEquals(Long.valueOf(stats.raw().get("curr_items")), stats.currItems());
        assertEquals(stats.raw().get("uptime"), Long.toString(stats.uptime().toSeconds()));
    }

    @Test
    void statsSettings() {
        SettingsStats settings = await(admin.statsSettings()).get(server.address());
        assertEquals(1024, settings.maxConnections());
        assertEquals(true, settings.evictions());
        assertEquals(1L << 20, settings.itemSizeMax());
        assertEquals("on", settings.raw().get("evictions"));
    }

    @Test
    void statsItems() {
        await(cache.set("k", "v"));
        Map<Integer, SlabItems> items = await(admin.statsItems()).get(server.address());
        SlabItems first = items.get(1);
        assertTrue(first.number() >= 1 && first.memRequested() > 0, items::toString);
        assertEquals(first.number().toString(), first.raw().get("number"));
    }

    @Test
    void statsSlabs() {
        await(cache.set("k", "v"));
        SlabStats slabs = await(admin.statsSlabs()).get(server.address());
        assertEquals(slabs.classes().size(), slabs.activeSlabs().intValue());
        assertEquals(96, slabs.classes().get(1).chunkSize());
        assertTrue(slabs.totalMalloced() >= 1 << 20);
    }

    @Test
    void statsSizes() {
        await(admin.enableSizes());
        await(cache.set("sized", "v"));
        SizeStats sizes = await(admin.statsSizes()).get(server.address());
        assertTrue(sizes.enabled());
        assertTrue(sizes.counts().values().stream().anyMatch(count -> count > 0), sizes::toString);
        await(admin.disableSizes());
        assertFalse(await(admin.statsSizes()).get(server.address()).enabled());
    }

    @Test
    void enableSizes() {
        await(admin.enableSizes());
        assertTrue(await(admin.statsSizes()).get(server.address()).enabled());
    }

    @Test
    void disableSizes() {
        await(admin.disableSizes());
        assertFalse(await(admin.statsSizes()).get(server.address()).enabled());
    }

    @Test
    void statsConnections() {
        Map<Integer, ConnectionStats> sockets = await(admin.statsConnections()).get(server.address());
        String listening = "tcp:" + server.address();
        assertTrue(
                sockets.values().stream().anyMatch(socket -> listening.equals(socket.listenAddress())),
                sockets::toString);
        assertTrue(sockets.values().stream().allMatch(socket -> socket.state().startsWith("conn_")), sockets::toString);
    }

    @Test
    void resetStats() {
        await(cache.set("k", "v"));
        assertTrue(await(admin.stats()).get(server.address()).cmdSet() > 0);
        await(admin.resetStats());
        assertEquals(0, await(admin.stats()).get(server.address()).cmdSet());
    }

    @Test
    void version() {
        ServerVersion version = await(admin.version()).get(server.address());
        assertEquals(await(cache.version()).get(server.address()), version.toString());
    }

    @Test
    void capabilities() {
        ServerCapabilities found = await(admin.capabilities()).get(server.address());
        assertTrue(found.has(ServerCapability.META));
        for (ServerCapability capability : ServerCapability.values()) {
            assertEquals(capability.isIn(found.version()), found.has(capability));
        }
    }

    @Test
    void noop() {
        await(admin.noop());
        try (AsyncMemcachedClient dead =
                AsyncMemcachedClient.builder("127.0.0.1:1").build()) {
            PartialResultException failed = assertThrows(
                    PartialResultException.class, () -> await(dead.admin().noop()));
            assertInstanceOf(ConnectionLostException.class, failed.getCause());
        }
    }

    @Test
    void flushAll() {
        await(cache.set("k", "v"));
        await(admin.flushAll(Duration.ofHours(1)));
        assertEquals("v", await(cache.get("k", String.class)));
        await(admin.flushAll());
        assertNull(await(cache.get("k", String.class)));
    }

    @Test
    void verbosity() {
        await(admin.verbosity(1));
        assertEquals(1, await(admin.statsSettings()).get(server.address()).verbosity());
        await(admin.verbosity(0));
        assertThrows(IllegalRequestException.class, () -> await(admin.verbosity(-1)));
    }

    @Test
    void reassignSlab() {
        await(cache.set("k", "v"));
        assertEquals(CommandRefusedException.Reason.BAD_CLASS, refusal(() -> await(admin.reassignSlab(-1, 200))));
        assertEquals(CommandRefusedException.Reason.SAME, refusal(() -> await(admin.reassignSlab(1, 1))));
        assertThrows(IllegalRequestException.class, () -> await(admin.reassignSlab(-2, 1)));
        assertThrows(IllegalRequestException.class, () -> await(admin.reassignSlab(1, 256)));
    }

    @Test
    void automoveSlabs() {
        for (SlabAutomove mode : SlabAutomove.values()) {
            await(admin.automoveSlabs(mode));
            assertEquals(
                    mode.ordinal(),
                    await(admin.statsSettings())
                            .get(server.address())
                            .slabAutomove()
                            .intValue());
        }
        await(admin.automoveSlabs(SlabAutomove.ON));
    }

    @Test
    void tuneLru() {
        await(admin.tuneLru(new LruTuning(11, 26, 0.2, 1.5)));
        Map<String, String> raw =
                await(admin.statsSettings()).get(server.address()).raw();
        assertEquals(
                "11 26 0.20 1.50",
                String.join(
                        " ",
                        raw.get("hot_lru_pct"),
                        raw.get("warm_lru_pct"),
                        raw.get("hot_max_factor"),
                        raw.get("warm_max_factor")));
        assertThrows(IllegalRequestException.class, () -> new LruTuning(60, 21, 0.2, 1.5));
    }

    @Test
    void lruMode() {
        await(admin.lruMode(LruMode.FLAT));
        assertEquals(
                "no", await(admin.statsSettings()).get(server.address()).raw().get("lru_segmented"));
        await(admin.lruMode(LruMode.SEGMENTED));
        assertEquals(
                "yes", await(admin.statsSettings()).get(server.address()).raw().get("lru_segmented"));
    }

    @Test
    void lruTemporaryTtl() {
        await(admin.lruTemporaryTtl(Duration.ofSeconds(77)));
        assertEquals(
                "77", await(admin.statsSettings()).get(server.address()).raw().get("temporary_ttl"));
        await(admin.lruTemporaryTtl(null));
        assertEquals(
                "no", await(admin.statsSettings()).get(server.address()).raw().get("temp_lru"));
        assertThrows(IllegalRequestException.class, () -> await(admin.lruTemporaryTtl(Duration.ofSeconds(-1))));
    }

    @Test
    void enableCrawler() {
        stopCrawler();
        startCrawler();
        assertEquals(true, await(admin.statsSettings()).get(server.address()).lruCrawler());
    }

    @Test
    void disableCrawler() {
        stopCrawler();
        assertEquals(false, await(admin.statsSettings()).get(server.address()).lruCrawler());
        startCrawler();
    }

    @Test
    void crawlerSleep() {
        await(admin.crawlerSleep(Duration.ofMillis(1)));
        assertEquals(
                "1000", await(admin.statsSettings()).get(server.address()).raw().get("lru_crawler_sleep"));
        await(admin.crawlerSleep(Duration.ofNanos(100_000)));
        assertThrows(IllegalRequestException.class, () -> await(admin.crawlerSleep(Duration.ofSeconds(2))));
    }

    @Test
    void crawlerLimit() {
        await(admin.crawlerLimit(1234));
        assertEquals(
                "1234", await(admin.statsSettings()).get(server.address()).raw().get("lru_crawler_tocrawl"));
        await(admin.crawlerLimit(0));
        assertThrows(IllegalRequestException.class, () -> await(admin.crawlerLimit(1L << 32)));
    }

    @Test
    void crawl() {
        await(admin.crawl());
        assertEquals(CommandRefusedException.Reason.BAD_CLASS, refusal(() -> await(admin.crawl(SlabClasses.of(250)))));
        assertThrows(IllegalRequestException.class, () -> await(admin.crawl(SlabClasses.hash())));
        assertThrows(IllegalRequestException.class, () -> SlabClasses.of());
    }

    @Test
    void cacheMemoryLimit() {
        await(admin.cacheMemoryLimit(96));
        assertEquals(
                96L << 20, await(admin.statsSettings()).get(server.address()).maxBytes());
        assertEquals(CommandRefusedException.Reason.LIMIT_TOO_SMALL, refusal(() -> await(admin.cacheMemoryLimit(1))));
        assertThrows(IllegalRequestException.class, () -> await(admin.cacheMemoryLimit(0)));
    }

    @Test
    void shutdown() {
        PartialResultException refused = assertThrows(PartialResultException.class, () -> await(admin.shutdown()));
        assertInstanceOf(ServerErrorException.class, refused.getCause());
        for (ShutdownMode mode : ShutdownMode.values()) {
            try (MemcachedServer mortal = MemcachedServer.start("-A");
                    AsyncMemcachedClient client = client(mortal.address().toString())) {
                await(client.admin().shutdown(mode));
                assertThrows(PartialResultException.class, () -> {
                    while (true) {
                        await(client.admin().noop());
                    }
                });
            }
        }
    }

    @Test
    void debugItem() {
        await(cache.set("k", "value", Duration.ofSeconds(100)));
        ItemDebug item = await(admin.debugItem("k"));
        assertBetween(90, 100, item.ttl());
        assertEquals(false, item.fetched());
        assertTrue(item.raw().startsWith("ME k "), item.raw());
        assertEquals(await(cache.gets("k", String.class)).cas(), item.cas());
        assertEquals(true, await(admin.debugItem("k")).fetched());
        assertNull(await(admin.debugItem("absent")));
        await(cache.set("k", "value"));
        assertNull(await(admin.debugItem("k")).ttl());
        assertThrows(IllegalKeyException.class, () -> await(admin.debugItem("a b")));
    }

    @Test
    void command() {
        assertEquals(List.of("OK"), await(admin.command(server.address(), "verbosity 0")));
        List<String> stats = await(admin.command(server.address(), "stats"));
        assertTrue(
                stats.get(0).startsWith("STAT pid ")
                        && stats.get(stats.size() - 1).equals("END"),
                stats::toString);
        assertEquals(List.of("ERROR"), await(admin.command(server.address(), "unheard of")));
        assertEquals(List.of("HD"), await(admin.command(server.address(), "ma n N0 J1")));
        for (String line : List.of(
                "",
                " ",
                "stats\r\nflush_all",
                "stats\nflush_all",
                "stats\0",
                "x\t",
                "set k 0 0 1",
                "ms k 1",
                "get k",
                "mg k v",
                "watch",
                "quit",
                "delete k noreply",
                "x".repeat(2001))) {
            assertThrows(IllegalRequestException.class, () -> await(admin.command(server.address(), line)), line);
        }
    }
}
