package io.cachewire.internal.protocol.line;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.ReplyReading.bytes;
import static io.cachewire.internal.protocol.Requests.arithmetic;
import static io.cachewire.internal.protocol.Requests.keyed;
import static io.cachewire.internal.protocol.Requests.server;
import static io.cachewire.internal.protocol.Requests.store;
import static io.cachewire.internal.protocol.Requests.touch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.LineDialectContractTest;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.ReplyReading;
import io.cachewire.internal.protocol.Request;
import io.cachewire.internal.protocol.Requests;
import io.cachewire.internal.protocol.ServerAnswers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The classic text dialect's bytes, and the contract. */
final class TextDialectTest extends LineDialectContractTest {
    private static final TextDialect TEXT = new TextDialect();

    @Override
    protected Dialect dialect() {
        return TEXT;
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of(keyed(Opcode.GET, "k"), "get k\r\n"),
                Arguments.of(keyed(Opcode.GETS, "k"), "gets k\r\n"),
                Arguments.of(keyed(Opcode.ITEM, "k"), "gets k\r\n"),
                Arguments.of(touch(Opcode.GET_AND_TOUCH, "k", 60), "gat 60 k\r\n"),
                Arguments.of(touch(Opcode.TOUCH, "k", 0), "touch k 0\r\n"),
                Arguments.of(touch(Opcode.TOUCH, "k", -1), "touch k -1\r\n"),
                Arguments.of(store(Opcode.SET, "k", "hello"), "set k 0 0 5\r\nhello\r\n"),
                Arguments.of(store(Opcode.SET, "k", ""), "set k 0 0 0\r\n\r\n"),
                Arguments.of(store(Opcode.SET, "k", "v", -1, 60, 9), "set k 4294967295 60 1\r\nv\r\n"),
                Arguments.of(store(Opcode.ADD, "k", "v", 2, 30, 0), "add k 2 30 1\r\nv\r\n"),
                Arguments.of(store(Opcode.REPLACE, "k", "v"), "replace k 0 0 1\r\nv\r\n"),
                Arguments.of(store(Opcode.APPEND, "k", "v"), "append k 0 0 1\r\nv\r\n"),
                Arguments.of(store(Opcode.PREPEND, "k", "v"), "prepend k 0 0 1\r\nv\r\n"),
                Arguments.of(store(Opcode.CAS, "k", "v", 1, 2, -1), "cas k 1 2 1 18446744073709551615\r\nv\r\n"),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", -1), "incr k 18446744073709551615\r\n"),
                Arguments.of(arithmetic(Opcode.DECREMENT, "k", 10), "decr k 10\r\n"),
                Arguments.of(keyed(Opcode.DELETE, "k"), "delete k\r\n"),
                Arguments.of(server(Opcode.NOOP, ""), "version\r\n"),
                Arguments.of(server(Opcode.VERSION, ""), "version\r\n"),
                Arguments.of(server(Opcode.STATS, ""), "stats\r\n"),
                Arguments.of(server(Opcode.STATS, "items"), "stats items\r\n"),
                Arguments.of(server(Opcode.FLUSH_ALL, ""), "flush_all\r\n"),
                Arguments.of(server(Opcode.FLUSH_ALL, "10"), "flush_all 10\r\n"),
                Arguments.of(server(Opcode.VERBOSITY, "1"), "verbosity 1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void writesRequests(Request request, String expected) {
        assertEquals(expected, new String(ReplyReading.written(TEXT, request, 31), StandardCharsets.ISO_8859_1));
    }

    @Test
    void refusesWhatItCannotSay() {
        for (Request request : List.of(
                arithmetic(Opcode.INCREMENT, "k", 1, 0, 0),
                arithmetic(Opcode.DECREMENT, "k", 1, 0, 0),
                Requests.metaCommand(Request.MetaVerb.GET, "k", "", " v"),
                Requests.base64(keyed(Opcode.GET, "YSBi"), "a b"),
                touch(Opcode.MARK_STALE, "k", 1))) {
            assertTrue(TEXT.refusal(request).startsWith("the classic text protocol "), request::toString);
            assertThrows(IllegalArgumentException.class, () -> ReplyReading.written(TEXT, request, 1));
        }
    }

    @Test
    void hasNoQuietForm() {
        assertFalse(TEXT.hasQuiet());
        assertThrows(
                IllegalArgumentException.class, () -> ReplyReading.writtenQuietly(TEXT, keyed(Opcode.DELETE, "k")));
    }

    @Test
    void argumentsAndKeysThatWouldBreakTheLineAreRefused() {
        for (Dialect dialect : List.of(TEXT, new MetaDialect())) {
            for (Request request : List.of(
                    server(Opcode.STATS, "items\r\nflush_all"),
                    server(Opcode.STATS, "items\0"),
                    server(Opcode.VERBOSITY, "\u00e9"),
                    server(Opcode.STATS, "a".repeat(513)),
                    keyed(Opcode.GET, ""),
                    keyed(Opcode.GET, "k".repeat(251)))) {
                assertThrows(IllegalArgumentException.class, () -> ReplyReading.written(dialect, request, 1));
            }
        }
    }

    @Override
    protected List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        Reply hit = item("k", 5, "hello", 0);
        add(answers, keyed(Opcode.GET, "k"), "VALUE k 5 5\r\nhello\r\nEND\r\n", hit);
        for (Request read : List.of(
                keyed(Opcode.GET, "k"),
                keyed(Opcode.GETS, "k"),
                keyed(Opcode.ITEM, "k"),
                touch(Opcode.GET_AND_TOUCH, "k", 3))) {
            add(answers, read, "END\r\n", status(Reply.Kind.END));
        }
        String longest = "k".repeat(250);
        add(
                answers,
                keyed(Opcode.GETS, longest),
                "VALUE " + longest + " 4294967295 0 18446744073709551615\r\n\r\nEND\r\n",
                item(longest, -1, "", -1));
        add(answers, keyed(Opcode.ITEM, "k"), "VALUE k 0 5 7\r\nEND\r\n\r\nEND\r\n", item("k", 0, "END\r\n", 7));
        add(answers, touch(Opcode.GET_AND_TOUCH, "k", 3), "VALUE k 5 5\r\nhello\r\nEND\r\n", hit);
        add(answers, touch(Opcode.TOUCH, "k", 3), "TOUCHED\r\n", status(Reply.Kind.TOUCHED));
        add(answers, touch(Opcode.TOUCH, "k", 3), "NOT_FOUND\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, touch(Opcode.TOUCH, "k", 3), "NOT_STORED\r\n", status(Reply.Kind.NOT_STORED));
        for (Opcode opcode : List.of(Opcode.SET, Opcode.ADD, Opcode.REPLACE, Opcode.APPEND, Opcode.PREPEND)) {
            add(answers, store(opcode, "k", "v"), "STORED\r\n", status(Reply.Kind.STORED));
            add(answers, store(opcode, "k", "v"), "NOT_STORED\r\n", status(Reply.Kind.NOT_STORED));
        }
        add(answers, store(Opcode.CAS, "k", "v"), "STORED\r\n", status(Reply.Kind.STORED));
        add(answers, store(Opcode.CAS, "k", "v"), "NOT_STORED\r\n", status(Reply.Kind.NOT_STORED));
        add(answers, store(Opcode.CAS, "k", "v"), "EXISTS\r\n", status(Reply.Kind.EXISTS));
        add(answers, store(Opcode.CAS, "k", "v"), "NOT_FOUND\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, arithmetic(Opcode.INCREMENT, "k", 1), "18446744073709551615\r\n", new Reply.Number(-1));
        add(answers, arithmetic(Opcode.INCREMENT, "k", 1), "NOT_FOUND\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, arithmetic(Opcode.DECREMENT, "k", 1), "0\r\n", new Reply.Number(0));
        add(answers, arithmetic(Opcode.DECREMENT, "k", 1), "NOT_FOUND\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, keyed(Opcode.DELETE, "k"), "DELETED\r\n", status(Reply.Kind.DELETED));
        add(answers, keyed(Opcode.DELETE, "k"), "NOT_FOUND\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, server(Opcode.NOOP, ""), "VERSION 1.6.18\r\n", new Reply.Line(Reply.Kind.VERSION, "1.6.18"));
        answers.addAll(ServerAnswers.LIST);
        return answers;
    }

    private static void add(List<Answer> answers, Request request, String wire, Reply reply) {
        answers.add(new Answer(request, 4, block(wire), reply));
    }

    private static Reply status(Reply.Kind kind) {
        return new Reply.Status(kind, Reply.NO_OPAQUE);
    }

    private static Reply item(String key, int flags, String data, long cas) {
        DataBlock value = data.isEmpty() ? DataBlock.EMPTY : block(data);
        return new Reply.Value(Reply.NO_OPAQUE, block(key), flags, value, cas, null);
    }

    @Override
    protected byte[] itemOfLength(String length, byte[] data) {
        String end = data.length == 0 && !length.equals("0") ? "" : "\r\nEND\r\n";
        return bytes("VALUE k 0 " + length + "\r\n" + new String(data, StandardCharsets.ISO_8859_1) + end);
    }

    @Override
    protected List<byte[]> garbage() {
        return ServerAnswers.garbageAnd(
                "VA 5\r\n",
                "VA 5 f0 O1\r\n12345\r\n",
                "HD\r\n",
                "EN\r\n",
                "NF\r\n",
                "MN\r\n",
                "stored\r\n",
                " STORED\r\n",
                "STORED\n",
                "STORED \r\n",
                "NOT_STORE\r\n",
                "18446744073709551616\r\n",
                "184467440737095516150\r\n",
                "12 \r\n",
                "1a\r\n",
                "-1\r\n",
                "VALUE\r\n",
                "VALUE \r\n",
                "VALUE k\r\n",
                "VALUE k 0\r\n",
                "VALUE k 0 \r\n",
                "VALUE  0 1\r\nx\r\nEND\r\n",
                "VALUE k  0 1\r\nx\r\nEND\r\n",
                "VALUE k 0 1 \r\nx\r\nEND\r\n",
                "VALUE k 0 1 2 3\r\nx\r\nEND\r\n",
                "VALUE k -1 1\r\nx\r\nEND\r\n",
                "VALUE k 0 1 18446744073709551616\r\nx\r\nEND\r\n",
                "VALUE " + "k".repeat(251) + " 0 1\r\nx\r\nEND\r\n",
                "VALUE k 0 1\r\nxXXEND\r\n",
                "VALUE k 0 1\r\nx\rXEND\r\n",
                "STOREDX\n",
                "VALUE k 0 1\r\nx\nEND\r\n",
                "VALUE k 0 1\r\nx\r\nSTORED\r\n",
                "VALUE k 0 1\r\nx\r\nEND\n",
                "VALUE k 0 1\r\nx\r\n\r\n");
    }

    @Test
    void aValueOfAnotherKeyDoesNotAnswer() {
        Request get = keyed(Opcode.GET, "k");
        assertTrue(TEXT.answers(get, 0, item("k", 0, "v", 0)));
        assertFalse(TEXT.answers(get, 0, item("j", 0, "v", 0)));
        assertFalse(TEXT.answers(get, 0, item("kk", 0, "v", 0)));
        assertFalse(TEXT.answers(get, 0, status(Reply.Kind.STORED)));
        assertFalse(TEXT.answers(store(Opcode.SET, "k", "v"), 0, item("k", 0, "v", 0)));
        assertFalse(TEXT.answers(store(Opcode.SET, "k", "v"), 0, status(Reply.Kind.EXISTS)));
    }

    @Test
    void anErrorAnswersAnyRequest() {
        for (Request request : Requests.longest()) {
            assertTrue(TEXT.answers(request, 3, new Reply.Line(Reply.Kind.ERROR, "")));
        }
    }

    @Test
    void errorsKeepTheirText() throws MalformedReply {
        String wire = "ERROR\r\nERROR Too many open connections\r\nCLIENT_ERROR bad data chunk\r\nSERVER_ERROR \r\n";
        List<Reply> expected = List.of(
                new Reply.Line(Reply.Kind.ERROR, ""),
                new Reply.Line(Reply.Kind.ERROR, "Too many open connections"),
                new Reply.Line(Reply.Kind.CLIENT_ERROR, "bad data chunk"),
                new Reply.Line(Reply.Kind.SERVER_ERROR, ""));
        for (Dialect dialect : List.of(TEXT, new MetaDialect())) {
            assertEquals(expected, ReplyReading.read(dialect.newParser(new Limits(9)), bytes(wire)));
            assertTrue(expected.stream().allMatch(Reply::isError));
        }
    }

    @Test
    void anErrorInPlaceOfTheEndReplacesTheReply() throws MalformedReply {
        String wire = "VALUE k 1 1 2\r\nx\r\nSERVER_ERROR out of memory\r\n"
                + "STAT a b\r\nSERVER_ERROR out of memory\r\nVALUE j 0 1\r\ny\r\nEND\r\n";
        Reply error = new Reply.Line(Reply.Kind.SERVER_ERROR, "out of memory");
        assertEquals(
                List.of(error, error, item("j", 0, "y", 0)),
                ReplyReading.read(TEXT.newParser(new Limits(9)), bytes(wire)));
    }

    @Test
    void linesAndStatisticsHaveLimits() throws MalformedReply {
        Limits limits = new Limits(10, 20, 3);
        String longest = "ERROR " + "x".repeat(12) + "\r\n";
        assertEquals(
                1, ReplyReading.read(TEXT.newParser(limits), bytes(longest)).size());
        assertEquals(
                1,
                ReplyReading.read(TEXT.newParser(limits), ReplyReading.singles(bytes(longest)))
                        .size());
        for (int cut = 0; cut <= 21; cut++) {
            byte[][] pieces = ReplyReading.cutAt(bytes("ERROR " + "x".repeat(13) + "\r\n"), cut);
            assertThrows(MalformedReply.class, () -> ReplyReading.read(TEXT.newParser(limits), pieces));
        }
        String three = "STAT a 1\r\nSTAT a 2\r\nSTAT b 3\r\n";
        assertEquals(
                List.of(ServerAnswers.stats("a", "2", "b", "3")),
                ReplyReading.read(TEXT.newParser(limits), bytes(three + "END\r\n")));
        assertThrows(
                MalformedReply.class,
                () -> ReplyReading.read(TEXT.newParser(limits), bytes(three + "STAT a 4\r\nEND\r\n")));
    }
}
