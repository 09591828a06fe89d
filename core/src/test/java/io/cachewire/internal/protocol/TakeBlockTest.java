package io.cachewire.internal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.internal.protocol.binary.BinaryDialect;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a parser takes straight from the socket's buffer: the middle of a data block, and nothing else. */
class TakeBlockTest {
    private static final String VALUE = "0123456789";

    static Stream<Arguments> hits() {
        return Stream.of(
                hit(new MetaDialect(), "VA 10 k6b O1\r\n", "\r\n"),
                hit(new TextDialect(), "VALUE k 0 10 7\r\n", "\r\nEND\r\n"),
                hit(
                        new BinaryDialect(),
                        "\u0081\u000c\0\1\4\0\0\0\0\0\0\u000f\0\0\0\u0007\0\0\0\0\0\0\0\u0007\0\0\0\0k",
                        ""));
    }

    private static Arguments hit(Dialect dialect, String before, String behind) {
        ReplyParser parser = dialect.newParser(new Limits(4096, 512, 50));
        return Arguments.of(
                parser, ReplyReading.bytes(before), ByteBuffer.wrap(ReplyReading.bytes(VALUE + behind + before)));
    }

    private static Reply feed(ReplyParser parser, ByteBuffer bytes, int count) throws MalformedReply {
        byte[] fed = new byte[count];
        bytes.get(fed);
        parser.feed(fed, 0, count);
        return parser.next();
    }

    private static int taken(ReplyParser parser, ByteBuffer bytes) {
        int before = bytes.position();
        parser.takeBlock(bytes);
        return bytes.position() - before;
    }

    @ParameterizedTest
    @MethodSource("hits")
    void allButTheLastByteOfTheBlock(ReplyParser parser, byte[] before, ByteBuffer rest) throws MalformedReply {
        assertNull(feed(parser, ByteBuffer.wrap(before), before.length));
        assertEquals(0, parser.missing());
        assertNull(feed(parser, rest, 1));
        assertEquals(VALUE.length() - 1, parser.missing());
        assertEquals(VALUE.length() - 2, taken(parser, rest));
        assertEquals(1, parser.missing());
        assertEquals(0, taken(parser, rest));
        Reply.Value item = (Reply.Value) feed(parser, rest, rest.remaining() - before.length);
        assertEquals(VALUE, item.data().toUtf8());
        assertEquals(0, parser.missing());
    }

    @ParameterizedTest
    @MethodSource("hits")
    void nothingOutsideOfABlock(ReplyParser parser, byte[] before, ByteBuffer rest) throws MalformedReply {
        assertEquals(0, taken(parser, rest));
        for (int i = 0; i < before.length; i++) {
            assertNull(feed(parser, ByteBuffer.wrap(before, i, 1), 1));
            assertEquals(0, taken(parser, rest), "behind byte " + i + " of the header");
        }
        assertNull(feed(parser, rest, VALUE.length() - 1));
        assertEquals(0, taken(parser, rest), "the last byte of the block");
        for (int left = rest.remaining() - before.length; left > 1; left--) {
            assertNull(feed(parser, rest, 1));
            assertEquals(0, taken(parser, rest), left + " bytes before the end");
        }
        assertNotNull(feed(parser, rest, 1));
        assertEquals(0, taken(parser, rest), "the next reply");
    }

    @ParameterizedTest
    @MethodSource("hits")
    void nothingIsMissingOfABlockThatCameWhole(ReplyParser parser, byte[] before, ByteBuffer rest)
            throws MalformedReply {
        ByteBuffer all = ByteBuffer.allocate(rest.remaining());
        all.put(before).put(rest.slice(0, rest.remaining() - before.length)).flip();
        assertNotNull(feed(parser, all, all.remaining()));
        assertEquals(0, parser.missing());
    }

    @ParameterizedTest
    @MethodSource("hits")
    void notBeforeWhatWasFedIsConsumed(ReplyParser parser, byte[] before, ByteBuffer rest) {
        byte[] fed = Arrays.copyOf(before, before.length + 1);
        parser.feed(fed, 0, fed.length);
        assertThrows(IllegalStateException.class, () -> parser.takeBlock(rest));
    }

    @ParameterizedTest
    @MethodSource("hits")
    void nothingAfterTheStreamWasWrong(ReplyParser parser, byte[] before, ByteBuffer rest) {
        byte[] wrong = {'#', '#', '\r', '\n'};
        parser.feed(wrong, 0, wrong.length);
        assertThrows(MalformedReply.class, parser::next);
        assertEquals(0, taken(parser, rest));
    }
}
