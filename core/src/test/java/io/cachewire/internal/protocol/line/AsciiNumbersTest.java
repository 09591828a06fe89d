package io.cachewire.internal.protocol.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.ReplyReading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Numbers against the JDK's own spelling of them, at every length and around every limit. */
final class AsciiNumbersTest {
    private static final List<Long> AROUND = List.of(-1L, 0L, 1L);

    @Test
    void unsignedNumbersOfEveryLength() throws MalformedReply {
        long power = 1;
        for (int digits = 1; digits <= 20; digits++, power *= 10) {
            for (long delta : AROUND) {
                checkUnsigned(power + delta);
            }
        }
        for (long value : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, -2, -10}) {
            checkUnsigned(value);
        }
    }

    private static void checkUnsigned(long value) throws MalformedReply {
        String text = Long.toUnsignedString(value);
        assertEquals(text, written(out -> AsciiNumbers.putUnsigned(value, out, 2)));
        byte[] bytes = ReplyReading.bytes("x" + text + "x");
        assertEquals(value, AsciiNumbers.unsigned(bytes, 1, bytes.length - 1));
    }

    @Test
    void signedNumbers() {
        for (long value : new long[] {0, 1, -1, -10, 2592001, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertEquals(Long.toString(value), written(out -> AsciiNumbers.putSigned(value, out, 2)));
        }
    }

    @Test
    void opaquesAreHexadecimal() {
        for (int shift = 0; shift < 31; shift++) {
            for (int value : new int[] {1 << shift, (1 << shift) - 1, Integer.MAX_VALUE >> shift}) {
                assertEquals(Integer.toHexString(value), written(out -> AsciiNumbers.putOpaque(value, out, 2)));
            }
        }
    }

    private static String written(Function<byte[], Integer> put) {
        byte[] out = new byte[40];
        int end = put.apply(out);
        return new String(out, 2, end - 2, StandardCharsets.US_ASCII);
    }

    @Test
    void overflowIsMalformed() {
        for (String text : List.of(
                "18446744073709551616",
                "18446744073709551620",
                "18446744073709552000",
                "99999999999999999999",
                "018446744073709551615",
                "000000000000000000001")) {
            byte[] bytes = ReplyReading.bytes(text);
            assertThrows(MalformedReply.class, () -> AsciiNumbers.unsigned(bytes, 0, bytes.length), text);
        }
    }
}
