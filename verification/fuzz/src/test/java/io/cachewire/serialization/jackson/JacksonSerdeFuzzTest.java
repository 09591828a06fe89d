package io.cachewire.serialization.jackson;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.fuzz.Bounded;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Serde;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

/** Both serdes on Jackson: what one of them makes of bytes the other makes too. */
class JacksonSerdeFuzzTest {
    private static final Serde SERDE = JacksonSerde.create();
    private static final Serde SERDE_3 = io.cachewire.serialization.jackson3.JacksonSerde.create();
    private static final int JSON_FLAGS = 2;

    /** A parser's buffers, which it takes for any input. */
    private static final long FREE_BYTES = 256 * 1024;

    /** A tree of objects weighs so much for a character of its text, such as of {@code [[[]]]}. */
    private static final int TREE_BYTES = 200;

    /** What the fuzzer's agent takes for a character beyond its usual allowance, as in the target of {@code JsonSerde}. */
    private static final int WATCHED_BYTES = 2_000;

    public record Film(int id, String title, Double score, List<Film> sequels, Instant seen, BigDecimal price) {}

    private static final List<ValueType<?>> TYPES = List.of(
            ValueType.of(Integer.class),
            ValueType.of(Double.class),
            ValueType.of(Film.class),
            new ValueType<List<String>>() {},
            new ValueType<Map<String, List<Long>>>() {},
            new ValueType<Map<String, Object>>() {});

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are a value of the type asked for to both Jacksons, or a serde exception to both")
    void decode(byte[] input) {
        EncodedValue stored = new EncodedValue(DataBlock.wrap(input), JSON_FLAGS);
        for (ValueType<?> type : TYPES) {
            Bounded.run(input.length, FREE_BYTES, () -> decode(stored, type));
        }
        Bounded.run(input.length, FREE_BYTES, () -> node(stored));
    }

    private static long decode(EncodedValue stored, ValueType<?> type) {
        Object value = valueOrNull(SERDE, stored, type);
        Object other = valueOrNull(SERDE_3, stored, type);
        if (value == null ? other != null : !value.equals(other)) {
            throw new AssertionError(type + " is another value to the other Jackson");
        }
        return bytesFor(stored, 4);
    }

    private static Object valueOrNull(Serde serde, EncodedValue stored, ValueType<?> type) {
        try {
            return serde.decode("key", stored, type);
        } catch (SerdeException expected) {
            return null;
        }
    }

    private static long node(EncodedValue stored) {
        ValueType<JsonNode> type = ValueType.of(JsonNode.class);
        try {
            JsonNode node = SERDE.decode("key", stored, type);
            EncodedValue written = SERDE.encode("key", node, type);
            // 1e0 is a decimal number and 1, as which it is written, an integer
            EncodedValue again = SERDE.encode("key", SERDE.decode("key", written, type), type);
            if (!written.equals(again)) {
                throw new AssertionError("JSON that is not the same when it is written and read again");
            }
        } catch (SerdeException expected) {
            // counts like a value: the parser had it half
        }
        return bytesFor(stored, 3);
    }

    private static long bytesFor(EncodedValue stored, int trees) {
        return stored.data().length() * (trees * TREE_BYTES + Bounded.whileFuzzing(WATCHED_BYTES));
    }
}
