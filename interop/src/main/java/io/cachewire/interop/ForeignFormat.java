package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import org.jspecify.annotations.Nullable;

/** The flags and value formats of one client. Immutable; {@link ForeignSerde} makes a serde of it. */
interface ForeignFormat {
    /** Whether the client can have written these flags; compression bits included. */
    boolean claims(int flags);

    /**
     * What an item with {@linkplain #claims claimed} flags holds.
     *
     * @param maxBytes how long it may become by decompression
     */
    Stored open(EncodedValue stored, int maxBytes);

    /** Whether plain values of a class are written; primitive classes count as their wrappers. */
    boolean writes(Class<?> type);

    /** The item for a plain value of a class that {@link #writes} has accepted. */
    EncodedValue write(Object value);

    /** Whether values of the class are stored as their plain bytes. */
    default boolean isPlain(Class<?> type) {
        return type == String.class || type == byte[].class || type == DataBlock.class;
    }

    /** The item for bytes that another serde has made, or null when the client has no flags for them. */
    default @Nullable EncodedValue wrap(Format format, DataBlock data) {
        return null;
    }
}
