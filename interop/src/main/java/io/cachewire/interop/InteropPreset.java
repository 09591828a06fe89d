package io.cachewire.interop;

import io.cachewire.ClientBuilder;
import io.cachewire.ClientPreset;
import io.cachewire.KeyEncoding;
import io.cachewire.KeyRewriting;
import io.cachewire.NamespaceRouting;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;

/**
 * What makes this client one of another client's kind: the server of each key, flags and value formats, which characters
 * keys may have, and whether a namespace is hashed. Immutable; options give a changed copy. {@link Interop} has them all.
 */
public abstract class InteropPreset implements ClientPreset {
    /** Flags are the serde's own affair. */
    private static final FlagScheme NO_FLAGS = FlagScheme.builder().build();

    InteropPreset() {}

    /** Which server a key lives on. */
    public abstract LocatorFactory locator();

    abstract ForeignFormat format();

    UserSerdes userSerdes() {
        return UserSerdes.NONE;
    }

    /** Reads and writes values as the client does. */
    public final Serde serde() {
        return new ForeignSerde(format(), userSerdes());
    }

    /** Which characters the client lets keys have, as far as they are safe to send. */
    KeyEncoding keyEncoding() {
        return KeyEncoding.UTF8;
    }

    /** What the client makes of keys before it sends them. */
    KeyRewriting keyRewriting() {
        return KeyRewriting.NONE;
    }

    NamespaceRouting namespaceRouting() {
        return NamespaceRouting.HASHED;
    }

    @Override
    public final void applyTo(ClientBuilder<?> builder) {
        builder.locator(locator())
                .serde(serde())
                .flagScheme(NO_FLAGS)
                .compression(Compression.none())
                .keyEncoding(keyEncoding())
                .keyRewriting(keyRewriting())
                .namespaceRouting(namespaceRouting());
    }
}
