package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.admin.BlockingAdminClient;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the blocking face that is about the client or the servers. Each test is named after the
 * operation.
 */
@SuppressWarnings("try") // close is what some tests call
class BlockingMemcachedClientViewsTest extends BlockingFace {
    @Test
    void namespace() {
        BlockingMemcachedClient users = cache.namespace("users:");
        users.set("1", "Ada");
        assertEquals("Ada", cache.get("users:1", String.class));
        assertEquals(Map.of("1", "Ada"), users.getAll(List.of("1", "2"), String.class));
        users.namespace("x:").set("1", "y");
        assertEquals("y", cache.get("users:x:1", String.class));
    }

    @Test
    void withRequestTimeout() {
        try (MemcachedServer silent = MemcachedServer.start();
                BlockingMemcachedClient patient = client(silent.address().toString())) {
            patient.version();
            silent.pause();
            BlockingMemcachedClient hasty = patient.withRequestTimeout(Duration.ofMillis(50));
            RequestTimeoutException late =
                    assertThrows(RequestTimeoutException.class, () -> hasty.get("k", String.class));
            assertEquals("k", late.key());
            assertEquals(Delivery.INDETERMINATE, late.delivery());
            assertEquals(Duration.ofSeconds(10), patient.settings().requestTimeout());
        }
    }

    @Test
    void admin() {
        cache.namespace("x:").set("k", "v");
        BlockingAdminClient x = cache.namespace("x:").admin();
        if (binary()) {
            assertThrows(ProtocolException.class, () -> x.debugItem("k"));
        } else {
            assertTrue(x.debugItem("k").raw().startsWith("ME x:k "));
        }
        assertEquals(Set.of(server.address()), cache.admin().version().keySet());
    }

    @Test
    void meta() {
        cache.namespace("x:").set("k", "v");
        if (speaksMeta()) {
            assertEquals("v", cache.namespace("x:").meta().get("k", TEXT).item().value());
        } else {
            assertThrows(ProtocolException.class, () -> cache.meta().get("x:k", TEXT));
        }
    }

    @Test
    void stats() {
        Map<ServerAddress, Map<String, String>> general = cache.stats();
        assertEquals(Set.of(server.address()), general.keySet());
        assertTrue(Long.parseLong(general.get(server.address()).get("pid")) > 0);
        cache.set("k", "v");
        String first =
                cache.stats("items").get(server.address()).keySet().iterator().next();
        assertTrue(first.startsWith("items:"), first);
        assertEquals("1024", cache.stats("settings").get(server.address()).get("maxconns"));
    }

    @Test
    void version() {
        String version = cache.version().get(server.address());
        assertEquals(cache.stats().get(server.address()).get("version"), version);
    }

    @Test
    void flushAll() {
        cache.set("k", "v");
        cache.flushAll();
        assertNull(cache.get("k", String.class));
        cache.set("k", "v");
        cache.flushAll(Duration.ofHours(1));
        assertEquals("v", cache.get("k", String.class));
    }

    @Test
    void verbosity() {
        if (binary()) {
            PartialResultException refused = assertThrows(PartialResultException.class, () -> cache.verbosity(1));
            assertEquals(ProtocolException.class, refused.getCause().getClass());
            return;
        }
        cache.verbosity(1);
        assertEquals("1", cache.stats("settings").get(server.address()).get("verbosity"));
        cache.verbosity(0);
        assertEquals("0", cache.stats("settings").get(server.address()).get("verbosity"));
    }

    @Test
    void disconnectAll() {
        cache.set("k", "v");
        long before = connectionsSoFar();
        assertEquals(before, connectionsSoFar());
        cache.disconnectAll();
        assertEquals("v", cache.get("k", String.class));
        assertEquals(before + 1, connectionsSoFar());
    }

    @Test
    void forgetDeadServers() {
        try (MemcachedServer mortal = MemcachedServer.start();
                BlockingMemcachedClient client = client(mortal.address().toString())) {
            mortal.kill();
            assertThrows(ConnectionLostException.class, () -> client.get("k", String.class));
            mortal.restart();
            ConnectionLostException inBackOff =
                    assertThrows(ConnectionLostException.class, () -> client.get("k", String.class));
            assertEquals(Delivery.NOT_SENT, inBackOff.delivery());
            client.forgetDeadServers();
            assertNull(client.get("k", String.class));
        }
    }

    @Test
    void async() {
        long before = connectionsSoFar();
        AsyncMemcachedClient twin = cache.namespace("a:").async();
        twin.set("k", "v").join();
        assertEquals("v", cache.get("a:k", String.class));
        assertEquals(before, connectionsSoFar());
    }

    @Test
    void connect() {
        assertEquals(Set.of(server.address()), cache.connect());
    }

    @Test
    void ping() {
        assertEquals(
                Map.of(server.address(), true), cache.namespace("x:").ping().answers());
    }

    @Test
    void withWriteFailures() {
        cache.withWriteFailures(WriteFailures.IGNORE).set("k", "v");
        assertEquals("v", cache.get("k", String.class));
    }

    @Test
    void withListener() {
        List<Verb> told = new CopyOnWriteArrayList<>();
        BlockingMemcachedClient view = cache.withListener(new ClientListener() {
            @Override
            public Object callStarted(CallStart call) {
                return told.add(call.verb());
            }
        });
        view.set("k", "v");
        assertEquals("v", view.get("k", String.class));
        cache.delete("k");
        assertEquals(List.of(Verb.SET, Verb.GET), told);
    }

    @Test
    void withUndecodable() {
        cache.set("text", "no number");
        assertNull(cache.withUndecodable(Undecodable.MISS).get("text", Integer.class));
        assertThrows(SerdeException.class, () -> cache.get("text", Integer.class));
    }

    @Test
    void ignoredWrites() {
        assertEquals(0, cache.ignoredWrites());
    }

    @Test
    void cluster() {
        assertNotNull(cache.version());
        ServerState state = cache.namespace("x:").cluster().servers().get(0);
        assertEquals(server.address(), state.address());
        assertEquals(ServerState.Health.LIVE, state.health());
    }

    @Test
    void settings() {
        ClientSettings settings = cache.settings();
        assertEquals(List.of(server.address()), settings.servers());
        assertEquals(protocol, settings.protocol());
        assertEquals(Duration.ofSeconds(10), settings.requestTimeout());
        assertSame(settings, cache.namespace("x:").settings());
    }

    @Test
    void close() {
        BlockingMemcachedClient view = cache.namespace("x:");
        assertNotNull(cache.version());
        cache.close();
        ClientClosedException closed = assertThrows(ClientClosedException.class, () -> view.get("k", String.class));
        assertEquals(Delivery.NOT_SENT, closed.delivery());
        assertThrows(ClientClosedException.class, () -> cache.fireAndForget().delete("k"));
        assertThrows(ClientClosedException.class, () -> cache.version());
        cache.close();
    }
}
