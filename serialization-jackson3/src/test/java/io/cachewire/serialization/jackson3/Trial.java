package io.cachewire.serialization.jackson3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.Compression;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeChain;
import java.util.List;

/** A serde as a client uses it, and its JSON as text. */
record Trial(SerdeChain chain) {
    private static final int JSON_FLAGS = 2;
    private static final int MAX_BYTES = 32 << 20;

    static Trial of(Serde serde) {
        return new Trial(new SerdeChain(List.of(serde), FlagScheme.DEFAULT, Compression.none(), MAX_BYTES));
    }

    String write(Object value, ValueType<?> type) {
        EncodedValue stored = chain.encode("k", value, type);
        assertEquals(JSON_FLAGS, stored.flags());
        return stored.data().toUtf8();
    }

    String write(Object value) {
        return write(value, ValueType.ofValue(value));
    }

    <T> T read(String json, ValueType<T> type) {
        return read(DataBlock.ofUtf8(json), type);
    }

    <T> T read(String json, Class<T> type) {
        return read(json, ValueType.of(type));
    }

    <T> T read(DataBlock json, ValueType<T> type) {
        T value = chain.decode("k", new EncodedValue(json, JSON_FLAGS), type);
        if (value == null) {
            throw new AssertionError("a miss");
        }
        return value;
    }

    SerdeException refused(Reason reason, String json, ValueType<?> type) {
        SerdeException refused = assertThrows(SerdeException.class, () -> read(json, type), () -> json + " as " + type);
        assertEquals(reason, refused.reason(), () -> json + " as " + type + ": " + refused.getMessage());
        return refused;
    }

    SerdeException refused(Reason reason, String json, Class<?> type) {
        return refused(reason, json, ValueType.of(type));
    }

    SerdeException notWritten(Reason reason, Object value, ValueType<?> type) {
        SerdeException refused = assertThrows(SerdeException.class, () -> write(value, type), type::toString);
        assertEquals(reason, refused.reason(), refused::getMessage);
        return refused;
    }
}
