package io.cachewire.serde;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.fuzz.Bounded;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

class RawSerdeFuzzTest {
    private static final int MAX_VALUE = 16 * 1024;

    /** Inflating takes buffers, and gives up to the longest value in each round. */
    private static final long FREE_BYTES = 512 * 1024;

    /** A scheme of another client: text without flags, one flag for integers of every size. */
    private static final FlagScheme OTHER = FlagScheme.builder()
            .format(Format.TEXT, 0)
            .format(Format.LONG, 1 << 1)
            .format(Format.BYTES, 1 << 4)
            .zlib(1 << 3)
            .build();

    private static final List<SerdeChain> CHAINS = List.of(
            chain(FlagScheme.DEFAULT), chain(OTHER), chain(FlagScheme.builder().build()));
    private static final List<ValueType<?>> TYPES = List.of(
            ValueType.of(String.class),
            ValueType.of(CharSequence.class),
            ValueType.of(byte[].class),
            ValueType.of(DataBlock.class),
            ValueType.of(Integer.class),
            ValueType.of(long.class),
            ValueType.of(Double.class),
            ValueType.of(Boolean.class),
            ValueType.of(Number.class),
            ValueType.of(Object.class));

    private static SerdeChain chain(FlagScheme scheme) {
        return new SerdeChain(List.of(), scheme, Compression.none(), MAX_VALUE);
    }

    /** The first four bytes are the flags. */
    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any flags and bytes are a value of the type asked for or a serde exception")
    void decode(byte[] input) {
        if (input.length < Integer.BYTES) {
            return;
        }
        int flags = ByteBuffer.wrap(input).getInt();
        EncodedValue stored =
                new EncodedValue(DataBlock.wrap(input, Integer.BYTES, input.length - Integer.BYTES), flags);
        for (SerdeChain chain : CHAINS) {
            for (ValueType<?> type : TYPES) {
                Bounded.run(input.length, FREE_BYTES, () -> decode(chain, stored, type));
            }
        }
    }

    private static long decode(SerdeChain chain, EncodedValue stored, ValueType<?> type) {
        try {
            Object value = chain.decode("key", stored, type);
            if (value != null && value.getClass() != byte[].class && !(value instanceof DataBlock)) {
                requireSameAgain(chain, value);
            }
        } catch (SerdeException expected) {
            return 0;
        }
        return 0;
    }

    /** What was read can be written, in a scheme that has its format, and is the same when read again. */
    private static void requireSameAgain(SerdeChain chain, Object value) {
        ValueType<?> type = ValueType.ofValue(value);
        EncodedValue written;
        try {
            written = chain.encode("key", value, type);
        } catch (SerdeException noSuchFormat) {
            return;
        }
        Object again = chain.decode("key", written, type);
        if (!value.equals(again)) {
            throw new AssertionError("a " + type + " is not the same when it is written and read again");
        }
    }
}
