package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import org.junit.jupiter.api.Test;

/** The vectors of docs/loading-format.md. */
final class GenerationTest {
    @Test
    void aTimeAndARandomNumberAreSixteenDigits() {
        assertEquals("662efd0cdc000000", Generation.text(Generation.next(0, 1755500000112L, 0)));
        assertEquals("662efd0cdc200000", Generation.text(Generation.next(0, 1755500000112L, 0.5)));
    }

    @Test
    void theNextIsLaterThanTheOneBeforeWhateverTheClockSays() {
        long first = Generation.next(0, 1755500000112L, 0.9);
        long second = Generation.next(first, 1000, 0.1);
        assertTrue(Generation.isBelow(first, second));
        assertEquals(1755500000113L, Generation.millis(second));
        // from 2039 on the number is negative as a long
        assertTrue(Generation.isBelow(first, Generation.next(first, 1L << 41, 0)));
    }

    @Test
    void whatIsNotOursIsNone() {
        String text = Generation.text(Generation.next(0, 1755500000112L, 0.5));
        assertTrue(Generation.parse(DataBlock.ofUtf8(text)) != 0);
        assertEquals(0, Generation.parse(DataBlock.ofUtf8(text.substring(1))));
        assertEquals(0, Generation.parse(DataBlock.ofUtf8(text + "0")));
        assertEquals(0, Generation.parse(DataBlock.ofUtf8("x" + text.substring(1))));
        assertEquals(0, Generation.parse(DataBlock.ofUtf8("662EFD0CDC200000")));
        assertEquals(0, Generation.parse(DataBlock.ofUtf8("0000000000000000")));
        assertEquals(0, Generation.parse(DataBlock.ofUtf8("ffffffffffffffff")));
        assertEquals(0, Generation.parse(DataBlock.EMPTY));
    }
}
