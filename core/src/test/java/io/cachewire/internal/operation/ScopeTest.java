package io.cachewire.internal.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.Expiry;
import io.cachewire.FailureMode;
import io.cachewire.Key;
import io.cachewire.KeyEncoding;
import io.cachewire.KeyPolicy;
import io.cachewire.KeyRewriting;
import io.cachewire.LongKeys;
import io.cachewire.NamespaceRouting;
import io.cachewire.ValueType;
import io.cachewire.WriteFailures;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.SerdeChain;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** A namespace is sent with every key; whether it is hashed is a setting. */
class ScopeTest {
    static Scope scope(NamespaceRouting routing) {
        return scope(routing, new KeyPolicy(KeyEncoding.ASCII, LongKeys.REFUSE));
    }

    private static Scope scope(NamespaceRouting routing, KeyPolicy keys) {
        return new Scope(
                new SerdeChain(List.of(), FlagScheme.DEFAULT, Compression.none(), 1024),
                keys,
                "app:",
                routing,
                Expiry.never(),
                1,
                1024,
                100,
                FailureMode.THROW,
                WriteFailures.THROW,
                new LongAdder(),
                InstantSource.system());
    }

    @Test
    void aHashedNamespaceIsPartOfTheName() {
        Key key = scope(NamespaceRouting.HASHED).key("k");
        assertEquals("app:k", key.name());
        assertNull(key.routing());
    }

    @Test
    void aKeyIsPlacedWithoutANamespaceThatIsNotHashed() {
        Scope scope = scope(NamespaceRouting.NOT_HASHED);
        assertEquals(Key.routed("app:k", "k"), scope.key("k"));
        assertEquals(Key.routed("app:in:k", "k"), scope.within("in:").key("k"));
    }

    @Test
    void aKeyOfBytesStaysOneAndIsPlacedByItsBytes() {
        byte[] bytes = {0, (byte) 0xff, (byte) 0xe9};
        KeyPolicy base64 = new KeyPolicy(KeyEncoding.BASE64, LongKeys.REFUSE);
        for (NamespaceRouting routing : NamespaceRouting.values()) {
            Scope scope = scope(routing, base64);
            Key key = scope.key(Key.ofBytes(bytes));
            assertTrue(key.isBinary());
            assertEquals(
                    Key.ofBytes(new byte[] {'a', 'p', 'p', ':', 0, (byte) 0xff, (byte) 0xe9})
                            .name(),
                    key.name());
            Operation<?> get = new Operations(scope).get(Key.ofBytes(bytes), ValueType.of(String.class));
            byte[] placedBy = get.routingKey().toByteArray();
            assertArrayEquals(
                    bytes, routing == NamespaceRouting.HASHED ? Arrays.copyOfRange(placedBy, 4, 7) : placedBy);
        }
    }

    @Test
    void aKeyIsRewrittenWithItsNamespaceAndKeepsItsPlace() {
        KeyRewriting upper = (key, namespace) ->
                key.renamed(namespace + key.name().substring(namespace.length()).toUpperCase(Locale.ROOT));
        KeyPolicy rewriting = new KeyPolicy(KeyEncoding.ASCII, LongKeys.REFUSE, upper);
        assertEquals(
                Key.routed("app:K", "app:k"),
                scope(NamespaceRouting.HASHED, rewriting).key("k"));
        assertEquals(
                Key.routed("app:K", "k"),
                scope(NamespaceRouting.NOT_HASHED, rewriting).key("k"));
        assertEquals(
                Key.hashed("app:K", 7),
                scope(NamespaceRouting.NOT_HASHED, rewriting).key(Key.hashed("k", 7)));
    }

    @Test
    void anExplicitPlaceStaysInBoth() {
        for (NamespaceRouting routing : NamespaceRouting.values()) {
            assertEquals(Key.routed("app:k", "r"), scope(routing).key(Key.routed("k", "r")));
            assertEquals(Key.hashed("app:k", 7), scope(routing).key(Key.hashed("k", 7)));
        }
    }
}
