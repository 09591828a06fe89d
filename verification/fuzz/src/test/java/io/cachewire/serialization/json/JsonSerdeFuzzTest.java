package io.cachewire.serialization.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.fuzz.Bounded;
import io.cachewire.serde.EncodedValue;
import java.util.List;
import java.util.Map;
import kotlinx.serialization.json.JsonElement;
import org.junit.jupiter.api.DisplayName;

class JsonSerdeFuzzTest {
    private static final JsonSerde SERDE = new JsonSerde();
    private static final int JSON_FLAGS = 2;

    /** A tree of objects weighs so much for a character of its text, such as of {@code [[[]]]}. */
    private static final int TREE_BYTES = 200;

    /**
     * What the fuzzer's agent takes for a character beyond its usual allowance. It goes through up to a hundred keys of a map with each look into it (Jazzer 0.30.0, {@code TraceCmpHooks}): for an object of 45 names in 396
     * characters it took 1.3 megabytes, where the serde takes 57 kilobytes.
     */
    private static final int WATCHED_BYTES = 2_000;

    private static final List<ValueType<?>> TYPES = List.of(
            ValueType.of(Integer.class),
            ValueType.of(Double.class),
            ValueType.of(Boolean.class),
            new ValueType<List<String>>() {},
            new ValueType<Map<String, List<Long>>>() {});

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are JSON of the type asked for or a serde exception")
    void decode(byte[] input) {
        EncodedValue stored = new EncodedValue(DataBlock.wrap(input), JSON_FLAGS);
        for (ValueType<?> type : TYPES) {
            Bounded.run(input.length, () -> decode(stored, type));
        }
        Bounded.run(input.length, () -> element(stored));
    }

    private static long decode(EncodedValue stored, ValueType<?> type) {
        try {
            SERDE.decode("key", stored, type);
        } catch (SerdeException expected) {
            // counts like a value: the parser had it half
        }
        return bytesFor(stored, 1);
    }

    private static long element(EncodedValue stored) {
        ValueType<JsonElement> type = ValueType.of(JsonElement.class);
        try {
            JsonElement element = SERDE.decode("key", stored, type);
            JsonElement again = SERDE.decode("key", SERDE.encode("key", element, type), type);
            if (!element.equals(again)) {
                throw new AssertionError("JSON that is not the same when it is written and read again");
            }
        } catch (SerdeException expected) {
            // as above
        }
        return bytesFor(stored, 3);
    }

    private static long bytesFor(EncodedValue stored, int trees) {
        return stored.data().length() * (trees * TREE_BYTES + Bounded.whileFuzzing(WATCHED_BYTES));
    }
}
