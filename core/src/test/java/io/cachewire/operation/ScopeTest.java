package io.cachewire.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cachewire.Expiry;
import io.cachewire.FailureMode;
import io.cachewire.Key;
import io.cachewire.KeyEncoding;
import io.cachewire.NamespaceRouting;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.SerdeChain;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A namespace is sent with every key; whether it is hashed is a setting. */
class ScopeTest {
    private static Scope scope(NamespaceRouting routing) {
        return new Scope(
                new SerdeChain(List.of(), FlagScheme.DEFAULT, Compression.none(), 1024),
                KeyEncoding.ASCII,
                "app:",
                routing,
                Expiry.never(),
                1,
                1024,
                FailureMode.THROW,
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
    void anExplicitPlaceStaysInBoth() {
        for (NamespaceRouting routing : NamespaceRouting.values()) {
            assertEquals(Key.routed("app:k", "r"), scope(routing).key(Key.routed("k", "r")));
            assertEquals(Key.hashed("app:k", 7), scope(routing).key(Key.hashed("k", 7)));
        }
    }
}
