package io.cachewire.internal.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every dialect has to keep: the promises of {@link Dialect} and {@link ReplyParser}. A subclass gives the
 * dialect, what a server would answer to each opcode, and an item reply of a length of its choice.
 */
public abstract class DialectContractTest {
    /** A limit that the tests of valid replies stay under. */
    protected static final int MAX_VALUE_BYTES = 1024 * 1024;

    /** A request, the bytes of a reply to it, and that reply as a value. */
    public record Answer(Request request, int opaque, DataBlock wire, Reply reply) {}

    /** The dialect. */
    protected abstract Dialect dialect();

    /** At least one answer to each opcode that the dialect has; hits and misses; none of them an error line. */
    protected abstract List<Answer> answers();

    /** An item reply with this in place of the length, followed by these bytes and the right end. */
    protected abstract byte[] itemOfLength(String length, byte[] data);

    /** Beginnings of a stream that are no reply of this dialect. */
    protected abstract List<byte[]> garbage();

    private ReplyParser parser() {
        return dialect().newParser(new Limits(MAX_VALUE_BYTES));
    }

    @Test
    void everyOpcodeIsAnsweredOrRefused() {
        Set<Opcode> answered = EnumSet.noneOf(Opcode.class);
        for (Answer answer : answers()) {
            answered.add(answer.request().opcode());
            assertNull(
                    dialect().refusal(answer.request()), () -> answer.request().toString());
        }
        for (Request request : Requests.longest()) {
            boolean refused = dialect().refusal(request) != null;
            // GET_ALL has more than one reply: GetAllAnswerTest
            boolean collected = request.opcode() == Opcode.GET_ALL;
            assertTrue(refused || collected || answered.contains(request.opcode()), () -> "no answer for " + request);
        }
        assertEquals(
                EnumSet.allOf(Opcode.class),
                EnumSet.copyOf(Requests.longest().stream().map(Request::opcode).toList()));
    }

    @Test
    void headersStayInsideTheirBounds() {
        for (Request request : Requests.longest()) {
            if (dialect().refusal(request) != null) {
                continue;
            }
            byte[] out = new byte[Dialect.MAX_HEADER_BYTES + 20];
            Arrays.fill(out, (byte) 0xaa);
            int end = dialect().encodeHeader(request, Integer.MAX_VALUE, out, 10);
            assertTrue(end <= 10 + Dialect.MAX_HEADER_BYTES, request::toString);
            for (int i = 0; i < out.length; i++) {
                if (i < 10 || i >= end) {
                    assertEquals((byte) 0xaa, out[i], "byte " + i + " of " + request);
                }
            }
        }
    }

    @Test
    void answersFitTheirRequestsAndNoOthers() throws MalformedReply {
        for (Answer answer : answers()) {
            Reply reply =
                    ReplyReading.read(parser(), answer.wire().toByteArray()).get(0);
            assertTrue(dialect().answers(answer.request(), answer.opaque(), reply), answer::toString);
            if (reply.opaque() != Reply.NO_OPAQUE) {
                assertFalse(dialect().answers(answer.request(), answer.opaque() + 1, reply), answer::toString);
            }
            for (Answer other : answers()) {
                boolean sameOpcode =
                        other.request().opcode() == answer.request().opcode();
                if (!sameOpcode && !kindsOf(other.request().opcode()).contains(reply.kind())) {
                    assertFalse(
                            dialect().answers(other.request(), answer.opaque(), reply), () -> other + " by " + reply);
                }
            }
        }
    }

    private Set<Reply.Kind> kindsOf(Opcode opcode) {
        Set<Reply.Kind> kinds = EnumSet.noneOf(Reply.Kind.class);
        for (Answer answer : answers()) {
            if (answer.request().opcode() == opcode) {
                kinds.add(answer.reply().kind());
            }
        }
        return kinds;
    }

    @Test
    void wholeRepliesAreRead() throws MalformedReply {
        for (Answer answer : answers()) {
            assertEquals(
                    List.of(answer.reply()),
                    ReplyReading.read(parser(), answer.wire().toByteArray()),
                    answer::toString);
        }
    }

    @Test
    void anyCutGivesTheSameReplies() throws MalformedReply {
        for (Answer answer : answers()) {
            byte[] wire = answer.wire().toByteArray();
            for (int at = 0; at <= wire.length; at++) {
                int cut = at;
                assertEquals(
                        List.of(answer.reply()),
                        ReplyReading.read(parser(), ReplyReading.cutAt(wire, at)),
                        () -> answer + " cut at " + cut);
            }
            assertEquals(
                    List.of(answer.reply()), ReplyReading.read(parser(), ReplyReading.singles(wire)), answer::toString);
        }
    }

    @Test
    void manyRepliesInOneFeedAreAllRead() throws MalformedReply {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        List<Reply> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            for (Answer answer : answers()) {
                wire.writeBytes(answer.wire().toByteArray());
                expected.add(answer.reply());
            }
        }
        assertEquals(expected, ReplyReading.read(parser(), wire.toByteArray()));
        assertEquals(expected, ReplyReading.read(parser(), ReplyReading.singles(wire.toByteArray())));
    }

    @Test
    void aPrefixOfAReplyIsNotAReply() throws MalformedReply {
        for (Answer answer : answers()) {
            byte[] wire = answer.wire().toByteArray();
            for (int at = 0; at < wire.length; at++) {
                assertEquals(List.of(), ReplyReading.read(parser(), Arrays.copyOf(wire, at)), answer::toString);
            }
        }
    }

    @Test
    void feedingBeforeEverythingWasReadIsRefused() throws MalformedReply {
        byte[] wire = answers().get(0).wire().toByteArray();
        byte[] two = Arrays.copyOf(wire, 2 * wire.length);
        System.arraycopy(wire, 0, two, wire.length, wire.length);
        ReplyParser parser = parser();
        parser.feed(two, 0, two.length);
        assertEquals(answers().get(0).reply(), parser.next());
        assertThrows(IllegalStateException.class, () -> parser.feed(wire, 0, wire.length));
        assertEquals(answers().get(0).reply(), parser.next());
        assertNull(parser.next());
        parser.feed(wire, 0, wire.length);
        assertEquals(answers().get(0).reply(), parser.next());
    }

    @Test
    void declaredLengthsTakeNoMemory() throws MalformedReply {
        int declared = Integer.MAX_VALUE - 16;
        byte[] begin = itemOfLength(Integer.toString(declared), new byte[0]);
        ReplyParser parser = dialect().newParser(new Limits(declared));
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] piece = new byte[1000];
        long before = thread.getCurrentThreadAllocatedBytes();
        parser.feed(begin, 0, begin.length);
        assertNull(parser.next());
        for (int i = 0; i < 1000; i++) {
            parser.feed(piece, 0, piece.length);
            assertNull(parser.next());
        }
        long taken = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < 4_000_000, () -> taken + " bytes taken for 1 MB of a value");
    }

    /** Its bytes are read past, wherever they are cut, and nothing is kept of them. */
    @Test
    void anItemOverTheLimitIsReadPast() throws MalformedReply {
        for (int length : new int[] {11, 12, 100, 160}) {
            DataBlock good = answers().get(0).wire();
            byte[] stream = BinaryReplies.joined(
                            itemOfLength(Integer.toString(length), new byte[length]), good.toByteArray())
                    .toByteArray();
            List<byte[][]> cuts = new ArrayList<>(List.of(new byte[][] {stream}, ReplyReading.singles(stream)));
            for (int at = 1; at < stream.length; at++) {
                cuts.add(ReplyReading.cutAt(stream, at));
            }
            for (byte[][] pieces : cuts) {
                List<Reply> replies = ReplyReading.read(dialect().newParser(new Limits(10)), pieces);
                Reply.Value skipped = (Reply.Value) replies.get(0);
                assertTrue(skipped.isSkipped());
                assertEquals(length, skipped.cas());
                assertEquals(answers().get(0).reply(), replies.get(1));
                assertEquals(2, replies.size());
            }
        }
        byte[] tooLong = itemOfLength("161", new byte[161]);
        assertThrows(MalformedReply.class, () -> ReplyReading.read(dialect().newParser(new Limits(10)), tooLong));
    }

    @Test
    void garbageIsMalformedAtOnceAndForGood() {
        for (byte[] bytes : garbage()) {
            assertMalformed(bytes);
        }
    }

    @Test
    void messagesAreEscapedAndCut() {
        for (byte[] bytes : garbage()) {
            String message = assertMalformed(bytes).getMessage();
            assertTrue(message.length() < 64 * 6 + 100, message);
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7f), message);
        }
    }

    @Test
    void nothingIsReadBehindAMalformedReply() {
        for (byte[] bytes : garbage()) {
            ReplyParser parser = parser();
            byte[] good = answers().get(0).wire().toByteArray();
            MalformedReply first = assertThrows(MalformedReply.class, () -> ReplyReading.read(parser, good, bytes));
            parser.feed(good, 0, good.length);
            MalformedReply second = assertThrows(MalformedReply.class, parser::next);
            parser.feed(good, 0, good.length);
            assertThrows(MalformedReply.class, parser::next);
            assertEquals(first.getMessage(), second.getMessage());
        }
    }

    @Test
    void extremeValuesAreExact() throws MalformedReply {
        byte[] large = new byte[MAX_VALUE_BYTES];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 >>> 3);
        }
        for (byte[] data : List.of(
                new byte[0],
                ReplyReading.bytes("END\r\n"),
                ReplyReading.bytes("\r\n"),
                ReplyReading.bytes("\n"),
                ReplyReading.bytes("VALUE x 0 5\r\n"),
                ReplyReading.bytes("12345\r\nEND\r\nHD\r\n"),
                large)) {
            byte[] wire = itemOfLength(Integer.toString(data.length), data);
            assertArrayEquals(data, value(ReplyReading.read(parser(), wire)));
            for (int at : new int[] {1, wire.length / 2, wire.length - 8, wire.length - 3, wire.length - 1}) {
                assertArrayEquals(data, value(ReplyReading.read(parser(), ReplyReading.cutAt(wire, at))));
            }
        }
    }

    private static byte[] value(List<Reply> replies) {
        assertEquals(1, replies.size());
        return ((Reply.Value) replies.get(0)).data().toByteArray();
    }

    /** That the bytes are malformed, whole and one by one. */
    protected final MalformedReply assertMalformed(byte[] bytes) {
        assertThrows(
                MalformedReply.class,
                () -> ReplyReading.read(parser(), ReplyReading.singles(bytes)),
                () -> "byte by byte: " + new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
        return assertThrows(
                MalformedReply.class,
                () -> ReplyReading.read(parser(), bytes),
                () -> new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
