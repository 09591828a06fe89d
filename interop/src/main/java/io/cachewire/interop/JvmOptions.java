package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;

/**
 * How a transcoder of spymemcached or xmemcached is set.
 *
 * @param packing compression on writing
 * @param json whether text that looks like JSON is compressed
 * @param numbers how the SerializingTranscoder writes numbers
 * @param primitives as what it writes them
 */
record JvmOptions(Packing packing, Json json, BigEndian numbers, Primitives primitives) {
    private static final int COMPRESSED = 2;

    enum Json {
        PACKED,
        NEVER_PACKED
    }

    enum Primitives {
        BINARY,
        TEXT
    }

    JvmOptions with(Packing other) {
        return new JvmOptions(other, json, numbers, primitives);
    }

    boolean primitivesAsText() {
        return primitives == Primitives.TEXT;
    }

    boolean mayPack(String text) {
        return json == Json.PACKED || !SerializingFormat.looksLikeJson(text);
    }

    EncodedValue item(DataBlock data, int flags, boolean mayPack) {
        DataBlock packed = mayPack ? packing.pack(data) : null;
        return packed == null ? new EncodedValue(data, flags) : new EncodedValue(packed, flags | COMPRESSED);
    }
}
