package io.cachewire.interop;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.fuzz.Bounded;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

/** The readers of other clients' values: what they make has a stated number of containers and parts for each byte. */
class ForeignReaderFuzzTest {
    /** Small tables, and what is free in any case. */
    private static final long FREE_BYTES = 8 << 20;

    /** A map of one entry in four bytes. */
    private static final int BYTES_PER_BYTE = 96;

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are a pickle of plain data or a serde exception")
    void pickle(byte[] input) {
        check(Encoding.PICKLE, input);
    }

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are a value of PHP's serialize or a serde exception")
    void php(byte[] input) {
        check(Encoding.PHP, input);
    }

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are plain JSON or a serde exception")
    void json(byte[] input) {
        check(Encoding.JSON, input);
    }

    private static void check(Encoding encoding, byte[] input) {
        DataBlock data = DataBlock.wrap(input);
        Bounded.run(input.length, FREE_BYTES, () -> {
            read(encoding, data);
            return (long) BYTES_PER_BYTE * input.length;
        });
    }

    private static void read(Encoding encoding, DataBlock data) {
        Object value;
        try {
            value = encoding.read(data);
        } catch (SerdeException expected) {
            return;
        }
        long most = Nesting.FREE_PARTS + (long) Nesting.PARTS_PER_BYTE * data.length();
        if (new Counter(most).parts(value) > most) {
            throw new AssertionError("more parts than are stated");
        }
    }

    /** Counts as one does who does not know what is shared; what contains itself is not gone round. */
    private static final class Counter {
        private final long most;
        private final Set<Object> path = Collections.newSetFromMap(new IdentityHashMap<>());

        Counter(long most) {
            this.most = most;
        }

        long parts(@Nullable Object value) {
            Collection<?> below = value instanceof Map<?, ?> map
                    ? map.values()
                    : value instanceof Collection<?> elements ? elements : List.of();
            long count = 1;
            if (value != null && path.add(value)) {
                for (Object part : below) {
                    count += parts(part);
                    if (count > most) {
                        break;
                    }
                }
                path.remove(value);
            }
            return count;
        }
    }
}
