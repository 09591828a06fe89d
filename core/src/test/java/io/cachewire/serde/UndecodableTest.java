package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a chain does for which values that cannot be decoded are misses. */
class UndecodableTest {
    private static final ValueType<Integer> INT = ValueType.of(Integer.class);

    private final List<SerdeException> told = new ArrayList<>();
    private final SerdeChain throwing = new SerdeChain(List.of(), FlagScheme.DEFAULT, Compression.none(), 1000);
    private final SerdeChain missing = throwing.withUndecodableAsMisses(told::add);

    private static EncodedValue stored(String text, int flags) {
        return new EncodedValue(DataBlock.ofUtf8(text), flags);
    }

    @Test
    void everyReasonOfTheStoredBytesIsAMissThatIsTold() {
        assertNull(missing.decode("k1", stored("no number", 4), INT));
        assertNull(missing.decode("k2", stored("{}", 2), INT));
        assertNull(missing.decode("k3", stored("text", 1), INT));
        assertNull(missing.decode("k4", stored("no zlib", 0x101), ValueType.of(String.class)));
        assertEquals(
                List.of(Reason.DECODE, Reason.UNKNOWN_FLAGS, Reason.DECODE, Reason.DECODE),
                told.stream().map(SerdeException::reason).toList());
        assertTrue(told.stream().allMatch(e -> String.valueOf(e.getMessage()).contains("k")));
    }

    @Test
    void whatCanBeDecodedIsAsEver() {
        assertEquals(5, missing.decode("k", stored("5", 4), INT));
        assertEquals(List.of(), told);
    }

    @Test
    void aViewOfItThrowsAgain() {
        SerdeChain again = missing.withUndecodableAsMisses(null);
        assertThrows(SerdeException.class, () -> again.decode("k", stored("x", 4), INT));
        assertThrows(SerdeException.class, () -> throwing.decode("k", stored("x", 4), INT));
    }
}
