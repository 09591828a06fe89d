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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

    /** On the list: counts how often it is hashed and compared. */
    public static final class Counted implements Serializable {
        static final AtomicLong VISITS = new AtomicLong();
        final int number;
        final Object part;

        Counted(int number, Object part) {
            this.number = number;
            this.part = part;
        }

        @Override
        public int hashCode() {
            VISITS.incrementAndGet();
            return number % 3 + Objects.hashCode(part);
        }

        @Override
        public boolean equals(Object other) {
            VISITS.incrementAndGet();
            return other instanceof Counted that && that.number == number && Objects.equals(that.part, part);
        }
    }

    private static final ValueType<Object> ANYTHING = ValueType.of(Object.class);
    private static final int JAVA_FLAGS = 7;

    /** The tables of collections, the descriptions of classes and reflection's own. */
    private static final long FREE_BYTES = 4 << 20;

    private static final JavaSerde SERDE = JavaSerde.allowing(Film.class.getName(), Counted.class.getName())
            .withMaxReferences(10_000)
            .withMaxArrayLength(10_000);

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are a serialized value of a class on the list or a serde exception")
    void decode(byte[] input) {
        EncodedValue stored = new EncodedValue(DataBlock.wrap(input), JAVA_FLAGS);
        Bounded.run(input.length, FREE_BYTES, () -> decode(stored));
        if (Gadget.RUNS.get() > 0) {
            throw new AssertionError("a class that is not on the list has run");
        }
        long visits = visits(stored);
        if (visits > 2L * HashWork.PER_BYTE * Math.max(input.length, HashWork.SHORT_STREAM)) {
            throw new AssertionError(visits + " visits of hashing and comparing for " + input.length + " bytes");
        }
    }

    private static long visits(EncodedValue stored) {
        long before = Counted.VISITS.get();
        decode(stored);
        return Counted.VISITS.get() - before;
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
