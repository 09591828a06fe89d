package io.cachewire.internal.protocol;

import static io.cachewire.internal.protocol.ReplyReading.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.internal.connection.SharedMemory;
import io.cachewire.internal.protocol.binary.BinaryCode;
import io.cachewire.internal.protocol.binary.BinaryDialect;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What replies in part take from the memory that connections share, and that all of it comes back. */
class ReplyMemoryTest {
    private static final int MIB = 1 << 20;
    /** What of it lies beyond the allowance. */
    private static final int BEYOND = MIB - ReplyMemory.ALLOWANCE;

    private static final String ALMOST = "x".repeat(MIB - 1);

    private final SharedMemory memory = new SharedMemory(4 * MIB);

    /** A dialect with the begin of a value of 1 MiB that lacks one byte, and what completes it. */
    record Large(Dialect dialect, byte[] begin, byte[] end) {
        static Large meta() {
            return new Large(new MetaDialect(), bytes("VA " + MIB + " O7\r\n" + ALMOST), bytes("x\r\n"));
        }

        static Large text() {
            return new Large(new TextDialect(), bytes("VALUE k 0 " + MIB + "\r\n" + ALMOST), bytes("x\r\nEND\r\n"));
        }

        static Large binary() {
            byte[] whole = BinaryReplies.item(BinaryCode.GETK, 7, "k", 0, 1, new byte[MIB]);
            byte[][] parts = ReplyReading.cutAt(whole, whole.length - 1);
            return new Large(new BinaryDialect(), parts[0], parts[1]);
        }

        @Override
        public String toString() {
            return dialect.name();
        }
    }

    static List<Large> large() {
        return List.of(Large.meta(), Large.text(), Large.binary());
    }

    private ReplyParser parser(Dialect dialect) {
        return dialect.newParser(new Limits(MIB), memory);
    }

    private static void begin(ReplyParser parser, byte[] bytes) throws MalformedReply {
        assertEquals(List.of(), ReplyReading.read(parser, bytes));
    }

    @ParameterizedTest(name = "S12 of {0} bytes declared and {1} come, {2} are taken")
    @CsvSource({
        "1048576, 100, 0",
        "65536, 10000, 0",
        "4194304, 10240, 16384",
        "524288, 131000, 458752",
        "4194304, 200000, 983040",
        "4194304, 1000000, 1934464"
    })
    void boundedByWhatHasCome(int declared, int come, int taken) throws MalformedReply {
        ReplyParser parser = new MetaDialect().newParser(new Limits(declared), memory);
        begin(parser, bytes("VA " + declared + " O7\r\n" + "x".repeat(come)));
        assertEquals(taken, memory.taken());
    }

    @ParameterizedTest(name = "S12 what a reply in part takes comes back when it is complete ({0})")
    @MethodSource("large")
    void complete(Large value) throws MalformedReply {
        ReplyParser parser = parser(value.dialect());
        begin(parser, value.begin());
        assertEquals(BEYOND, memory.taken());
        assertEquals(1, ReplyReading.read(parser, value.end()).size());
        assertEquals(0, memory.taken());
        begin(parser, value.begin());
        assertEquals(BEYOND, memory.taken());
    }

    @ParameterizedTest(name = "S12 what a reply in part takes comes back when its connection is lost ({0})")
    @MethodSource("large")
    void closed(Large value) throws MalformedReply {
        ReplyParser parser = parser(value.dialect());
        begin(parser, value.begin());
        parser.close();
        assertEquals(0, memory.taken());
        parser.close();
        assertEquals(0, memory.taken());
    }

    @ParameterizedTest(
            name = "S12 a reply for which no memory is left ends its connection and none of the others ({0})")
    @MethodSource("large")
    void exhausted(Large value) throws MalformedReply {
        ReplyParser first = parser(value.dialect());
        begin(first, value.begin());
        ReplyParser second = parser(value.dialect());
        assertTrue(memory.tryTake(3 * MIB));
        MemoryBudget.Exhausted e =
                assertThrows(MemoryBudget.Exhausted.class, () -> ReplyReading.read(second, value.begin()));
        assertTrue(String.valueOf(e.getMessage()).contains(" of 4194304 bytes of the client's memory"), e::getMessage);
        second.close();
        assertEquals(3 * MIB + BEYOND, memory.taken());
        assertEquals(1, ReplyReading.read(first, value.end()).size());
        assertEquals(3 * MIB, memory.taken());
    }

    @Test
    @DisplayName("S12 what a reply in part takes comes back when it turns out malformed")
    void malformed() throws MalformedReply {
        ReplyParser parser = parser(new MetaDialect());
        begin(parser, Large.meta().begin());
        assertThrows(MalformedReply.class, () -> ReplyReading.read(parser, bytes("xyz")));
        assertEquals(0, memory.taken());
    }

    @Test
    @DisplayName("S12 a text value counts until its END has come")
    void textWithoutEnd() throws MalformedReply {
        ReplyParser parser = parser(new TextDialect());
        begin(parser, Large.text().begin());
        begin(parser, bytes("x\r\n"));
        assertEquals(MIB - ReplyMemory.ALLOWANCE, memory.taken());
        assertThrows(MalformedReply.class, () -> ReplyReading.read(parser, bytes("VALUE k 0\r\n")));
        assertEquals(0, memory.taken());
    }

    @Test
    @DisplayName("S12 lines of statistics count, and come back with the last one")
    void statistics() throws MalformedReply {
        for (Dialect dialect : List.of(new MetaDialect(), new TextDialect())) {
            ReplyParser parser = parser(dialect);
            for (int i = 0; i < 100; i++) {
                begin(parser, bytes("STAT n" + i + " " + "v".repeat(5000) + "\r\n"));
            }
            assertTrue(memory.taken() > 400_000, () -> memory.taken() + " bytes for half a megabyte");
            assertEquals(1, ReplyReading.read(parser, bytes("END\r\n")).size());
            assertEquals(0, memory.taken());
        }
        ReplyParser binary = parser(new BinaryDialect());
        for (int i = 0; i < 100; i++) {
            begin(binary, BinaryReplies.stat(7, "n" + i, "v".repeat(5000)));
        }
        assertTrue(memory.taken() > 400_000, () -> memory.taken() + " bytes for half a megabyte");
        assertEquals(1, ReplyReading.read(binary, BinaryReplies.stat(7, "", "")).size());
        assertEquals(0, memory.taken());
    }

    @Test
    @DisplayName("S12 small replies never touch the memory that connections share")
    void small() throws MalformedReply {
        MemoryBudget none = new MemoryBudget() {
            @Override
            public boolean tryTake(long bytes) {
                throw new AssertionError("taken");
            }

            @Override
            public void giveBack(long bytes) {
                throw new AssertionError("given back");
            }
        };
        ReplyParser parser = new MetaDialect().newParser(new Limits(MIB), none);
        String data = "x".repeat(ReplyMemory.ALLOWANCE);
        byte[] reply = bytes("VA " + data.length() + " O7\r\n" + data + "\r\n");
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    1,
                    ReplyReading.read(parser, ReplyReading.cutAt(reply, 100 + i))
                            .size());
        }
        begin(parser, bytes("VA 9 O7\r\n123"));
        parser.close();
        assertNull(parser.next());
    }
}
