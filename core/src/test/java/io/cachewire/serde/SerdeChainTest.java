package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SerdeChainTest {
    private static final ValueType<LocalDate> DATE = ValueType.of(LocalDate.class);
    private static final int DATE_FLAGS = 0x20;

    /** Takes one class; its two directions are given by the test. */
    private record Given(
            Class<?> taken, int flags, Function<Object, DataBlock> writer, Function<DataBlock, Object> reader)
            implements Serde {
        @Override
        public boolean encodes(ValueType<?> type) {
            return type.rawClass() == taken;
        }

        @Override
        public EncodedValue encode(String key, Object value, ValueType<?> type) {
            return new EncodedValue(writer.apply(value), flags);
        }

        @Override
        public boolean decodes(int flags) {
            return flags == this.flags;
        }

        @Override
        @SuppressWarnings("unchecked") // wrong on purpose in some tests
        public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
            return (T) reader.apply(stored.data());
        }
    }

    private static final Given DATES = new Given(
            LocalDate.class,
            DATE_FLAGS,
            date -> DataBlock.ofUtf8(date.toString()),
            data -> LocalDate.parse(data.toUtf8()));

    private static SerdeChain chain(Serde... serdes) {
        return new SerdeChain(List.of(serdes), FlagScheme.DEFAULT, Compression.none(), 1 << 20);
    }

    private static SerdeChain reading(Function<DataBlock, Object> reader) {
        return chain(new Given(LocalDate.class, DATE_FLAGS, date -> DataBlock.EMPTY, reader));
    }

    private static SerdeChain writing(Function<Object, DataBlock> writer) {
        return chain(new Given(LocalDate.class, DATE_FLAGS, writer, data -> data));
    }

    private static EncodedValue stored(String bytes, int flags) {
        return new EncodedValue(DataBlock.ofUtf8(bytes), flags);
    }

    private static SerdeException refused(Reason reason, org.junit.jupiter.api.function.Executable call) {
        SerdeException refused = assertThrows(SerdeException.class, call);
        assertEquals(reason, refused.reason());
        return refused;
    }

    private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
        @SuppressWarnings("unchecked")
        E unchecked = (E) e;
        throw unchecked;
    }

    @Test
    void firstSerdeThatTakesTheTypeWrites() {
        Given later = new Given(LocalDate.class, 0x30, date -> DataBlock.EMPTY, data -> data);
        EncodedValue value = chain(DATES, later).encode("k", LocalDate.EPOCH, DATE);
        assertEquals(stored("1970-01-01", DATE_FLAGS), value);
        assertEquals(LocalDate.EPOCH, chain(DATES, later).decode("k", value, DATE));
    }

    @Test
    void flagsChooseTheReader() {
        Given later = new Given(LocalDate.class, 0x30, date -> DataBlock.EMPTY, data -> LocalDate.MAX);
        assertEquals(LocalDate.MAX, chain(DATES, later).decode("k", stored("", 0x30), DATE));
        assertEquals("text", chain(DATES).decode("k", stored("text", 1), ValueType.of(String.class)));
    }

    @Test
    void textAndBytesAreRaw() {
        assertEquals(stored("x", 1), chain(DATES).encode("k", "x", ValueType.of(String.class)));
        assertEquals(stored("x", 0), chain(DATES).encode("k", new byte[] {'x'}, ValueType.of(byte[].class)));
        Given shouting = new Given(
                String.class,
                0x40,
                text -> DataBlock.ofUtf8("!" + text),
                data -> data.toUtf8().substring(1));
        EncodedValue value = chain(shouting).encode("k", "x", ValueType.of(String.class));
        assertEquals(stored("!x", 0x40), value);
        assertEquals("x", chain(shouting).decode("k", value, ValueType.of(String.class)));
    }

    @Test
    void valuesOwnClassWhenTheDeclaredTypeSaysNothing() {
        ValueType<Object> anything = ValueType.of(Object.class);
        assertEquals(stored("1970-01-01", DATE_FLAGS), chain(DATES).encode("k", LocalDate.EPOCH, anything));
        assertEquals(stored("x", 1), chain(DATES).encode("k", "x", anything));
        assertEquals(stored("5", 4), chain().encode("k", 5, ValueType.of(Number.class)));
        assertEquals(LocalDate.EPOCH, chain(DATES).decode("k", stored("1970-01-01", DATE_FLAGS), anything));
    }

    @Test
    void typeThatNoSerdeTakes() {
        SerdeException refused = refused(
                Reason.UNSUPPORTED_TYPE,
                () -> chain(DATES).encode("k", BigDecimal.TEN, ValueType.of(BigDecimal.class)));
        assertTrue(String.valueOf(refused.getMessage()).contains("java.math.BigDecimal"));
    }

    @Test
    @DisplayName("S09 unknown flags are a typed error, and the bytes stay readable")
    void unknownFlagsNameThemselvesAndLeaveTheBytesReadable() {
        for (int flags : new int[] {2, 7, 8, 0x10, 0xdeadbeef}) {
            EncodedValue foreign = stored("{}", flags);
            SerdeException refused =
                    refused(Reason.UNKNOWN_FLAGS, () -> chain(DATES).decode("k", foreign, ValueType.of(String.class)));
            assertTrue(String.valueOf(refused.getMessage()).contains("0x" + Integer.toHexString(flags)));
            assertArrayEquals(new byte[] {'{', '}'}, chain(DATES).decode("k", foreign, ValueType.of(byte[].class)));
            assertEquals(foreign.data(), chain(DATES).decode("k", foreign, ValueType.of(DataBlock.class)));
        }
    }

    @Test
    void bytesPassThroughASerdeThatTakesThem() {
        Given sealed = new Given(byte[].class, 0x50, bytes -> DataBlock.ofUtf8("sealed"), data -> new byte[] {1});
        EncodedValue value = chain(sealed).encode("k", new byte[] {1}, ValueType.of(byte[].class));
        assertArrayEquals(new byte[] {1}, chain(sealed).decode("k", value, ValueType.of(byte[].class)));
        assertEquals(DataBlock.ofUtf8("sealed"), chain(sealed).decode("k", value, ValueType.of(DataBlock.class)));
    }

    @Test
    void compressedOnWritingAndReadByAnyone() {
        String text = "abc".repeat(1_000);
        for (Compression compression : List.of(Compression.zlib(100, 6), Compression.gzip(100, 6))) {
            SerdeChain writer = new SerdeChain(List.of(DATES), FlagScheme.DEFAULT, compression, 1 << 20);
            EncodedValue value = writer.encode("k", text, ValueType.of(String.class));
            assertNotEquals(1, value.flags());
            assertTrue(value.data().length() < 100);
            assertEquals(text, chain().decode("k", value, ValueType.of(String.class)));
            byte[] bytes = chain().decode("k", value, ValueType.of(byte[].class));
            assertArrayEquals(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), bytes);
            assertEquals(stored("short", 1), writer.encode("k", "short", ValueType.of(String.class)));
        }
    }

    @Test
    void valueOverTheLimitAfterDecompression() {
        SerdeChain writer = new SerdeChain(List.of(), FlagScheme.DEFAULT, Compression.zlib(0, 6), 1 << 20);
        EncodedValue value = writer.encode("k", "a".repeat(1_001), ValueType.of(String.class));
        SerdeChain reader = new SerdeChain(List.of(), FlagScheme.DEFAULT, Compression.none(), 1_000);
        refused(Reason.LIMIT, () -> reader.decode("k", value, ValueType.of(String.class)));
        refused(Reason.LIMIT, () -> reader.decode("k", value, ValueType.of(byte[].class)));
    }

    @Test
    @DisplayName("S09 flags with two compressions are unknown flags")
    void bothCompressionBitsAreUnknownFlags() {
        EncodedValue both = stored("x", 0x301);
        refused(Reason.UNKNOWN_FLAGS, () -> chain().decode("k", both, ValueType.of(String.class)));
        assertEquals(both.data(), chain().decode("k", both, ValueType.of(DataBlock.class)));
    }

    @Test
    void compressionNeedsItsBits() {
        FlagScheme text = FlagScheme.builder().format(Format.TEXT, 0).zlib(2).build();
        assertThrows(
                IllegalArgumentException.class, () -> new SerdeChain(List.of(), text, Compression.gzip(0, 6), 1_000));
        new SerdeChain(List.of(), text, Compression.zlib(0, 6), 1_000);
    }

    @Test
    @DisplayName("S09 a serde whose flags look compressed is refused on writing")
    void flagsThatLookCompressedAreNotWritten() {
        Given clash = new Given(LocalDate.class, 0x120, date -> DataBlock.EMPTY, data -> data);
        refused(Reason.ENCODE, () -> chain(clash).encode("k", LocalDate.EPOCH, DATE));
    }

    @Test
    void cacheMissIsAMiss() {
        assertNull(reading(data -> {
                    throw new CacheMiss("written by version 1");
                })
                .decode("k", stored("", DATE_FLAGS), DATE));
    }

    @Test
    void failuresOfASerdeAreTyped() {
        for (Throwable cause : List.of(
                new IllegalStateException("secret"),
                new IOException("secret"),
                new StackOverflowError("secret"),
                new NoClassDefFoundError("secret"))) {
            SerdeChain broken = chain(new Given(
                    LocalDate.class,
                    DATE_FLAGS,
                    date -> {
                        throw SerdeChainTest.<RuntimeException>sneaky(cause);
                    },
                    data -> {
                        throw SerdeChainTest.<RuntimeException>sneaky(cause);
                    }));
            SerdeException encode = refused(Reason.ENCODE, () -> broken.encode("k", LocalDate.EPOCH, DATE));
            SerdeException decode = refused(Reason.DECODE, () -> broken.decode("k", stored("", DATE_FLAGS), DATE));
            for (SerdeException refused : List.of(encode, decode)) {
                assertSame(cause, refused.getCause());
                assertFalse(String.valueOf(refused.getMessage()).contains("secret"));
            }
        }
    }

    @Test
    void itsOwnTypedFailurePassesUnchanged() {
        SerdeException own = new SerdeException(Reason.FORBIDDEN_CLASS, "no", null);
        SerdeException decode = assertThrows(
                SerdeException.class,
                () -> reading(data -> {
                            throw own;
                        })
                        .decode("k", stored("", DATE_FLAGS), DATE));
        assertSame(own, decode);
        SerdeException encode = assertThrows(
                SerdeException.class,
                () -> writing(date -> {
                            throw own;
                        })
                        .encode("k", LocalDate.EPOCH, DATE));
        assertSame(own, encode);
    }

    @Test
    void outOfMemoryPasses() {
        OutOfMemoryError full = new OutOfMemoryError("not really");
        assertSame(
                full,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> reading(data -> {
                                    throw full;
                                })
                                .decode("k", stored("", DATE_FLAGS), DATE)));
    }

    @Test
    @DisplayName("S09 a value of another type than asked for is refused")
    void valueOfAnotherTypeOrNullIsRefused() {
        SerdeException other =
                refused(Reason.DECODE, () -> reading(data -> "2020-01-01").decode("k", stored("", DATE_FLAGS), DATE));
        assertFalse(String.valueOf(other.getMessage()).contains("2020"));
        @SuppressWarnings("NullAway") // a serde from outside may break the contract
        Function<DataBlock, Object> nothing = data -> null;
        refused(Reason.DECODE, () -> reading(nothing).decode("k", stored("", DATE_FLAGS), DATE));
        assertEquals(
                5,
                chain(new Given(int.class, DATE_FLAGS, value -> DataBlock.EMPTY, data -> 5))
                        .decode("k", stored("", DATE_FLAGS), ValueType.of(int.class)));
    }

    @Test
    void serdeThatReturnsNothing() {
        @SuppressWarnings("NullAway") // a serde from outside may break the contract
        Serde nothing = new Serde() {
            @Override
            public boolean encodes(ValueType<?> type) {
                return true;
            }

            @Override
            public EncodedValue encode(String key, Object value, ValueType<?> type) {
                return null;
            }

            @Override
            public boolean decodes(int flags) {
                return false;
            }

            @Override
            public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
                throw new AssertionError();
            }
        };
        refused(Reason.ENCODE, () -> chain(nothing).encode("k", LocalDate.EPOCH, DATE));
    }

    @Test
    void addedToAnItem() {
        SerdeChain chain = new SerdeChain(List.of(DATES), FlagScheme.DEFAULT, Compression.zlib(0, 9), 1 << 20);
        String text = "a".repeat(100);
        assertEquals(DataBlock.ofUtf8(text), chain.encodeForAppend("k", text, ValueType.of(String.class)));
        assertEquals(DataBlock.ofUtf8("x"), chain.encodeForAppend("k", new byte[] {'x'}, ValueType.of(byte[].class)));
        assertEquals(DataBlock.ofUtf8("-5"), chain.encodeForAppend("k", -5L, ValueType.of(Long.class)));
        refused(Reason.UNSUPPORTED_TYPE, () -> chain.encodeForAppend("k", LocalDate.EPOCH, DATE));
        refused(Reason.UNSUPPORTED_TYPE, () -> chain.encodeForAppend("k", true, ValueType.of(Boolean.class)));
        refused(Reason.ENCODE, () -> chain.encodeForAppend("k", "\uD800", ValueType.of(String.class)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsAddedPastASerdeOfText(boolean number) {
        Given sealed = new Given(String.class, 0x50, text -> DataBlock.EMPTY, data -> "");
        if (number) {
            assertEquals(
                    1,
                    chain(sealed)
                            .encodeForAppend("k", 5, ValueType.of(int.class))
                            .length());
        } else {
            refused(Reason.UNSUPPORTED_TYPE, () -> chain(sealed).encodeForAppend("k", "x", ValueType.of(String.class)));
        }
    }
}
