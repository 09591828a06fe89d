package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.SerdeChain;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we write for a recorded value is what the client wrote: the flags always, the bytes wherever there is one form. */
class RecordedWritesTest {
    private static final ValueType<Object> ANY = ValueType.of(Object.class);

    /** Values that arrive as text or bytes: dates of JavaScript, two types of Python. */
    private static final Set<String> OTHER_CLASS = Set.of("date", "complex", "bytearray");

    private enum Outcome {
        /** The same flags and bytes. */
        SAME,
        /** The same flags; compressed by another compressor, the same when decompressed. */
        SAME_WHEN_DECOMPRESSED,
        /** The same flags but for compression; another pickle or another layout of JSON for an equal value. */
        EQUAL_VALUE,
        /** A value of the client that has no class of its own in Java, or none that the format lets us write. */
        NOT_WRITTEN
    }

    @ParameterizedTest
    @CsvSource({
        "values-python, 112, 2, 27, 7",
        "values-php-ruby, 109, 5, 0, 60",
        "values-jvm, 51, 0, 0, 21",
        "values-more, 0, 0, 0, 0",
        "values-pickle, 0, 0, 240, 132"
    })
    void ourItemIsTheirs(String file, int same, int decompressed, int equal, int notWritten) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, 0);
        }
        List<String> failures = new ArrayList<>();
        for (RecordedRow row : RecordedRow.all(file)) {
            if (row.isStored()) {
                try {
                    counts.merge(outcome(row), 1, Integer::sum);
                } catch (RuntimeException | AssertionError e) {
                    failures.add(row + ": " + e.getMessage());
                }
            }
        }
        assertEquals(List.of(), failures);
        assertEquals(
                List.of(same, decompressed, equal, notWritten), List.copyOf(counts.values()), counts::toString);
    }

    private static Outcome outcome(RecordedRow row) {
        ForeignFormat format = Clients.preset(row).format();
        SerdeChain chain = Clients.chain(Clients.preset(row));
        // The value as it was read, so in the classes that the client's types become.
        Object value;
        try {
            value = chain.decode("k", row.stored(), ANY);
        } catch (SerdeException unreadable) {
            return Outcome.NOT_WRITTEN;
        }
        boolean otherClass = OTHER_CLASS.contains(row.value()) && (value instanceof String || value instanceof DataBlock);
        if (value == null || !format.writes(value.getClass()) || row.value().contains("recursive") || otherClass) {
            return Outcome.NOT_WRITTEN;
        }
        EncodedValue ours;
        try {
            ours = chain.encode("k", value, ANY);
        } catch (SerdeException unwritable) {
            assertTrue(row.value().matches("lone-surrogate|inf"), row + ": " + unwritable.getMessage());
            return Outcome.NOT_WRITTEN;
        }
        return compare(row, format, ours);
    }

    private static Outcome compare(RecordedRow row, ForeignFormat format, EncodedValue ours) {
        EncodedValue theirs = new EncodedValue(row.stored().data(), withoutUserFlags(row));
        if (ours.equals(theirs)) {
            return Outcome.SAME;
        }
        Stored ourItem = format.open(ours, 1 << 20);
        Stored theirItem = format.open(theirs, 1 << 20);
        DataBlock ourData = ourItem.data();
        if (ours.flags() == theirs.flags() && ourData.equals(theirItem.data())) {
            return Outcome.SAME_WHEN_DECOMPRESSED;
        }
        boolean structured = theirItem.encoding() == Encoding.PICKLE || theirItem.encoding() == Encoding.JSON;
        Object again = ourItem.encoding().read(ourData);
        assertTrue(
                structured && ExpectedValue.same(theirItem.encoding().read(theirItem.data()), again),
                () -> row + ": flags " + theirs.flags() + " and ours " + ours.flags() + ", ours "
                        + java.util.Arrays.toString(ourData.toByteArray()));
        int compression = row.client().equals("php-memcached") ? 0xf0 : row.client().equals("dalli") ? 2 : 8;
        assertEquals(theirs.flags() & ~compression, ours.flags() & ~compression, row::toString);
        return Outcome.EQUAL_VALUE;
    }

    /** PHP's upper 16 bits are what its program chose for the item. */
    private static int withoutUserFlags(RecordedRow row) {
        int flags = row.stored().flags();
        return row.client().equals("php-memcached") ? flags & 0xffff : flags;
    }
}
