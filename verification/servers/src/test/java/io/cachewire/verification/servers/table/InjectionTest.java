package io.cachewire.verification.servers.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cachewire.Expiry;
import io.cachewire.FireAndForgetClient;
import io.cachewire.MemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.Protocol;
import io.cachewire.ValueType;
import io.cachewire.meta.MetaSet;
import io.cachewire.verification.servers.model.Item;
import io.cachewire.verification.servers.model.ModelServer;
import io.cachewire.verification.servers.model.Models;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Values that are commands, on the servers that run the data block of a refused {@code ms} or {@code cas} as commands: nothing
 * is executed, in any dialect, through any face.
 */
class InjectionTest {
    private static final String VICTIM = "victim";
    static final List<String> VALUES = List.of(
            "flush_all",
            "flush_all\r\n",
            "delete victim",
            "\r\ndelete victim\r\n",
            "set victim 0 0 1\r\nx",
            "x\r\nset victim 0 0 1\r\nx\r\n",
            "quit");
    static final Set<String> COMMANDS = Set.of("flush_all", "delete victim", "set victim 0 0 1", "quit", "x");
    private static final Duration TTL = Duration.ofSeconds(100);
    private static final ValueType<String> TEXT = ValueType.of(String.class);

    /** A write through a face, and what then stands under the key. */
    private interface Write {
        void write(Face face, String key, String value) throws Exception;
    }

    private static final Map<String, Write> WRITES = Map.of(
            "set", (face, key, value) -> face.call("set", key, value, TTL),
            "add", (face, key, value) -> face.call("add", key, value, TTL),
            "replace", (face, key, value) -> face.call("replace", key, value, TTL),
            "append", (face, key, value) -> face.call("append", key, value),
            "prepend", (face, key, value) -> face.call("prepend", key, value),
            "cas", (face, key, value) -> face.call("cas", key, value, 1L, TTL),
            "setAll", (face, key, value) -> failing(face.call("setAll", Map.of(key, value, key + "2", value), TTL)),
            "update", InjectionTest::update,
            "meta.set", (face, key, value) -> face.call("meta.set", key, value, MetaSet.plain()));

    private static void update(Face face, String key, String value) throws Exception {
        Function<String, String> change = old -> value;
        face.call("update", key, TEXT, Expiry.never(), change);
    }

    /** {@code setAll} names the keys that it did not store instead of throwing. */
    private static void failing(Object notStored) {
        if (!Set.of().equals(notStored)) {
            throw new Outcome.AnsweredOtherwise("not stored: " + notStored);
        }
    }

    private interface Sent {
        void send(FireAndForgetClient client, String key, String value);
    }

    private static final Map<String, Sent> SENT = Map.of(
            "set", (client, key, value) -> client.set(key, value, TTL),
            "add", (client, key, value) -> client.add(key, value, Expiry.never()),
            "replace", (client, key, value) -> client.replace(key, value, Expiry.never()),
            "append", FireAndForgetClient::append,
            "prepend", FireAndForgetClient::prepend);

    @TestFactory
    Stream<DynamicTest> noValueIsExecuted() {
        return Stream.of(
                        Models.MEMCACHED_1_4_39,
                        Models.MEMCACHED_1_5_22,
                        Models.MEMCACHED_1_6_0,
                        Models.MEMCACHED_1_6_9,
                        Models.HAZELCAST,
                        Models.INFINISPAN,
                        Models.TWEMPROXY)
                .flatMap(model -> Stream.of(Protocol.AUTO, Protocol.TEXT, Protocol.META)
                        .map(protocol -> dynamicTest(
                                model.recordedName() + ", " + protocol, () -> noValueIsExecuted(model, protocol))));
    }

    private static void noValueIsExecuted(Models model, Protocol protocol) throws Exception {
        Set<String> refused = model == Models.HAZELCAST ? Set.of("meta.set", "cas") : Set.of("meta.set");
        try (ModelServer server = model.start();
                Raw raw = PlainText.of(server.address());
                MemcachedClient client = SuspendFaceKt.clientOf(server.address(), protocol, Trial.TIMEOUT)) {
            raw.set(VICTIM, "untouched");
            for (Face face :
                    List.of(new SuspendFace(client), JavaFace.of(client.blocking()), JavaFace.of(client.async()))) {
                for (int i = 0; i < VALUES.size(); i++) {
                    String value = VALUES.get(i);
                    String key = face.name() + i;
                    WRITES.forEach((name, write) -> write(protocol, face, key + name, value, name, write, refused));
                    SENT.forEach((name, sent) -> send(protocol, face, key + name + "-sent", value, sent));
                }
                checkOrder(protocol, face);
                assertUntouched(server);
            }
            if (protocol != Protocol.META) {
                assertEquals(VALUES.get(0), raw.get("suspend0set"));
                assertEquals(VALUES.get(4), raw.get("async4set-sent"));
            }
        }
    }

    private static void write(
            Protocol protocol, Face face, String key, String value, String name, Write write, Set<String> refused) {
        if (protocol == Protocol.META) {
            assertThrows(RuntimeException.class, () -> write.write(face, key, value), name);
            return;
        }
        try {
            write.write(face, key, value);
        } catch (MemcachedException e) {
            assertTrue(refused.contains(name), () -> name + " was refused: " + e);
        } catch (Exception e) {
            throw new AssertionError(name, e);
        }
    }

    private static void send(Protocol protocol, Face face, String key, String value, Sent sent) {
        try {
            sent.send(face.fireAndForget(), key, value);
        } catch (MemcachedException e) {
            assertEquals(Protocol.META, protocol, e::toString);
        }
    }

    /** A call that is answered behind all that was sent: what was to be executed has been. */
    private static void checkOrder(Protocol protocol, Face face) throws Exception {
        try {
            face.call("get", VICTIM, String.class);
        } catch (MemcachedException e) {
            assertEquals(Protocol.META, protocol, e::toString);
        }
    }

    private static void assertUntouched(ModelServer server) {
        Item victim = server.item(VICTIM);
        assertNotNull(victim);
        assertEquals("untouched", victim.text());
        Set<String> executed = server.ran().stream()
                .map(ModelServer.Ran::line)
                .filter(COMMANDS::contains)
                .collect(Collectors.toSet());
        assertEquals(Set.of(), executed);
    }
}
