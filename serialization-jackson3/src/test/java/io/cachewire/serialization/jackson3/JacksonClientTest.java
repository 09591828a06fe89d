package io.cachewire.serialization.jackson3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Expiry;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.fixture.MemcachedServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The serde inside a client, on a real server. */
class JacksonClientTest {
    private static final User ADA = new User(1, "Ada", List.of());

    private static MemcachedServer server;
    private static BlockingMemcachedClient cache;
    private static BlockingMemcachedClient raw;

    @BeforeAll
    static void connect() {
        server = MemcachedServer.start();
        cache = BlockingMemcachedClient.builder(server.address().toString())
                .serde(JacksonSerde.create())
                .build();
        raw = BlockingMemcachedClient.builder(server.address().toString()).build();
    }

    @AfterAll
    static void close() {
        cache.close();
        raw.close();
        server.close();
    }

    @Test
    void aRecordIsPlainJsonUnderFlags2() {
        cache.set("user:1", ADA);
        assertArrayEquals(
                "{\"id\":1,\"name\":\"Ada\",\"roles\":[]}".getBytes(StandardCharsets.UTF_8),
                raw.get("user:1", byte[].class));
        assertEquals(2, raw.item("user:1", byte[].class).flags());
        assertEquals(ADA, cache.get("user:1", User.class));
        SerdeException refused = assertThrows(SerdeException.class, () -> raw.get("user:1", String.class));
        assertEquals(Reason.UNKNOWN_FLAGS, refused.reason());
    }

    @Test
    void aListKeepsItsElementType() {
        ValueType<List<User>> users = new ValueType<>() {};
        cache.set("users", users.value(List.of(ADA)));
        assertEquals(List.of(ADA), cache.get("users", users));
    }

    @Test
    void textStaysRawAndNumbersCanBeCounted() {
        cache.set("text", "\"quoted\"");
        assertEquals("\"quoted\"", raw.get("text", String.class));
        cache.set("n", 41);
        assertEquals(42L, cache.increment("n"));
        assertEquals(42, cache.get("n", Integer.class));
    }

    @Test
    void manyValuesAndAnAtomicUpdate() {
        assertEquals(java.util.Set.of(), cache.setAll(Map.of("a", ADA, "b", new User(2, "b", List.of()))));
        assertEquals(
                java.util.Set.of("a", "b"),
                cache.getAll(List.of("a", "b", "c"), User.class).keySet());
        User changed = cache.update(
                "a", ValueType.of(User.class), Expiry.never(), user -> new User(user.id(), "changed", user.roles()));
        assertEquals("changed", changed.name());
    }
}
