package io.cachewire.internal.protocol.binary;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.ReplyReading.bytes;
import static io.cachewire.internal.protocol.Requests.arithmetic;
import static io.cachewire.internal.protocol.Requests.keyed;
import static io.cachewire.internal.protocol.Requests.server;
import static io.cachewire.internal.protocol.Requests.store;
import static io.cachewire.internal.protocol.Requests.touch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.BinaryReplies;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.DialectContractTest;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Reply.Kind;
import io.cachewire.internal.protocol.ReplyReading;
import io.cachewire.internal.protocol.Request;
import io.cachewire.internal.protocol.ServerAnswers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The binary dialect's bytes, and the contract. */
final class BinaryDialectTest extends DialectContractTest {
    private static final BinaryDialect BINARY = new BinaryDialect();
    private static final int OPAQUE = 0x0a0b0c;

    @Override
    protected Dialect dialect() {
        return BINARY;
    }

    /** magic, opcode, key length, extras length, 0, 0, body length, opaque mixed with the opcode, cas; then extras, key and value. */
    static Stream<Arguments> packets() {
        return Stream.of(
                Arguments.of(keyed(Opcode.GET, "k"), "800c0001 00000000 00000001 0c0a0b0c 0000000000000000 6b"),
                Arguments.of(keyed(Opcode.GETS, "k"), "800c0001 00000000 00000001 0c0a0b0c 0000000000000000 6b"),
                Arguments.of(keyed(Opcode.ITEM, "k"), "800c0001 00000000 00000001 0c0a0b0c 0000000000000000 6b"),
                Arguments.of(
                        touch(Opcode.GET_AND_TOUCH, "k", 60),
                        "80230001 04000000 00000005 230a0b0c 0000000000000000 0000003c 6b"),
                Arguments.of(
                        touch(Opcode.TOUCH, "k", 0xffff_ffffL),
                        "801c0001 04000000 00000005 1c0a0b0c 0000000000000000 ffffffff 6b"),
                Arguments.of(
                        store(Opcode.SET, "k", "v", 1, 2, 9),
                        "80010001 08000000 0000000a 010a0b0c 0000000000000000 00000001 00000002 6b 76"),
                Arguments.of(
                        store(Opcode.ADD, "k", "v", -1, 0, 0),
                        "80020001 08000000 0000000a 020a0b0c 0000000000000000 ffffffff 00000000 6b 76"),
                Arguments.of(
                        store(Opcode.REPLACE, "k", "v"),
                        "80030001 08000000 0000000a 030a0b0c 0000000000000000 00000000 00000000 6b 76"),
                Arguments.of(
                        store(Opcode.CAS, "k", "v", 0, 0, 0x0102030405060708L),
                        "80010001 08000000 0000000a 010a0b0c 0102030405060708 00000000 00000000 6b 76"),
                Arguments.of(
                        store(Opcode.APPEND, "k", "v"), "800e0001 00000000 00000002 0e0a0b0c 0000000000000000 6b 76"),
                Arguments.of(
                        store(Opcode.PREPEND, "k", "v"), "800f0001 00000000 00000002 0f0a0b0c 0000000000000000 6b 76"),
                Arguments.of(
                        arithmetic(Opcode.INCREMENT, "k", 5),
                        "80050001 14000000 00000015 050a0b0c 0000000000000000"
                                + "0000000000000005 0000000000000000 ffffffff 6b"),
                Arguments.of(
                        arithmetic(Opcode.DECREMENT, "k", -1, 7, 60),
                        "80060001 14000000 00000015 060a0b0c 0000000000000000"
                                + "ffffffffffffffff 0000000000000007 0000003c 6b"),
                Arguments.of(keyed(Opcode.DELETE, "k"), "80040001 00000000 00000001 040a0b0c 0000000000000000 6b"),
                Arguments.of(server(Opcode.NOOP, ""), "800a0000 00000000 00000000 0a0a0b0c 0000000000000000"),
                Arguments.of(server(Opcode.VERSION, ""), "800b0000 00000000 00000000 0b0a0b0c 0000000000000000"),
                Arguments.of(server(Opcode.STATS, ""), "80100000 00000000 00000000 100a0b0c 0000000000000000"),
                Arguments.of(
                        server(Opcode.STATS, "a b"), "80100003 00000000 00000003 100a0b0c 0000000000000000 612062"),
                Arguments.of(server(Opcode.FLUSH_ALL, ""), "80080000 00000000 00000000 080a0b0c 0000000000000000"),
                Arguments.of(
                        server(Opcode.FLUSH_ALL, "10"),
                        "80080000 04000000 00000004 080a0b0c 0000000000000000 0000000a"));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void writesRequests(Request request, String expected) {
        assertNull(BINARY.refusal(request));
        byte[] written = ReplyReading.written(BINARY, request, OPAQUE);
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(written));
    }

    static Stream<Arguments> quietPackets() {
        return Stream.of(
                Arguments.of(touch(Opcode.TOUCH, "k", 60), 0x1c),
                Arguments.of(store(Opcode.SET, "k", "v", 1, 2, 0), 0x11),
                Arguments.of(store(Opcode.CAS, "k", "v", 1, 2, 5), 0x11),
                Arguments.of(store(Opcode.ADD, "k", "v"), 0x12),
                Arguments.of(store(Opcode.REPLACE, "k", "v"), 0x13),
                Arguments.of(store(Opcode.APPEND, "k", "v"), 0x19),
                Arguments.of(store(Opcode.PREPEND, "k", "v"), 0x1a),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", 1), 0x15),
                Arguments.of(arithmetic(Opcode.DECREMENT, "k", 1, 3, 4), 0x16),
                Arguments.of(keyed(Opcode.DELETE, "k"), 0x14));
    }

    @ParameterizedTest
    @MethodSource("quietPackets")
    void quietRequestsDifferInOpcodeAndOpaqueOnly(Request request, int code) {
        byte[] expected = ReplyReading.written(BINARY, request, 1);
        expected[1] = (byte) code;
        for (int i = 12; i < 16; i++) {
            expected[i] = -1;
        }
        assertEquals(DataBlock.wrap(expected), DataBlock.wrap(ReplyReading.writtenQuietly(BINARY, request)));
    }

    @Test
    void readsAndServerCommandsHaveNoQuietForm() {
        for (Request request : List.of(
                keyed(Opcode.GET, "k"),
                touch(Opcode.GET_AND_TOUCH, "k", 1),
                touch(Opcode.MARK_STALE, "k", 1),
                server(Opcode.NOOP, ""),
                server(Opcode.FLUSH_ALL, ""))) {
            assertThrows(IllegalArgumentException.class, () -> ReplyReading.writtenQuietly(BINARY, request));
        }
    }

    static Stream<Request> refused() {
        return Stream.of(
                touch(Opcode.MARK_STALE, "k", 1),
                server(Opcode.VERBOSITY, "1"),
                server(Opcode.STATS, "a".repeat(251)),
                server(Opcode.FLUSH_ALL, "x"),
                server(Opcode.FLUSH_ALL, "4294967296"),
                server(Opcode.FLUSH_ALL, "-1"),
                store(Opcode.CAS, "k", "v", 0, 0, 0),
                store(Opcode.SET, "k", "v", 0, -1, 0),
                store(Opcode.ADD, "k", "v", 0, 1L << 32, 0),
                store(Opcode.CAS, "k", "v", 0, 1L << 32, 5),
                touch(Opcode.TOUCH, "k", -1),
                // the one number that would mean "do not create"
                arithmetic(Opcode.INCREMENT, "k", 1, 5, 0xffff_ffffL),
                arithmetic(Opcode.DECREMENT, "k", 1, 5, -1));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatThePacketCannotCarryIsRefusedInASentence(Request request) {
        assertTrue(BINARY.refusal(request).contains("binary protocol"), () -> String.valueOf(BINARY.refusal(request)));
        assertThrows(IllegalArgumentException.class, () -> ReplyReading.written(BINARY, request, 1));
    }

    @Test
    void keysOfTheWrongLengthAreNotWritten() {
        for (String key : List.of("", "k".repeat(251))) {
            for (Request request : List.of(keyed(Opcode.GET, key), store(Opcode.SET, key, "v"))) {
                assertThrows(IllegalArgumentException.class, () -> ReplyReading.written(BINARY, request, 1));
            }
        }
    }

    @Override
    protected List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        byte[] hello = bytes("hello");
        for (Opcode opcode : List.of(Opcode.GET, Opcode.GETS, Opcode.ITEM)) {
            Request get = keyed(opcode, "key");
            Reply hit = new Reply.Value(7, block("key"), -2, DataBlock.wrap(hello), -3, null);
            answers.add(answer(get, 7, BinaryReplies.item(0x0c, 7, "key", -2, -3, hello), hit));
            byte[] miss = BinaryReplies.to(0x0c, 7)
                    .status(1)
                    .body(new byte[0], "key", new byte[0])
                    .bytes();
            answers.add(answer(get, 7, miss, new Reply.Status(Kind.END, 7)));
            answers.add(answer(get, 7, BinaryReplies.failure(0x0c, 7, 1, "Not found"), new Reply.Status(Kind.END, 7)));
        }
        Request gat = touch(Opcode.GET_AND_TOUCH, "key", 1);
        Reply empty = new Reply.Value(0, block("key"), 0, DataBlock.EMPTY, 1, null);
        answers.add(answer(gat, 0, BinaryReplies.item(0x23, 0, "key", 0, 1, new byte[0]), empty));
        answers.add(answer(gat, 0, BinaryReplies.failure(0x23, 0, 1, ""), new Reply.Status(Kind.END, 0)));
        Request touch = touch(Opcode.TOUCH, "key", 1);
        byte[] touched =
                BinaryReplies.to(0x1c, 1).body(new byte[4], "", new byte[0]).bytes();
        answers.add(answer(touch, 1, touched, new Reply.Status(Kind.TOUCHED, 1)));
        answers.add(answer(touch, 1, BinaryReplies.done(0x1c, 1), new Reply.Status(Kind.TOUCHED, 1)));
        answers.add(failed(touch, 0x1c, 1, Kind.NOT_FOUND));
        Request set = store(Opcode.SET, "key", "v");
        answers.add(answer(
                set,
                Integer.MAX_VALUE,
                BinaryReplies.done(1, Integer.MAX_VALUE),
                status(Kind.STORED, Integer.MAX_VALUE)));
        conditional(answers, Opcode.ADD, 2, 2);
        conditional(answers, Opcode.REPLACE, 3, 1);
        conditional(answers, Opcode.APPEND, 0x0e, 5);
        conditional(answers, Opcode.PREPEND, 0x0f, 5);
        Request cas = store(Opcode.CAS, "key", "v", 0, 0, 5);
        answers.add(answer(cas, 3, BinaryReplies.to(1, 3).cas(9).bytes(), status(Kind.STORED, 3)));
        answers.add(failed(cas, 1, 2, Kind.EXISTS));
        answers.add(failed(cas, 1, 1, Kind.NOT_FOUND));
        counters(answers, Opcode.INCREMENT, 5);
        counters(answers, Opcode.DECREMENT, 6);
        Request delete = keyed(Opcode.DELETE, "key");
        answers.add(answer(delete, 3, BinaryReplies.done(4, 3), status(Kind.DELETED, 3)));
        answers.add(failed(delete, 4, 1, Kind.NOT_FOUND));
        answers.add(answer(server(Opcode.NOOP, ""), 3, BinaryReplies.done(0x0a, 3), status(Kind.NOOP, 3)));
        byte[] version = BinaryReplies.to(0x0b, 3).value("1.6.18").bytes();
        answers.add(answer(server(Opcode.VERSION, ""), 3, version, new Reply.Line(Kind.VERSION, "1.6.18", 3)));
        Request stats = server(Opcode.STATS, "");
        byte[] lines = BinaryReplies.joined(
                        BinaryReplies.stat(3, "pid", "6100"),
                        BinaryReplies.stat(3, "empty", ""),
                        BinaryReplies.stat(3, "", ""))
                .toByteArray();
        Reply.Stats map = (Reply.Stats) ServerAnswers.stats("pid", "6100", "empty", "");
        answers.add(answer(stats, 3, lines, new Reply.Stats(map.lines(), 3)));
        answers.add(answer(stats, 3, BinaryReplies.stat(3, "", ""), status(Kind.END, 3)));
        answers.add(answer(server(Opcode.FLUSH_ALL, ""), 3, BinaryReplies.done(8, 3), status(Kind.OK, 3)));
        return answers;
    }

    private static void conditional(List<Answer> answers, Opcode opcode, int code, int refusal) {
        Request request = store(opcode, "key", "v");
        answers.add(answer(request, 3, BinaryReplies.done(code, 3), status(Kind.STORED, 3)));
        answers.add(failed(request, code, refusal, Kind.NOT_STORED));
        answers.add(failed(request, code, 5, Kind.NOT_STORED));
    }

    private static void counters(List<Answer> answers, Opcode opcode, int code) {
        Request request = arithmetic(opcode, "key", 1);
        byte[] number = {-1, -1, -1, -1, -1, -1, -1, -2};
        answers.add(answer(
                request,
                3,
                BinaryReplies.to(code, 3).body(new byte[0], "", number).bytes(),
                new Reply.Number(-2, 3)));
        answers.add(failed(request, code, 1, Kind.NOT_FOUND));
    }

    private static Answer failed(Request request, int code, int status, Kind kind) {
        return answer(request, 3, BinaryReplies.failure(code, 3, status, "text of the packet"), status(kind, 3));
    }

    private static Answer answer(Request request, int opaque, byte[] wire, Reply reply) {
        return new Answer(request, opaque, DataBlock.wrap(wire), reply);
    }

    private static Reply status(Kind kind, int opaque) {
        return new Reply.Status(kind, opaque);
    }

    @Override
    protected byte[] itemOfLength(String length, byte[] data) {
        long body = Long.parseLong(length) + 5;
        return BinaryReplies.to(0x0c, 1)
                .body(new byte[4], "k", data)
                .bodyLength(body)
                .bytes();
    }

    @Override
    protected List<byte[]> garbage() {
        List<byte[]> garbage = new ArrayList<>(List.of(
                bytes("ERROR\r\n"),
                bytes("HTTP/1.1 400 Bad Request\r\n\r\n"),
                bytes("\u0015\u0003\u0001\0\u0002\u0002P"),
                bytes("\0"),
                bytes("\u0080"),
                bytes("\u001b".repeat(100)),
                // lengths of what a header declares against what its opcode and status can have
                get().bodyLength(4).bytes(),
                get().bodyLength(0).bytes(),
                get().bodyLength(16 * MAX_VALUE_BYTES + 6).bytes(),
                get().bodyLength(1L << 31).bytes(),
                get().bodyLength((1L << 31) + 5).bytes(),
                get().bodyLength((1L << 32) - 1).bytes(),
                get().keyLength(0).bytes(),
                get().keyLength(251).bodyLength(1000).bytes(),
                get().keyLength(65535).bodyLength(70000).bytes(),
                get().with(4, 0).bytes(),
                get().with(4, 8).bytes(),
                get().with(4, 255).bytes(),
                get().with(5, 1).bytes(),
                // an opcode that the client never sends, with its own opaque
                BinaryReplies.done(0x07, 1),
                BinaryReplies.done(0xff, 1),
                // opaques that were never sent
                get().with(12, 0xff).bytes(),
                get().with(12, 0x80).bytes()));
        for (int code : new int[] {1, 2, 3, 4, 8, 0x0a, 0x0e, 0x0f, 0x11}) {
            garbage.add(BinaryReplies.to(code, 1).value("x").bytes());
            garbage.add(
                    BinaryReplies.to(code, 1).body(new byte[1], "", new byte[0]).bytes());
        }
        for (int length : new int[] {0, 7, 9}) {
            garbage.add(BinaryReplies.to(5, 1)
                    .body(new byte[0], "", new byte[length])
                    .bytes());
        }
        garbage.add(BinaryReplies.failure(1, 1, 0x82, "x".repeat(Limits.DEFAULT_LINE_BYTES + 1)));
        garbage.add(BinaryReplies.to(0x0b, 1)
                .bodyLength(Limits.DEFAULT_LINE_BYTES + 1)
                .bytes());
        garbage.add(BinaryReplies.to(0x10, 1).value("a value without a name").bytes());
        garbage.add(BinaryReplies.joined(BinaryReplies.stat(1, "a", "1"), BinaryReplies.stat(2, "b", "2"))
                .toByteArray());
        garbage.add(BinaryReplies.joined(BinaryReplies.stat(1, "a", "1"), BinaryReplies.done(0x0a, 1))
                .toByteArray());
        return garbage;
    }

    private static BinaryReplies get() {
        return BinaryReplies.to(0x0c, 1).body(new byte[4], "k", bytes("value"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 24, 4000})
    void aLengthThatLiesIsSeenAtTheNextHeader(int length) {
        byte[] stream = BinaryReplies.joined(itemOfLength(Integer.toString(length), bytes("12345")), new byte[5000])
                .toByteArray();
        assertMalformed(stream);
    }

    @Test
    void aForgedOpcodeOrOpaqueOrKeyIsNoAnswer() throws MalformedReply {
        Request get = keyed(Opcode.GET, "k");
        assertTrue(BINARY.answers(get, 1, read(get().bytes())));
        assertFalse(BINARY.answers(get, 2, read(get().bytes())));
        assertFalse(BINARY.answers(get, Reply.NO_OPAQUE, read(get().bytes())));
        assertFalse(BINARY.answers(get, 1, read(get().with(1, 0x23).bytes())));
        assertFalse(BINARY.answers(keyed(Opcode.GET, "l"), 1, read(get().bytes())));
        Request set = store(Opcode.SET, "k", "v");
        byte[] stored = BinaryReplies.done(1, 1);
        for (int code : new int[] {2, 3, 4, 8, 0x0a, 0x0e, 0x11}) {
            stored[1] = (byte) code;
            assertFalse(BINARY.answers(set, 1, read(stored)), "opcode " + code);
        }
        assertFalse(BINARY.answers(set, 1, read(BinaryReplies.failure(1, 2, 0x82, "error"))));
        assertTrue(BINARY.answers(set, 1, read(BinaryReplies.failure(1, 1, 0x82, "error"))));
        assertFalse(BINARY.answers(set, 1, read(BinaryReplies.failure(1, 1, 1, "")))); // only a cas can be not found
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(1, 0x03, Kind.SERVER_ERROR, "object too large for cache"),
                Arguments.of(1, 0x04, Kind.CLIENT_ERROR, "text"),
                Arguments.of(1, 0x05, Kind.SERVER_ERROR, "text"),
                Arguments.of(5, 0x05, Kind.SERVER_ERROR, "text"),
                Arguments.of(5, 0x06, Kind.CLIENT_ERROR, "cannot increment or decrement non-numeric value"),
                Arguments.of(1, 0x07, Kind.SERVER_ERROR, "text"),
                Arguments.of(1, 0x08, Kind.CLIENT_ERROR, "text"),
                Arguments.of(1, 0x20, Kind.CLIENT_ERROR, "text"),
                Arguments.of(1, 0x21, Kind.CLIENT_ERROR, "text"),
                Arguments.of(1, 0x81, Kind.ERROR, "text"),
                Arguments.of(1, 0x82, Kind.SERVER_ERROR, "text"),
                Arguments.of(1, 0x83, Kind.ERROR, "text"),
                Arguments.of(1, 0x86, Kind.SERVER_ERROR, "text"),
                Arguments.of(0x10, 0x01, Kind.CLIENT_ERROR, "text"),
                Arguments.of(1, 0xffff, Kind.CLIENT_ERROR, "text"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresBecomeErrorLines(int code, int status, Kind kind, String text) throws MalformedReply {
        assertEquals(new Reply.Line(kind, text, 6), read(BinaryReplies.failure(code, 6, status, "text")));
    }

    @Test
    void quietRepliesCarryNoOpaque() throws MalformedReply {
        byte[] exists = BinaryReplies.failure(0x12, Reply.NO_OPAQUE, 2, "Data exists for key.");
        assertEquals(new Reply.Status(Kind.NOT_STORED, Reply.NO_OPAQUE), read(exists));
    }

    @Test
    void statisticsEndAtTheirLimit() {
        Limits limits = new Limits(100, 512, 3);
        byte[] three = BinaryReplies.joined(
                        BinaryReplies.stat(1, "a", "1"),
                        BinaryReplies.stat(1, "b", "2"),
                        BinaryReplies.stat(1, "c", "3"))
                .toByteArray();
        assertThrows(
                MalformedReply.class,
                () -> ReplyReading.read(BINARY.newParser(limits), three, BinaryReplies.stat(1, "d", "4")));
    }

    private static Reply read(byte[] packet) throws MalformedReply {
        return ReplyReading.read(BINARY.newParser(new Limits(1000)), packet).get(0);
    }
}
