package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RawSerdeTest {
    private static final int BYTES = 0;
    private static final int TEXT = 1;
    private static final int BOOLEAN = 3;
    private static final int INT = 4;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private final RawSerde serde = new RawSerde();

    private EncodedValue encode(Object value) {
        return serde.encode("k", value, ValueType.ofValue(value));
    }

    private <T> T decode(String bytes, int flags, Class<T> type) {
        return serde.decode("k", new EncodedValue(DataBlock.ofUtf8(bytes), flags), ValueType.of(type));
    }

    private void assertRefused(Reason reason, String bytes, int flags, Class<?> type) {
        SerdeException refused = assertThrows(SerdeException.class, () -> decode(bytes, flags, type));
        assertEquals(reason, refused.reason());
        assertNull(refused.getCause());
        assertFalse(bytes.length() > 3 && String.valueOf(refused.getMessage()).contains(bytes.trim()));
    }

    @Test
    void bytesAndFlagsOfEachType() {
        assertEquals(new EncodedValue(DataBlock.ofUtf8("é"), TEXT), encode("é"));
        assertEquals(new EncodedValue(DataBlock.wrap(new byte[] {1, 2}), BYTES), encode(new byte[] {1, 2}));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("x"), BYTES), encode(DataBlock.ofUtf8("x")));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("1"), BOOLEAN), encode(true));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("0"), BOOLEAN), encode(false));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("-7"), INT), encode(-7));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("9223372036854775807"), LONG), encode(Long.MAX_VALUE));
        assertEquals(new EncodedValue(DataBlock.ofUtf8("0.1"), DOUBLE), encode(0.1));
    }

    @Test
    void arrayGivenAwayIsCopied() {
        byte[] mine = {1, 2};
        EncodedValue stored = encode(mine);
        mine[0] = 9;
        assertEquals(DataBlock.wrap(new byte[] {1, 2}), stored.data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\uDC00", "\uDC00\uD800", "\uD83Dx", "x\uD83D"})
    void halfSurrogatePairIsRefused(String text) {
        SerdeException refused = assertThrows(SerdeException.class, () -> encode(text));
        assertEquals(Reason.ENCODE, refused.reason());
    }

    @Test
    void malformedUtf8IsRefused() {
        for (byte[] bytes : List.of(
                new byte[] {(byte) 0xc3},
                new byte[] {'a', (byte) 0xff},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xc0, (byte) 0x80})) {
            for (int flags : new int[] {BYTES, TEXT}) {
                EncodedValue stored = new EncodedValue(DataBlock.wrap(bytes), flags);
                SerdeException refused =
                        assertThrows(SerdeException.class, () -> serde.decode("k", stored, ValueType.of(String.class)));
                assertEquals(Reason.DECODE, refused.reason());
                assertArrayEquals(bytes, serde.decode("k", stored, ValueType.of(byte[].class)));
            }
        }
    }

    @Test
    void storedReplacementCharacterIsText() {
        assertEquals("a\uFFFDb", decode("a\uFFFDb", TEXT, String.class));
    }

    @Test
    void untypedBytesAreReadAsAsked() {
        assertEquals("10", decode("10", BYTES, String.class));
        assertEquals("10", decode("10", BYTES, CharSequence.class));
        assertEquals(10, decode("10", BYTES, Integer.class));
        assertEquals(10L, decode("10 ", BYTES, Long.class));
        assertEquals(10L, decode(" 10   ", BYTES, long.class));
        assertEquals(10.0, decode("10", BYTES, Double.class));
        assertEquals(10L, decode("10", BYTES, Number.class));
        assertEquals(1.5, decode("1.5", BYTES, Number.class));
        assertArrayEquals(new byte[] {'1'}, (byte[]) decode("1", BYTES, Object.class));
        assertArrayEquals(new byte[] {'1'}, (byte[]) decode("1", BYTES, Serializable.class));
        assertRefused(Reason.DECODE, "1", BYTES, Boolean.class);
        assertRefused(Reason.DECODE, "1", BYTES, List.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "-", "+5", "1 2", "0x10", "ten", "1.5", "٣", "1\n"})
    void notAnInteger(String bytes) {
        assertRefused(Reason.DECODE, bytes, BYTES, Long.class);
        assertRefused(Reason.DECODE, bytes, LONG, Long.class);
        assertRefused(Reason.DECODE, bytes, INT, Object.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "0x1p3", "1d", "1,5", "--1", "1e", "nan", "٣"})
    void notADouble(String bytes) {
        assertRefused(Reason.DECODE, bytes, DOUBLE, Double.class);
    }

    @ParameterizedTest
    @CsvSource({".1, 0.1", "-1.5e-07, -1.5e-7", "1e+100, 1e100", "17, 17", "Infinity, Infinity", "NaN, NaN"})
    void doublesOfOtherClients(String bytes, double value) {
        assertEquals(value, decode(bytes, DOUBLE, Double.class));
    }

    @Test
    void integersConvertWithinRange() {
        assertEquals(5L, decode("5", INT, Long.class));
        assertEquals(5, decode("5", LONG, Integer.class));
        assertEquals(5, decode("5", INT, Object.class));
        assertEquals(5L, decode("5", LONG, Object.class));
        assertEquals(3000000000L, decode("3000000000", INT, Number.class));
        assertRefused(Reason.DECODE, "3000000000", LONG, Integer.class);
        assertRefused(Reason.DECODE, "3000000000", BYTES, int.class);
        assertRefused(Reason.DECODE, "18446744073709551615", BYTES, Long.class);
        assertEquals("18446744073709551615", decode("18446744073709551615", BYTES, String.class));
    }

    @Test
    void typeMustFit() {
        assertRefused(Reason.DECODE, "5555", INT, String.class);
        assertRefused(Reason.DECODE, "5555", INT, Double.class);
        assertRefused(Reason.DECODE, "5555", TEXT, Long.class);
        assertRefused(Reason.DECODE, "5.55", DOUBLE, Long.class);
        assertRefused(Reason.DECODE, "1", BOOLEAN, Integer.class);
        assertRefused(Reason.DECODE, "1", INT, Short.class);
        assertEquals("5", decode("5", TEXT, Comparable.class));
    }

    @Test
    void booleansOfOtherClients() {
        assertEquals(true, decode("1", BOOLEAN, Boolean.class));
        assertEquals(false, decode("", BOOLEAN, boolean.class));
        assertEquals(false, decode("0", BOOLEAN, Object.class));
        assertRefused(Reason.DECODE, "2", BOOLEAN, Boolean.class);
        assertRefused(Reason.DECODE, "true", BOOLEAN, Boolean.class);
    }

    @Test
    void takesItsOwnTypesOnly() {
        for (Class<?> type : List.of(String.class, byte[].class, DataBlock.class, int.class, Double.class)) {
            assertTrue(serde.encodes(ValueType.of(type)), type::getName);
        }
        for (Class<?> type : List.of(Object.class, Number.class, Short.class, List.class, char[].class, void.class)) {
            assertFalse(serde.encodes(ValueType.of(type)), type::getName);
        }
        assertFalse(serde.decodes(2));
        assertFalse(serde.decodes(7));
        assertRefused(Reason.UNKNOWN_FLAGS, "{}", 2, String.class);
    }

    @Test
    void schemeWithoutAFormat() {
        RawSerde two = new RawSerde(FlagScheme.builder().format(Format.TEXT, 1).build());
        assertFalse(two.encodes(ValueType.of(Long.class)));
        assertFalse(two.decodes(0));
        SerdeException refused =
                assertThrows(SerdeException.class, () -> two.encode("k", 5L, ValueType.of(Long.class)));
        assertEquals(Reason.UNSUPPORTED_TYPE, refused.reason());
    }
}
