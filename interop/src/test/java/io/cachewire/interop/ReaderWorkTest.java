package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are short and take the processor or the memory, when they are read or afterwards, and values in earnest beside them. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ReaderWorkTest {
    private static final int MEBI = 1 << 20;

    private static DataBlock latin1(String text) {
        return DataBlock.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertTooMuch(Encoding encoding, String bytes) {
        SerdeException refused = assertThrows(SerdeException.class, () -> encoding.read(latin1(bytes)));
        assertEquals(Reason.LIMIT, refused.reason(), refused::toString);
    }

    /** The number in the four bytes of a pickled integer. */
    private static String int4(int number) {
        return "J" + (char) (number & 0xff) + (char) (number >> 8 & 0xff) + (char) (number >> 16 & 0xff)
                + (char) (number >>> 24);
    }

    @Test
    void tuplesOfOneHashWithSharedPartsInManySets() {
        // a tuple of a thousand numbers is the first part of all, so each comparison goes through it
        StringBuilder pickle = new StringBuilder("](");
        pickle.append("K\u0001".repeat(1_000)).append("tq\u00000(");
        for (int set = 0; set < 20; set++) {
            pickle.append("\u008f(");
            for (int i = 0; i < 300; i++) {
                pickle.append("h\u0000")
                        .append(int4(set * 1_000 + i))
                        .append(int4(31 * (1_000 - i)))
                        .append("\u0087");
            }
            pickle.append("\u0090");
        }
        assertTooMuch(Encoding.PICKLE, pickle + "e.");
    }

    @Test
    void frozenSetsOfOneHashAreComparedMemberByMember() {
        StringBuilder inner = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            inner.append(int4(i)).append(int4(31 * (1_000 - i))).append("\u0086");
        }
        StringBuilder pickle = new StringBuilder("}(");
        for (int i = 0; i < 40; i++) {
            pickle.append("(").append(inner).append("\u0091").append("N");
        }
        assertTooMuch(Encoding.PICKLE, pickle + "u.");
    }

    @Test
    void longEqualTextsInManyMaps() {
        String text = "x".repeat(200_000);
        String stored = "X" + int4(200_000).substring(1) + text;
        StringBuilder pickle = new StringBuilder("](" + stored + "q\u0000" + stored + "q\u0001");
        for (int i = 0; i < 60_000; i++) {
            pickle.append("}h\u0000Nsh\u0001Ns");
        }
        assertTooMuch(Encoding.PICKLE, pickle + "e.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"]", "}", "\u008f", ")", "(l", "(d", "(t", "(\u0091", "N\u0085"})
    void emptyContainersOfOneByte(String opcodes) {
        long before = allocated();
        assertTooMuch(Encoding.PICKLE, "](" + opcodes.repeat(MEBI / opcodes.length()) + "e.");
        assertTrue(allocated() - before < 100L * MEBI, () -> (allocated() - before) + " bytes");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void memoThatIsLongerThanTheValue() {
        long before = allocated();
        Encoding.PICKLE.read(latin1("N" + "\u0094".repeat(MEBI) + "."));
        assertTrue(allocated() - before < 60L * MEBI, () -> (allocated() - before) + " bytes");
    }

    @Test
    void emptyContainersOfJson() {
        assertTooMuch(Encoding.JSON, "[" + "{},".repeat(MEBI / 3) + "{}]");
        assertTooMuch(Encoding.JSON, "[" + "[],".repeat(MEBI / 3) + "[]]");
    }

    @Test
    void sharedPartsThatNobodyCouldWalkOver() {
        StringBuilder pickle = new StringBuilder("]q\u0000");
        for (int level = 1; level < 100; level++) {
            pickle.append("](h")
                    .append((char) (level - 1))
                    .append("h")
                    .append((char) (level - 1))
                    .append("eq")
                    .append((char) level);
        }
        // only the last one is the value
        StringBuilder whole = new StringBuilder("](");
        whole.append(pickle).append("e.");
        assertTooMuch(Encoding.PICKLE, whole.toString());
        StringBuilder php = new StringBuilder("a:60:{i:0;a:0:{}");
        for (int level = 1; level < 60; level++) {
            // the array of a level is the value after all slots of those before
            int before = level == 1 ? 2 : 2 + level - 1;
            php.append("i:")
                    .append(level)
                    .append(";a:2:{i:0;R:")
                    .append(before)
                    .append(";i:1;R:")
                    .append(before)
                    .append(";}");
        }
        assertTooMuch(Encoding.PHP, php + "}");
        // a list that contains itself, and much beside
        assertTooMuch(
                Encoding.PICKLE,
                "]q\u0000(h\u0000" + "](" + "N".repeat(20_000) + "eq\u0001" + "h\u0001".repeat(10) + "e.");
    }

    @Test
    void listThatContainsItselfIsRead() {
        assertEquals("[(this Collection)]", String.valueOf(Encoding.PICKLE.read(latin1("]q\u0000h\u0000a."))));
    }

    @Test
    void hugeIntegersOfPickles() {
        assertTooMuch(Encoding.PICKLE, "\u008b" + int4(1 << 19).substring(1) + "\u0001".repeat(1 << 19) + ".");
    }

    @Test
    void valuesInEarnest() {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < 50_000; i++) {
            json.append("{\"id\":").append(i).append(",\"at\":[").append(i).append(",2]},");
        }
        assertEquals(50_001, ((List<?>) Encoding.JSON.read(latin1(json + "0]"))).size());
        assertEquals(100_001, ((List<?>) Encoding.JSON.read(latin1("[" + "[1,2],".repeat(100_000) + "0]"))).size());
        StringBuilder dict = new StringBuilder("}(");
        StringBuilder tuples = new StringBuilder("\u008f(");
        for (int i = 0; i < 50_000; i++) {
            dict.append(int4(i)).append("N");
            tuples.append(int4(i)).append(int4(i * 7)).append("\u0086");
        }
        assertEquals(50_000, ((Map<?, ?>) Encoding.PICKLE.read(latin1(dict + "u."))).size());
        assertEquals(50_000, ((Set<?>) Encoding.PICKLE.read(latin1(tuples + "\u0090."))).size());
        StringBuilder rows = new StringBuilder("](X\u0004\u0000\u0000\u0000nameq\u00000");
        for (int i = 0; i < 50_000; i++) {
            rows.append("}h\u0000").append(int4(i)).append("s");
        }
        assertEquals(50_000, ((List<?>) Encoding.PICKLE.read(latin1(rows + "e."))).size());
        StringBuilder php = new StringBuilder("a:20000:{");
        for (int i = 0; i < 20_000; i++) {
            php.append("i:").append(i).append(";a:1:{s:2:\"id\";i:").append(i).append(";}");
        }
        assertEquals(20_000, ((List<?>) Encoding.PHP.read(latin1(php + "}"))).size());
    }
}
