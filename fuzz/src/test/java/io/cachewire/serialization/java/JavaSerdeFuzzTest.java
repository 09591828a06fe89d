package io.cachewire.serialization.java;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.fuzz.Bounded;
import io.cachewire.serde.EncodedValue;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;

class JavaSerdeFuzzTest {
    /** On the list: a class of a model. */
    public record Film(String title, List<String> cast, int year) implements Serializable {}

    /** Not on the list, though it stands beside the other. */
    public static final class Gadget implements Serializable {
        static final AtomicInteger RUNS = new AtomicInteger();

        private void readObject(ObjectInputStream input) {
            RUNS.incrementAndGet();
        }
    }

    private static final ValueType<Object> ANYTHING = ValueType.of(Object.class);
    private static final int JAVA_FLAGS = 7;

    /** The tables of collections, the descriptions of classes and reflection's own. */
    private static final long FREE_BYTES = 4 << 20;

    private static final JavaSerde SERDE =
            JavaSerde.allowing(Film.class.getName()).withMaxReferences(10_000).withMaxArrayLength(10_000);

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are a serialized value of a class on the list or a serde exception")
    void decode(byte[] input) {
        EncodedValue stored = new EncodedValue(DataBlock.wrap(input), JAVA_FLAGS);
        Bounded.run(input.length, FREE_BYTES, () -> decode(stored));
        if (Gadget.RUNS.get() > 0) {
            throw new AssertionError("a class that is not on the list has run");
        }
    }

    private static long decode(EncodedValue stored) {
        try {
            SERDE.decode("key", stored, ANYTHING);
        } catch (SerdeException expected) {
            return 0;
        }
        return 0;
    }
}
