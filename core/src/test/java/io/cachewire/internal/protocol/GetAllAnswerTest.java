package io.cachewire.internal.protocol;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.ReplyReading.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.binary.BinaryDialect;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The replies to one read of the keys a, b, c and d, as a server or a liar sends them. */
class GetAllAnswerTest {
    private static final Request.GetAll REQUEST =
            Request.GetAll.of(List.of(block("a"), block("b"), block("c"), block("d")), false);

    private static final String FIRST = "VA 1 f7 Oa\r\nA\r\n";

    private static List<Reply> meta(String wire) throws MalformedReply {
        return collected(new MetaDialect(), wire);
    }

    private static List<Reply> text(String wire) throws MalformedReply {
        return collected(new TextDialect(), wire);
    }

    /** However the bytes are cut, the answer is the same. */
    private static List<Reply> collected(Dialect dialect, String wire) throws MalformedReply {
        List<Reply> whole = collected(dialect, ReplyReading.read(dialect.newParser(new Limits(100)), bytes(wire)));
        for (int at = 1; at < wire.length(); at++) {
            byte[][] pieces = ReplyReading.cutAt(bytes(wire), at);
            assertEquals(whole, collected(dialect, ReplyReading.read(dialect.newParser(new Limits(100)), pieces)));
        }
        return whole;
    }

    private static List<Reply> collected(Dialect dialect, List<Reply> replies) throws MalformedReply {
        GetAllAnswer answer = dialect.getAllAnswer(REQUEST, 10);
        for (Reply reply : replies.subList(0, replies.size() - 1)) {
            assertFalse(answer.take(reply), () -> "whole after " + reply);
            assertThrows(IllegalStateException.class, answer::whole);
        }
        assertTrue(answer.take(replies.get(replies.size() - 1)));
        return answer.whole().replies();
    }

    private static String values(List<Reply> replies) {
        StringBuilder text = new StringBuilder();
        for (Reply reply : replies) {
            if (reply instanceof Reply.Value item) {
                text.append(item.data().toUtf8());
            } else {
                text.append(reply.kind() == Reply.Kind.END ? "-" : "!");
            }
        }
        return text.toString();
    }

    private static String item(String key) {
        return "VALUE " + key + " 7 1\r\n" + key.toUpperCase(Locale.ROOT) + "\r\n";
    }

    @Test
    void eachKeyHasItsItemOrItsMiss() throws MalformedReply {
        assertEquals("ABCD", values(meta(FIRST + item("b") + item("c") + item("d") + "END\r\n")));
        assertEquals("A--D", values(meta(FIRST + item("d") + "END\r\n")));
        assertEquals("A---", values(meta(FIRST + "END\r\n")));
        assertEquals("--C-", values(meta("EN Oa\r\n" + item("c") + "END\r\n")));
        assertEquals("----", values(meta("EN Oa\r\nEND\r\n")));
        assertEquals("A-C-", values(text(item("a") + item("c") + "END\r\n")));
        assertEquals("----", values(text("END\r\n")));
        Reply.Value first =
                assertInstanceOf(Reply.Value.class, meta(FIRST + "END\r\n").get(0));
        assertEquals(7, first.flags());
    }

    @Test
    void aKeyThatIsAskedTwiceIsAnsweredTwice() throws MalformedReply {
        DataBlock key = block("k");
        GetAllAnswer answer =
                new TextDialect().getAllAnswer(Request.GetAll.of(List.of(key, block("l"), key), false), 10);
        ReplyParser parser = new TextDialect().newParser(new Limits(100));
        for (Reply reply : ReplyReading.read(parser, bytes(item("k") + item("k") + "END\r\n"))) {
            answer.take(reply);
        }
        assertEquals("K-K", values(answer.whole().replies()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void aKeyThatWasAskedForIsNotCopied(int pieceLength) throws MalformedReply {
        String wire = FIRST + item("b") + item("d") + "END\r\n";
        GetAllAnswer answer = new MetaDialect().getAllAnswer(REQUEST, 10);
        ReplyParser parser = new MetaDialect().newParser(new Limits(100));
        parser.expect(answer);
        for (int from = 0; from < wire.length(); from += pieceLength) {
            byte[] piece = bytes(wire.substring(from, Math.min(wire.length(), from + pieceLength)));
            parser.feed(piece, 0, piece.length);
            for (Reply reply = parser.next(); reply != null; reply = parser.next()) {
                answer.take(reply);
            }
        }
        List<Reply> replies = answer.whole().replies();
        assertEquals("AB-D", values(replies));
        for (int i : new int[] {1, 3}) {
            Reply.Value item = assertInstanceOf(Reply.Value.class, replies.get(i));
            assertSame(REQUEST.keys().get(i), item.key());
        }
    }

    @Test
    void aKeyIsFoundOnceAndNotBehindTheOneThatCame() {
        GetAllAnswer answer = new MetaDialect().getAllAnswer(REQUEST, 10);
        byte[] line = bytes("VALUE c 7 1");
        assertSame(REQUEST.keys().get(2), answer.find(line, 6, 7));
        assertNull(answer.find(line, 6, 7));
        assertNull(answer.find(bytes("b"), 0, 1));
        assertNull(answer.find(bytes("dd"), 0, 2));
        assertNull(answer.find(line, 6, 6));
        assertSame(REQUEST.keys().get(3), answer.find(bytes("d"), 0, 1));
    }

    @Test
    void anErrorIsTheAnswerOfTheKeysThatWereNotReached() throws MalformedReply {
        assertEquals("A!!!", values(meta(FIRST + "SERVER_ERROR out of memory\r\n")));
        assertEquals("AB!!", values(meta(FIRST + item("b") + item("c") + "SERVER_ERROR out of memory\r\n")));
        assertEquals("!B--", values(meta("SERVER_ERROR out of memory\r\n" + item("b") + "END\r\n")));
        assertEquals("!!!!", values(text("ERROR\r\n")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "END\r\n",
                "VALUE a 7 1\r\nA\r\nEND\r\n",
                "EN\r\n",
                "EN Ob\r\n",
                "VA 1 f7 Ob\r\nA\r\n",
                "VA 1 f7 ka Oa\r\nA\r\n",
                "HD Oa\r\n",
                "NF Oa\r\n",
                "EN Oa\r\nEN Oa\r\n",
                "EN Oa\r\nVA 1 kb Oa\r\nB\r\n",
                "EN Oa\r\nVALUE a 7 1\r\nA\r\nEND\r\n",
                "EN Oa\r\nVALUE x 7 1\r\nX\r\nEND\r\n",
                "EN Oa\r\nVALUE c 7 1\r\nC\r\nVALUE b 7 1\r\nB\r\nEND\r\n",
                "EN Oa\r\nVALUE d 7 1\r\nD\r\nVALUE d 7 1\r\nD\r\nEND\r\n",
                "EN Oa\r\nMN\r\n",
                "EN Oa\r\nOK\r\n",
            })
    void whatDoesNotFitIsMalformed(String wire) throws MalformedReply {
        GetAllAnswer answer = new MetaDialect().getAllAnswer(REQUEST, 10);
        List<Reply> replies = ReplyReading.read(new MetaDialect().newParser(new Limits(100)), bytes(wire));
        assertThrows(MalformedReply.class, () -> {
            for (Reply reply : replies) {
                answer.take(reply);
            }
        });
    }

    private static byte[] hit(String key) {
        return BinaryReplies.item(0x0d, 10, key, 7, 1, bytes(key.toUpperCase(Locale.ROOT)));
    }

    private static final byte[] NOOP = BinaryReplies.done(0x0a, 10);

    private static List<Reply> binary(byte[]... packets) throws MalformedReply {
        return collected(
                new BinaryDialect(), ReplyReading.read(new BinaryDialect().newParser(new Limits(100)), packets));
    }

    @Test
    void quietReadsAreEndedByTheirNoOp() throws MalformedReply {
        assertEquals("ABCD", values(binary(hit("a"), hit("b"), hit("c"), hit("d"), NOOP)));
        assertEquals("-B-D", values(binary(hit("b"), hit("d"), NOOP)));
        assertEquals("----", values(binary(NOOP)));
        assertEquals("A!C!", values(binary(hit("a"), BinaryReplies.failure(0x0d, 10, 0x82, "memory"), hit("c"), NOOP)));
        for (byte[][] wrong : List.of(
                new byte[][] {hit("x"), NOOP},
                new byte[][] {hit("b"), hit("a"), NOOP},
                new byte[][] {BinaryReplies.done(0x0a, 11)},
                new byte[][] {BinaryReplies.item(0x0d, 11, "a", 7, 1, bytes("A")), NOOP},
                new byte[][] {BinaryReplies.done(0x01, 10), NOOP})) {
            assertThrows(MalformedReply.class, () -> binary(wrong));
        }
    }

    @Test
    void itIsOneCommandAfterAReadOfTheFirstKey() {
        assertEquals(
                "mg a v f Oa\r\nget b c d\r\n",
                new String(ReplyReading.written(new MetaDialect(), REQUEST, 10), UTF_8));
        assertEquals(
                "gets a b\r\n",
                new String(
                        ReplyReading.written(
                                new TextDialect(), Request.GetAll.of(List.of(block("a"), block("b")), true), 10),
                        UTF_8));
        assertThrows(IllegalArgumentException.class, () -> Request.GetAll.of(List.of(block("a")), false));
    }

    @Test
    void textTakesItemsInAnyOrder() throws MalformedReply {
        assertEquals("ABCD", values(text(item("d") + item("c") + item("b") + item("a") + "END\r\n")));
        assertEquals("ABCD", values(text(item("b") + item("a") + item("d") + item("c") + "END\r\n")));
        assertEquals("A-CD", values(text(item("d") + item("a") + item("c") + "END\r\n")));
        assertEquals("-B--", values(text(item("b") + "END\r\n")));
        assertEquals("--CD", values(text(item("c") + item("d") + "END\r\n")));
    }

    @Test
    void whatAnErrorCutsOffInTextIsNoMiss() throws MalformedReply {
        assertEquals("!!!D", values(text(item("d") + item("a") + "SERVER_ERROR x\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dd", "dada", "dce", "adcba"})
    void textTakesEachKeyOnceAndNoOther(String keys) {
        StringBuilder wire = new StringBuilder();
        keys.chars().forEach(key -> wire.append(item(Character.toString(key))));
        assertThrows(MalformedReply.class, () -> {
            GetAllAnswer answer = new TextDialect().getAllAnswer(REQUEST, 10);
            for (Reply reply :
                    ReplyReading.read(new TextDialect().newParser(new Limits(100)), bytes(wire + "END\r\n"))) {
                answer.take(reply);
            }
        });
    }
}
