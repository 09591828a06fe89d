package io.cachewire.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingFace;
import io.cachewire.CommandRefusedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.Protocol;
import io.cachewire.ServerCapability;
import io.cachewire.UnsupportedByServerException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The streams of the blocking face's server commands. */
@ParameterizedClass
@EnumSource(
        value = Protocol.class,
        names = {"META", "TEXT"})
class BlockingAdminClientStreamsTest extends BlockingFace {
    /** Most of these commands are lines, which a connection of the binary protocol cannot carry. */
    protected static List<Protocol> dialects() {
        return List.of(Protocol.META, Protocol.TEXT);
    }

    @Test
    void metadump() {
        cache.set("a%b=c", "v", Duration.ofSeconds(100));
        cache.set("plain", "v");
        Map<String, DumpedItem> items;
        try (Stream<DumpedItem> dump = cache.admin().metadump(server.address(), SlabClasses.hash())) {
            items = dump.collect(Collectors.toMap(DumpedItem::key, item -> item));
        }
        assertTrue(items.keySet().containsAll(Set.of("a%b=c", "plain")), items::toString);
        DumpedItem item = items.get("a%b=c");
        assertNotNull(item.expiresAt());
        assertEquals(cache.gets("a%b=c", String.class).cas(), item.cas());
        assertEquals(false, item.fetched());
        assertEquals(1, item.slabClass());
        assertEquals(null, items.get("plain").expiresAt());
        try (Stream<DumpedItem> dump = cache.admin().metadump(server.address(), SlabClasses.of(250))) {
            Iterator<DumpedItem> refused = dump.iterator();
            CommandRefusedException e = assertThrows(CommandRefusedException.class, refused::hasNext);
            assertEquals(CommandRefusedException.Reason.BAD_CLASS, e.reason());
        }
    }

    @Test
    void mgdump() {
        boolean known = cache.admin().capabilities().get(server.address()).has(ServerCapability.MGDUMP);
        try (Stream<DumpedItem> dump = cache.admin().mgdump(server.address())) {
            if (known) {
                dump.forEach(item -> assertNotNull(item.key()));
            } else {
                UnsupportedByServerException e = assertThrows(UnsupportedByServerException.class, dump::count);
                assertEquals(Delivery.NOT_SENT, e.delivery());
                assertEquals(server.address(), e.server());
                assertTrue(e.getMessage().startsWith("lru_crawler mgdump needs memcached >= 1.6.19, server is "));
            }
        }
    }

    @Test
    void watch() throws Exception {
        BlockingAdminClient admin = cache.admin();
        FutureTask<?> writes = new FutureTask<>(() -> {
            Awaitility.await().until(() -> watchers(admin) == 1);
            cache.set("next", "v");
            cache.set("a%b", "v");
            return null;
        });
        try (Stream<WatchEvent> events = admin.watch(server.address(), Set.of(WatchLog.MUTATIONS, WatchLog.FETCHERS))) {
            new Thread(writes, "writes").start();
            List<WatchEvent.Logged> stores = events.map(event -> assertInstanceOf(WatchEvent.Logged.class, event))
                    .filter(event -> event.type().equals("item_store"))
                    .limit(2)
                    .toList();
            assertEquals(
                    List.of("next", "a%b"),
                    stores.stream().map(WatchEvent.Logged::key).toList());
            assertEquals("stored", stores.get(1).fields().get("status"));
            assertTrue(stores.get(1).gid() > stores.get(0).gid());
        }
        writes.get();
        Awaitility.await().until(() -> watchers(admin) == 0);
    }

    private static long watchers(BlockingAdminClient admin) {
        return admin.statsConnections().get(server.address()).values().stream()
                .filter(socket -> "conn_watch".equals(socket.state()))
                .count();
    }
}
