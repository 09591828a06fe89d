package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.admin.AsyncAdminClient;
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
 * Every operation of the async face that is about the client or the servers. Each test is named after the
 * operation.
 */
@SuppressWarnings("try") // close is what some tests call
class AsyncMemcachedClientViewsTest extends AsyncFace {
    @Test
    void namespace() {
        AsyncMemcachedClient users = cache.namespace("users:");
        await(users.set("1", "Ada"));
        assertEquals("Ada", await(cache.get("users:1", String.class)));
        assertEquals(Map.of("1", "Ada"), await(users.getAll(List.of("1", "2"), String.class)));
        users.namespace("x:").set("1", "y");
        assertEquals("y", await(cache.get("users:x:1", String.class)));
    }

    @Test
    void withRequestTimeout() {
        try (MemcachedServer silent = MemcachedServer.start();
                AsyncMemcachedClient patient = client(silent.address().toString())) {
            await(patient.version());
            silent.pause();
            AsyncMemcachedClient hasty = patient.withRequestTimeout(Duration.ofMillis(50));
            RequestTimeoutException late =
                    assertThrows(RequestTimeoutException.class, () -> await(hasty.get("k", String.class)));
            assertEquals("k", late.key());
            assertEquals(Delivery.INDETERMINATE, late.delivery());
            assertEquals(Duration.ofSeconds(10), patient.settings().requestTimeout());
        }
    }

    @Test
    void admin() {
        await(cache.namespace("x:").set("k", "v"));
        AsyncAdminClient x = cache.namespace("x:").admin();
        if (binary()) {
            assertThrows(ProtocolException.class, () -> await(x.debugItem("k")));
        } else {
            assertTrue(await(x.debugItem("k")).raw().startsWith("ME x:k "));
        }
        assertEquals(Set.of(server.address()), await(cache.admin().version()).keySet());
    }

    @Test
    void meta() {
        await(cache.namespace("x:").set("k", "v"));
        if (speaksMeta()) {
            assertEquals(
                    "v",
                    await(cache.namespace("x:").meta().get("k", TEXT)).item().value());
        } else {
            assertThrows(ProtocolException.class, () -> await(cache.meta().get("x:k", TEXT)));
        }
    }

    @Test
    void stats() {
        Map<ServerAddress, Map<String, String>> general = await(cache.stats());
        assertEquals(Set.of(server.address()), general.keySet());
        assertTrue(Long.parseLong(general.get(server.address()).get("pid")) > 0);
        await(cache.set("k", "v"));
        String first = await(cache.stats("items"))
                .get(server.address())
                .keySet()
                .iterator()
                .next();
        assertTrue(first.startsWith("items:"), first);
        assertEquals(
                "1024", await(cache.stats("settings")).get(server.address()).get("maxconns"));
    }

    @Test
    void version() {
        String version = await(cache.version()).get(server.address());
        assertEquals(await(cache.stats()).get(server.address()).get("version"), version);
    }

    @Test
    void flushAll() {
        await(cache.set("k", "v"));
        await(cache.flushAll());
        assertNull(await(cache.get("k", String.class)));
        await(cache.set("k", "v"));
        await(cache.flushAll(Duration.ofHours(1)));
        assertEquals("v", await(cache.get("k", String.class)));
    }

    @Test
    void verbosity() {
        if (binary()) {
            PartialResultException refused =
                    assertThrows(PartialResultException.class, () -> await(cache.verbosity(1)));
            assertEquals(ProtocolException.class, refused.getCause().getClass());
            return;
        }
        await(cache.verbosity(1));
        assertEquals("1", await(cache.stats("settings")).get(server.address()).get("verbosity"));
        await(cache.verbosity(0));
        assertEquals("0", await(cache.stats("settings")).get(server.address()).get("verbosity"));
    }

    @Test
    void disconnectAll() {
        await(cache.set("k", "v"));
        long before = connectionsSoFar();
        assertEquals(before, connectionsSoFar());
        cache.disconnectAll();
        assertEquals("v", await(cache.get("k", String.class)));
        assertEquals(before + 1, connectionsSoFar());
    }

    @Test
    void forgetDeadServers() {
        try (MemcachedServer mortal = MemcachedServer.start();
                AsyncMemcachedClient client = client(mortal.address().toString())) {
            mortal.kill();
            assertThrows(ConnectionLostException.class, () -> await(client.get("k", String.class)));
            mortal.restart();
            ConnectionLostException inBackOff =
                    assertThrows(ConnectionLostException.class, () -> await(client.get("k", String.class)));
            assertEquals(Delivery.NOT_SENT, inBackOff.delivery());
            client.forgetDeadServers();
            assertNull(await(client.get("k", String.class)));
        }
    }

    @Test
    void blocking() {
        long before = connectionsSoFar();
        BlockingMemcachedClient twin = cache.namespace("a:").blocking();
        twin.set("k", "v");
        assertEquals("v", await(cache.get("a:k", String.class)));
        assertEquals(before, connectionsSoFar());
    }

    @Test
    void connect() {
        assertEquals(Set.of(server.address()), await(cache.connect()));
    }

    @Test
    void ping() {
        assertEquals(
                Map.of(server.address(), true),
                await(cache.namespace("x:").ping()).answers());
    }

    @Test
    void withWriteFailures() {
        await(cache.withWriteFailures(WriteFailures.IGNORE).set("k", "v"));
        assertEquals("v", await(cache.get("k", String.class)));
    }

    @Test
    void withListener() {
        List<Verb> told = new CopyOnWriteArrayList<>();
        AsyncMemcachedClient view = cache.withListener(new ClientListener() {
            @Override
            public Object callStarted(CallStart call) {
                return told.add(call.verb());
            }
        });
        await(view.set("k", "v"));
        assertEquals("v", await(view.get("k", String.class)));
        await(cache.delete("k"));
        assertEquals(List.of(Verb.SET, Verb.GET), told);
    }

    @Test
    void withUndecodable() {
        await(cache.set("text", "no number"));
        assertNull(await(cache.withUndecodable(Undecodable.MISS).get("text", Integer.class)));
    }

    @Test
    void ignoredWrites() {
        assertEquals(0, cache.ignoredWrites());
    }

    @Test
    void cluster() {
        assertNotNull(await(cache.version()));
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
        AsyncMemcachedClient view = cache.namespace("x:");
        assertNotNull(await(cache.version()));
        cache.close();
        ClientClosedException closed =
                assertThrows(ClientClosedException.class, () -> await(view.get("k", String.class)));
        assertEquals(Delivery.NOT_SENT, closed.delivery());
        assertThrows(ClientClosedException.class, () -> cache.fireAndForget().delete("k"));
        assertThrows(ClientClosedException.class, () -> await(cache.version()));
        cache.close();
    }
}
