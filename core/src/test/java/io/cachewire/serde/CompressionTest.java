package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.fixture.Zeros;
import io.cachewire.serde.Compression.Wrapping;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
final class CompressionTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private static DataBlock text(int length) {
        return DataBlock.ofUtf8("The quick brown fox. ".repeat(length / 21 + 1).substring(0, length));
    }

    private static Compression of(Wrapping wrapping, int threshold, int level) {
        return wrapping == Wrapping.ZLIB ? Compression.zlib(threshold, level) : Compression.gzip(threshold, level);
    }

    private static DataBlock inflate(DataBlock stored, Wrapping wrapping, int maxBytes) {
        return Compression.none().decompress(stored, wrapping, maxBytes);
    }

    private static DataBlock compressed(Wrapping wrapping, DataBlock plain) {
        return assertNotNull(of(wrapping, 0, 6).compress(plain));
    }

    private static <T> T assertNotNull(@Nullable T value) {
        Assertions.assertNotNull(value);
        return value;
    }

    private static void assertRefused(Reason reason, DataBlock stored, Wrapping wrapping) {
        SerdeException refused = assertThrows(SerdeException.class, () -> inflate(stored, wrapping, 1 << 20));
        assertEquals(reason, refused.reason());
    }

    private static byte[] zeros(Wrapping wrapping, long count) {
        return wrapping == Wrapping.ZLIB ? Zeros.zlib(count) : Zeros.gzip(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 9})
    void everyLevelComesBack(int level) {
        for (Wrapping wrapping : Wrapping.values()) {
            DataBlock plain = text(10_000);
            DataBlock stored = of(wrapping, 100, level).compress(plain);
            if (level == 0) {
                assertNull(stored);
            } else {
                assertTrue(assertNotNull(stored).length() < 1_000);
                assertEquals(plain, inflate(stored, wrapping, 10_000));
            }
        }
    }

    @Test
    void theJdkReadsWhatWeWrite() throws IOException {
        DataBlock plain = text(5_000);
        byte[] zlib = compressed(Wrapping.ZLIB, plain).toByteArray();
        byte[] gzip = compressed(Wrapping.GZIP, plain).toByteArray();
        assertEquals(plain, DataBlock.wrap(new InflaterInputStream(new ByteArrayInputStream(zlib)).readAllBytes()));
        assertEquals(plain, DataBlock.wrap(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes()));
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void everyLengthComesBack(Wrapping wrapping) {
        // Around the sizes at which the output buffer is full, grows, or is counted first.
        for (int length : new int[] {1, 511, 512, 513, 1023, 1024, 1025, 8191, 8192, 8193, 1 << 20}) {
            assertEquals(
                    DataBlock.wrap(new byte[length]),
                    inflate(DataBlock.wrap(zeros(wrapping, length)), wrapping, length));
        }
        for (int length : new int[] {(1 << 20) + 1, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 20_000_003}) {
            DataBlock stored = DataBlock.wrap(zeros(wrapping, length));
            assertEquals(
                    DataBlock.wrap(new byte[length]),
                    Compression.none().withMaxRatio(2_000).decompress(stored, wrapping, length));
        }
    }

    @Test
    void onlyStrictlyLongerThanTheThreshold() {
        assertNull(Compression.zlib(1_000, 6).compress(text(1_000)));
        assertNotNull(Compression.zlib(1_000, 6).compress(text(1_001)));
        assertNull(Compression.none().compress(text(1_001)));
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void onlyWhenStrictlySmaller(Wrapping wrapping) {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        assertNull(of(wrapping, 0, 9).compress(DataBlock.wrap(noise)));
        for (int length = 0; length < 60; length++) {
            DataBlock plain = DataBlock.wrap(new byte[length]);
            DataBlock stored = of(wrapping, 0, 9).compress(plain);
            if (stored != null) {
                assertTrue(stored.length() < length);
                assertEquals(plain, inflate(stored, wrapping, length));
            }
        }
    }

    @Test
    void argumentsOutOfRange() {
        assertThrows(IllegalRequestException.class, () -> Compression.zlib(-1, 6));
        assertThrows(IllegalRequestException.class, () -> Compression.zlib(0, -1));
        assertThrows(IllegalRequestException.class, () -> Compression.gzip(0, 10));
        assertThrows(IllegalRequestException.class, () -> Compression.none().withMaxRatio(0));
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 a stream cut at any byte is refused")
    void cutStreamIsRefusedAtEveryByte(Wrapping wrapping) {
        byte[] whole = compressed(wrapping, text(300)).toByteArray();
        for (int end = 0; end < whole.length; end++) {
            assertRefused(Reason.DECODE, DataBlock.wrap(whole, 0, end), wrapping);
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 a damaged stream never gives other bytes")
    void damagedStreamNeverGivesOtherBytes(Wrapping wrapping) {
        DataBlock plain = text(300);
        byte[] whole = compressed(wrapping, plain).toByteArray();
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                try {
                    assertEquals(plain, inflate(DataBlock.wrap(damaged), wrapping, 1 << 20));
                } catch (SerdeException refused) {
                    assertEquals(Reason.DECODE, refused.reason());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 a second member or anything else behind the stream is refused")
    void anythingAfterTheStreamIsRefused(Wrapping wrapping) {
        byte[] member = compressed(wrapping, text(300)).toByteArray();
        byte[] garbage = Arrays.copyOf(member, member.length + 1);
        byte[] twice = Arrays.copyOf(member, member.length * 2);
        System.arraycopy(member, 0, twice, member.length, member.length);
        assertRefused(Reason.DECODE, DataBlock.wrap(garbage), wrapping);
        assertRefused(Reason.DECODE, DataBlock.wrap(twice), wrapping);
    }

    @Test
    @DisplayName("S11 nothing, and what is no such stream, is refused")
    void otherThingsAreRefused() {
        Deflater withDictionary = new Deflater();
        byte[] dictionary = "fox".getBytes(StandardCharsets.US_ASCII);
        withDictionary.setDictionary(dictionary);
        withDictionary.setInput(dictionary);
        withDictionary.finish();
        byte[] out = new byte[100];
        int length = withDictionary.deflate(out);
        withDictionary.end();
        assertRefused(Reason.DECODE, DataBlock.wrap(out, 0, length), Wrapping.ZLIB);
        for (Wrapping wrapping : Wrapping.values()) {
            assertRefused(Reason.DECODE, DataBlock.EMPTY, wrapping);
            assertRefused(Reason.DECODE, text(100), wrapping);
        }
        assertRefused(Reason.DECODE, compressed(Wrapping.GZIP, text(300)), Wrapping.ZLIB);
        assertRefused(Reason.DECODE, compressed(Wrapping.ZLIB, text(300)), Wrapping.GZIP);
    }

    @Test
    void gzipHeaderWithEveryField() throws IOException {
        DataBlock plain = text(300);
        byte[] ours = compressed(Wrapping.GZIP, plain).toByteArray();
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3});
        header.write(new byte[] {3, 0, 7, 7, 7});
        header.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(header.toByteArray());
        header.write((int) crc.getValue());
        header.write((int) crc.getValue() >> 8);
        int headerLength = header.size();
        header.write(ours, 10, ours.length - 10);
        byte[] whole = header.toByteArray();
        assertEquals(plain, inflate(DataBlock.wrap(whole), Wrapping.GZIP, 300));
        for (int end = 0; end < headerLength; end++) {
            assertRefused(Reason.DECODE, DataBlock.wrap(whole, 0, end), Wrapping.GZIP);
        }
        whole[14] ^= 1;
        assertRefused(Reason.DECODE, DataBlock.wrap(whole), Wrapping.GZIP);
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 the absolute limit is exact")
    void absoluteLimitIsExact(Wrapping wrapping) {
        DataBlock stored = compressed(wrapping, text(5_000));
        assertEquals(5_000, inflate(stored, wrapping, 5_000).length());
        for (int limit : new int[] {0, 1, 512, 4_999}) {
            SerdeException refused = assertThrows(SerdeException.class, () -> inflate(stored, wrapping, limit));
            assertEquals(Reason.LIMIT, refused.reason());
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 the ratio is limited beyond a mebibyte")
    void ratioLimitBeyondOneMebibyte(Wrapping wrapping) {
        assertEquals(
                1 << 20,
                inflate(DataBlock.wrap(zeros(wrapping, 1 << 20)), wrapping, NO_LIMIT)
                        .length());
        DataBlock twoMebibytes = DataBlock.wrap(zeros(wrapping, 2 << 20));
        SerdeException refused = assertThrows(SerdeException.class, () -> inflate(twoMebibytes, wrapping, NO_LIMIT));
        assertEquals(Reason.LIMIT, refused.reason());
        assertEquals(
                2 << 20,
                Compression.none()
                        .withMaxRatio(1_100)
                        .decompress(twoMebibytes, wrapping, NO_LIMIT)
                        .length());
    }

    @Test
    void writesNothingThatItWouldNotRead() {
        DataBlock zeros = DataBlock.wrap(new byte[3 << 20]);
        assertNull(Compression.zlib(0, 9).compress(zeros));
        assertNotNull(Compression.zlib(0, 9).withMaxRatio(2_000).compress(zeros));
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    @DisplayName("S11 a bomb of 1 GiB is refused in little memory")
    void bombTakesLittleMemory(Wrapping wrapping) {
        DataBlock stored = DataBlock.wrap(zeros(wrapping, 1L << 30));
        Compression trusting = Compression.none().withMaxRatio(2_000);
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
        SerdeException refused =
                assertThrows(SerdeException.class, () -> trusting.decompress(stored, wrapping, 64 << 20));
        long taken = memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertEquals(Reason.LIMIT, refused.reason());
        assertTrue(taken < 32 << 20, () -> taken + " bytes allocated");
    }
}
