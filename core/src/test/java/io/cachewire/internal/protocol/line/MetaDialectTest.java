package io.cachewire.internal.protocol.line;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.ReplyReading.bytes;
import static io.cachewire.internal.protocol.Requests.arithmetic;
import static io.cachewire.internal.protocol.Requests.base64;
import static io.cachewire.internal.protocol.Requests.keyed;
import static io.cachewire.internal.protocol.Requests.metaCommand;
import static io.cachewire.internal.protocol.Requests.server;
import static io.cachewire.internal.protocol.Requests.store;
import static io.cachewire.internal.protocol.Requests.touch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The meta dialect's bytes, and the contract. */
final class MetaDialectTest extends LineDialectContractTest {
    private static final MetaDialect META = new MetaDialect();

    @Override
    protected Dialect dialect() {
        return META;
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of(keyed(Opcode.GET, "k"), "mg k v f O1f\r\n"),
                Arguments.of(keyed(Opcode.GETS, "k"), "mg k v f c O1f\r\n"),
                Arguments.of(keyed(Opcode.ITEM, "k"), "mg k v f c t l h s O1f\r\n"),
                Arguments.of(touch(Opcode.GET_AND_TOUCH, "k", 60), "mg k v f T60 O1f\r\n"),
                Arguments.of(touch(Opcode.TOUCH, "k", 0), "mg k T0 O1f\r\n"),
                Arguments.of(touch(Opcode.TOUCH, "k", -1), "mg k T-1 O1f\r\n"),
                Arguments.of(store(Opcode.SET, "k", "hello"), "ms k 5 O1f\r\nhello\r\n"),
                Arguments.of(store(Opcode.SET, "k", ""), "ms k 0 O1f\r\n\r\n"),
                Arguments.of(store(Opcode.SET, "k", "v", -1, 0, 9), "ms k 1 F4294967295 O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.SET, "k", "v", 0, 1795000000L, 0), "ms k 1 T1795000000 O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.ADD, "k", "v", 2, 30, 0), "ms k 1 F2 T30 ME O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.REPLACE, "k", "v"), "ms k 1 MR O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.APPEND, "k", "v"), "ms k 1 MA O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.PREPEND, "k", "v"), "ms k 1 MP O1f\r\nv\r\n"),
                Arguments.of(store(Opcode.CAS, "k", "v", 1, 2, -1), "ms k 1 F1 T2 C18446744073709551615 O1f\r\nv\r\n"),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", 1), "ma k v D1 O1f\r\n"),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", -1), "ma k v D18446744073709551615 O1f\r\n"),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", 1, 7, 60), "ma k v D1 N60 J7 O1f\r\n"),
                Arguments.of(arithmetic(Opcode.DECREMENT, "k", 10), "ma k v MD D10 O1f\r\n"),
                Arguments.of(
                        arithmetic(Opcode.DECREMENT, "k", 1, -2, 0), "ma k v MD D1 N0 J18446744073709551614 O1f\r\n"),
                Arguments.of(keyed(Opcode.DELETE, "k"), "md k O1f\r\n"),
                Arguments.of(touch(Opcode.MARK_STALE, "k", 30), "md k I T30 O1f\r\n"),
                Arguments.of(metaCommand(Request.MetaVerb.GET, "k", "", " v t N30"), "mg k v t N30 O1f\r\n"),
                Arguments.of(metaCommand(Request.MetaVerb.SET, "k", "v", " c MA E7"), "ms k 1 c MA E7 O1f\r\nv\r\n"),
                Arguments.of(metaCommand(Request.MetaVerb.DELETE, "k", "", " I x"), "md k I x O1f\r\n"),
                Arguments.of(metaCommand(Request.MetaVerb.ARITHMETIC, "k", "", " v D1"), "ma k v D1 O1f\r\n"),
                Arguments.of(base64(keyed(Opcode.GET, "YSBi"), "a b"), "mg YSBi v f b O1f\r\n"),
                Arguments.of(base64(store(Opcode.SET, "YSBi", "v"), "a b"), "ms YSBi 1 b O1f\r\nv\r\n"),
                Arguments.of(
                        base64(metaCommand(Request.MetaVerb.DELETE, "YSBi", "", " I"), "a b"), "md YSBi I b O1f\r\n"),
                Arguments.of(server(Opcode.NOOP, ""), "mn\r\n"),
                Arguments.of(server(Opcode.VERSION, ""), "version\r\n"),
                Arguments.of(server(Opcode.STATS, ""), "stats\r\n"),
                Arguments.of(server(Opcode.STATS, "detail on"), "stats detail on\r\n"),
                Arguments.of(server(Opcode.FLUSH_ALL, ""), "flush_all\r\n"),
                Arguments.of(server(Opcode.FLUSH_ALL, "10"), "flush_all 10\r\n"),
                Arguments.of(server(Opcode.VERBOSITY, "1"), "verbosity 1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void writesRequests(Request request, String expected) {
        assertEquals(expected, new String(ReplyReading.written(META, request, 31), StandardCharsets.ISO_8859_1));
        assertNull(META.refusal(request));
    }

    static Stream<Arguments> quietHeaders() {
        return Stream.of(
                Arguments.of(touch(Opcode.TOUCH, "k", 60), "mg k T60 q\r\n"),
                Arguments.of(store(Opcode.SET, "k", "v", 1, 2, 0), "ms k 1 F1 T2 q\r\nv\r\n"),
                Arguments.of(store(Opcode.ADD, "k", "v"), "ms k 1 ME q\r\nv\r\n"),
                Arguments.of(store(Opcode.REPLACE, "k", "v"), "ms k 1 MR q\r\nv\r\n"),
                Arguments.of(store(Opcode.APPEND, "k", "v"), "ms k 1 MA q\r\nv\r\n"),
                Arguments.of(store(Opcode.PREPEND, "k", "v"), "ms k 1 MP q\r\nv\r\n"),
                Arguments.of(store(Opcode.CAS, "k", "v", 0, 0, 5), "ms k 1 C5 q\r\nv\r\n"),
                Arguments.of(arithmetic(Opcode.INCREMENT, "k", 1), "ma k D1 q\r\n"),
                Arguments.of(arithmetic(Opcode.DECREMENT, "k", 1, 3, 4), "ma k MD D1 N4 J3 q\r\n"),
                Arguments.of(keyed(Opcode.DELETE, "k"), "md k q\r\n"),
                Arguments.of(base64(keyed(Opcode.DELETE, "YSBi"), "a b"), "md YSBi b q\r\n"),
                Arguments.of(touch(Opcode.MARK_STALE, "k", 30), "md k I T30 q\r\n"));
    }

    @ParameterizedTest
    @MethodSource("quietHeaders")
    void writesQuietRequests(Request request, String expected) {
        assertTrue(META.hasQuiet());
        assertEquals(expected, new String(ReplyReading.writtenQuietly(META, request), StandardCharsets.ISO_8859_1));
    }

    @Test
    void readsAndServerCommandsHaveNoQuietForm() {
        for (Request request : List.of(
                keyed(Opcode.GET, "k"),
                keyed(Opcode.GETS, "k"),
                keyed(Opcode.ITEM, "k"),
                touch(Opcode.GET_AND_TOUCH, "k", 1),
                metaCommand(Request.MetaVerb.GET, "k", "", " v"),
                base64(keyed(Opcode.GET, "YSBi"), "a b"),
                server(Opcode.NOOP, ""),
                server(Opcode.VERSION, ""),
                server(Opcode.STATS, ""),
                server(Opcode.FLUSH_ALL, ""),
                server(Opcode.VERBOSITY, "1"))) {
            assertThrows(IllegalArgumentException.class, () -> ReplyReading.writtenQuietly(META, request));
        }
    }

    @Test
    void anotherKeyIsNoAnswerInBase64Either() {
        Request request = base64(keyed(Opcode.GET, "YSBi"), "a b");
        for (String other : List.of("a c", "YSBi")) {
            Reply reply = new Reply.Value(1, block(other), 0, block("v"), 0, null);
            assertFalse(META.answers(request, 1, reply), other);
        }
        assertTrue(META.answers(request, 1, new Reply.Value(1, block("a b"), 0, block("v"), 0, null)));
        assertFalse(META.answers(request, 2, new Reply.Value(1, block("a b"), 0, block("v"), 0, null)));
    }

    @Test
    void opaquesComeBackAsTheyWere() throws MalformedReply {
        for (int opaque : new int[] {0, 1, 9, 10, 15, 16, 255, 256, 0x12345, 0xabcdef0, Integer.MAX_VALUE}) {
            byte[] request = ReplyReading.written(META, keyed(Opcode.DELETE, "k"), opaque);
            String echo = new String(request, StandardCharsets.ISO_8859_1).replace("md k", "HD");
            assertEquals(
                    List.of(new Reply.Status(Reply.Kind.HEADER, opaque)),
                    ReplyReading.read(META.newParser(new Limits(1)), bytes(echo)));
        }
    }

    @Test
    void foreignOpaquesAreMalformed() {
        for (String opaque : List.of("O", "O01", "OA", "Og", "O80000000", "Offffffff", "O123456789", "O-1", "O1 O1")) {
            assertMalformed(bytes("HD " + opaque + "\r\n"));
        }
    }

    @Override
    protected List<Answer> answers() {
        DataBlock value = block("hello");
        List<Answer> answers = new ArrayList<>();
        Reply hit = new Reply.Value(0x1f, null, 5, value, 0, null);
        add(answers, keyed(Opcode.GET, "k"), "VA 5 f5 O1f\r\nhello\r\n", hit);
        add(answers, keyed(Opcode.GET, "k"), "VA 5 O1f f5\r\nhello\r\n", hit);
        for (Request read : List.of(
                keyed(Opcode.GET, "k"),
                keyed(Opcode.GETS, "k"),
                keyed(Opcode.ITEM, "k"),
                touch(Opcode.GET_AND_TOUCH, "k", 3),
                touch(Opcode.TOUCH, "k", 3))) {
            add(answers, read, "EN O1f\r\n", status(Reply.Kind.END));
        }
        add(
                answers,
                keyed(Opcode.GETS, "k"),
                "VA 5 f4294967295 c18446744073709551615 O1f\r\nhello\r\n",
                new Reply.Value(0x1f, null, -1, value, -1, null));
        add(
                answers,
                keyed(Opcode.ITEM, "k"),
                "VA 5 f0 c3 t-1 l7 h1 s5 O1f\r\nhello\r\n",
                new Reply.Value(0x1f, null, 0, value, 3, new Reply.ItemMeta(-1, 7, true, 5, false, false, false)));
        add(answers, touch(Opcode.GET_AND_TOUCH, "k", 3), "VA 5 f5 O1f\r\nhello\r\n", hit);
        add(
                answers,
                touch(Opcode.GET_AND_TOUCH, "k", 3),
                "VA 5 f5 O1f W X\r\nhello\r\n",
                new Reply.Value(0x1f, null, 5, value, 0, new Reply.ItemMeta(-1, -1, false, -1, true, true, false)));
        add(answers, touch(Opcode.TOUCH, "k", 3), "HD O1f\r\n", status(Reply.Kind.HEADER));
        for (Opcode opcode : List.of(Opcode.SET, Opcode.ADD, Opcode.REPLACE, Opcode.APPEND, Opcode.PREPEND)) {
            add(answers, store(opcode, "k", "v"), "HD O1f\r\n", status(Reply.Kind.HEADER));
            add(answers, store(opcode, "k", "v"), "NS O1f\r\n", status(Reply.Kind.NOT_STORED));
        }
        add(answers, store(Opcode.CAS, "k", "v"), "HD O1f\r\n", status(Reply.Kind.HEADER));
        add(answers, store(Opcode.CAS, "k", "v"), "EX O1f\r\n", status(Reply.Kind.EXISTS));
        add(answers, store(Opcode.CAS, "k", "v"), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, store(Opcode.CAS, "k", "v"), "NS O1f\r\n", status(Reply.Kind.NOT_STORED));
        for (Opcode opcode : List.of(Opcode.INCREMENT, Opcode.DECREMENT)) {
            add(
                    answers,
                    arithmetic(opcode, "k", 1),
                    "VA 2 O1f\r\n12\r\n",
                    new Reply.Value(0x1f, null, 0, block("12"), 0, null));
            add(answers, arithmetic(opcode, "k", 1), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
            add(answers, arithmetic(opcode, "k", 1), "NS O1f\r\n", status(Reply.Kind.NOT_STORED));
        }
        add(answers, keyed(Opcode.DELETE, "k"), "HD O1f\r\n", status(Reply.Kind.HEADER));
        add(answers, keyed(Opcode.DELETE, "k"), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, touch(Opcode.MARK_STALE, "k", 1), "HD O1f\r\n", status(Reply.Kind.HEADER));
        add(answers, touch(Opcode.MARK_STALE, "k", 1), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
        Request get = metaCommand(Request.MetaVerb.GET, "k", "", " v");
        Request set = metaCommand(Request.MetaVerb.SET, "k", "v", " c");
        add(answers, get, "EN O1f\r\n", status(Reply.Kind.END));
        add(answers, get, "HD c5 O1f\r\n", new Reply.Header(0x1f, 0, 5, null));
        add(answers, get, "VA 1 f7 O1f\r\nv\r\n", new Reply.Value(0x1f, null, 7, block("v"), 0, null));
        add(answers, set, "HD c5 O1f\r\n", new Reply.Header(0x1f, 0, 5, null));
        add(answers, set, "HD O1f\r\n", status(Reply.Kind.HEADER));
        add(answers, set, "NS c0 O1f\r\n", status(Reply.Kind.NOT_STORED));
        add(answers, set, "EX O1f\r\n", status(Reply.Kind.EXISTS));
        add(answers, metaCommand(Request.MetaVerb.DELETE, "k", "", ""), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
        add(answers, base64(keyed(Opcode.GET, "YSBi"), "a b"), "EN O1f\r\n", status(Reply.Kind.END));
        add(answers, base64(keyed(Opcode.DELETE, "YSBi"), "a b"), "HD O1f\r\n", status(Reply.Kind.HEADER));
        add(answers, base64(keyed(Opcode.DELETE, "YSBi"), "a b"), "NF O1f\r\n", status(Reply.Kind.NOT_FOUND));
        add(
                answers,
                base64(keyed(Opcode.GET, "YSBi"), "a b"),
                "VA 1 kYSBi b O1f\r\nv\r\n",
                new Reply.Value(0x1f, block("a b"), 0, block("v"), 0, null));
        add(answers, server(Opcode.NOOP, ""), "MN\r\n", bare(Reply.Kind.NOOP));
        answers.addAll(ServerAnswers.LIST);
        return answers;
    }

    private static void add(List<Answer> answers, Request request, String wire, Reply reply) {
        answers.add(new Answer(request, 0x1f, block(wire), reply));
    }

    private static Reply status(Reply.Kind kind) {
        return new Reply.Status(kind, 0x1f);
    }

    private static Reply bare(Reply.Kind kind) {
        return new Reply.Status(kind, Reply.NO_OPAQUE);
    }

    @Override
    protected byte[] itemOfLength(String length, byte[] data) {
        return bytes("VA " + length + " f0 O1\r\n" + new String(data, StandardCharsets.ISO_8859_1) + "\r\n");
    }

    @Override
    protected List<byte[]> garbage() {
        return ServerAnswers.garbageAnd(
                "VALUE k 0\r\n",
                "STORED\r\n",
                "NOT_STORED\r\n",
                "EXISTS\r\n",
                "NOT_FOUND\r\n",
                "DELETED\r\n",
                "TOUCHED\r\n",
                "12\r\n",
                "hd\r\n",
                " HD\r\n",
                "HD\n",
                "HD\r\r\n",
                "HDO1\r\n",
                "HD\tO1\r\n",
                "VA\r\n",
                "VA 5\n12345\r\n",
                "VA 1 f-1\r\nx\r\n",
                "VA 1 f\r\nx\r\n",
                "VA 1 c18446744073709551616\r\nx\r\n",
                "VA 1 tx\r\nx\r\n",
                "VA 1 k\r\nx\r\n",
                "VA 1 k" + "k".repeat(251) + "\r\nx\r\n",
                "VA 1 b k*\r\nx\r\n",
                "HD O1X\n",
                "VA 1\r\nxXX",
                "VA 1\r\nx\rX",
                "VA 1\r\nxX\n");
    }

    @Test
    void blanksBetweenAndBehindMetaFlagsDoNoHarm() throws MalformedReply {
        for (String line : List.of("HD  O7", "HD O7 ", "HD  O7  ")) {
            assertEquals(
                    List.of(new Reply.Status(Reply.Kind.HEADER, 7)),
                    ReplyReading.read(META.newParser(new Limits(100)), bytes(line + "\r\n")));
        }
        assertEquals(
                List.of(new Reply.Status(Reply.Kind.HEADER, Reply.NO_OPAQUE)),
                ReplyReading.read(META.newParser(new Limits(100)), bytes("HD \r\n")));
    }

    @Test
    void clientFlagsOfMoreThan32BitsSpoilTheirItemAlone() throws MalformedReply {
        List<Reply> replies = ReplyReading.read(
                META.newParser(new Limits(100)), bytes("VA 1 f4294967296 O7\r\nx\r\nVA 1 f4294967295 O8\r\ny\r\n"));
        Reply.Value wide = (Reply.Value) replies.get(0);
        assertSame(Reply.Value.WIDE_FLAGS, wide.data());
        assertTrue(META.answers(keyed(Opcode.GET, "k"), 7, wide));
        assertEquals(new Reply.Value(8, null, -1, block("y"), 0, null), replies.get(1));
    }

    @Test
    void otherKindsAndOpaquesDoNotAnswer() {
        Request get = keyed(Opcode.GET, "k");
        Reply hit = new Reply.Value(7, null, 0, block("v"), 0, null);
        assertTrue(META.answers(get, 7, hit));
        assertFalse(META.answers(get, 8, hit));
        assertFalse(META.answers(get, 7, new Reply.Value(Reply.NO_OPAQUE, null, 0, block("v"), 0, null)));
        assertFalse(META.answers(get, 7, new Reply.Status(Reply.Kind.HEADER, 7)));
        assertFalse(META.answers(get, 7, bare(Reply.Kind.END)));
        assertFalse(META.answers(store(Opcode.SET, "k", "v"), 7, hit));
        assertFalse(META.answers(server(Opcode.NOOP, ""), 7, new Reply.Status(Reply.Kind.HEADER, 7)));
        assertFalse(META.answers(keyed(Opcode.DELETE, "k"), 7, bare(Reply.Kind.NOOP)));
    }

    @Test
    void anEchoedKeyMustBeTheOneAsked() {
        Request get = keyed(Opcode.GET, "k");
        assertTrue(META.answers(get, 7, new Reply.Value(7, block("k"), 0, block("v"), 0, null)));
        assertFalse(META.answers(get, 7, new Reply.Value(7, block("j"), 0, block("v"), 0, null)));
    }

    @Test
    void anErrorAnswersAnyRequest() {
        for (Request request : Requests.longest()) {
            assertTrue(META.answers(request, 3, new Reply.Line(Reply.Kind.SERVER_ERROR, "out of memory")));
        }
    }

    @Test
    void repliesToQuietRequestsHaveNoOpaque() {
        Request set = store(Opcode.SET, "k", "v");
        assertTrue(META.answers(set, Reply.NO_OPAQUE, bare(Reply.Kind.NOT_STORED)));
        assertFalse(META.answers(set, Reply.NO_OPAQUE, bare(Reply.Kind.NOOP)));
    }

    @Test
    void unknownMetaFlagsAreSkipped() throws MalformedReply {
        assertEquals(new Reply.Value(1, null, 3, block("x"), 0, null), one("VA 1 Qwerty f3 y9 O1 ~ E5\r\nx\r\n"));
        assertEquals(new Reply.Status(Reply.Kind.HEADER, 1), one("HD Q O1 kfoo\r\n"));
        assertEquals(new Reply.Status(Reply.Kind.END, 8), one("EN kmissing O8\r\n"));
    }

    @Test
    void keysAreDecodedByTheReply() throws MalformedReply {
        assertEquals(block("a"), ((Reply.Value) one("VA 1 kYQ== b\r\nx\r\n")).key());
        assertEquals(block("a"), ((Reply.Value) one("VA 1 b kYQ==\r\nx\r\n")).key());
        assertEquals(block("YQ=="), ((Reply.Value) one("VA 1 kYQ==\r\nx\r\n")).key());
        String longest = "k".repeat(250);
        assertEquals(block(longest), ((Reply.Value) one("VA 1 k" + longest + "\r\nx\r\n")).key());
    }

    @Test
    void remainingTimes() throws MalformedReply {
        Map<String, Long> ttls = Map.of(
                "t-1",
                -1L,
                "t-98",
                0L,
                "t0",
                0L,
                "t60",
                60L,
                "t2147483647",
                2147483647L,
                "t4294967175",
                0L,
                "t18446744073709551615",
                0L);
        for (var entry : ttls.entrySet()) {
            Reply.Value item = (Reply.Value) one("VA 1 " + entry.getKey() + "\r\nx\r\n");
            assertEquals(entry.getValue(), item.meta().ttl(), entry.getKey());
        }
    }

    @Test
    void eachMetaFlagHasItsField() throws MalformedReply {
        assertEquals(itemWith(-1, -1, false, -1, true, false, false), one("VA 1 W\r\nx\r\n"));
        assertEquals(itemWith(-1, -1, false, -1, false, true, false), one("VA 1 X\r\nx\r\n"));
        assertEquals(itemWith(-1, -1, false, -1, false, false, true), one("VA 1 Z\r\nx\r\n"));
        assertEquals(itemWith(-1, -1, true, -1, false, false, false), one("VA 1 h1\r\nx\r\n"));
        assertEquals(itemWith(-1, -1, false, -1, false, false, false), one("VA 1 h0\r\nx\r\n"));
        assertEquals(itemWith(-1, 9, false, -1, false, false, false), one("VA 1 l9\r\nx\r\n"));
        assertEquals(itemWith(-1, -1, false, 4, false, false, false), one("VA 1 s4\r\nx\r\n"));
    }

    private static Reply itemWith(
            long ttl, long lastAccess, boolean hit, long size, boolean win, boolean stale, boolean won) {
        var meta = new Reply.ItemMeta(ttl, lastAccess, hit, size, win, stale, won);
        return new Reply.Value(Reply.NO_OPAQUE, null, 0, block("x"), 0, meta);
    }

    @Test
    void headsDoNotLeakIntoTheNextItem() throws MalformedReply {
        List<Reply> replies = ReplyReading.read(
                META.newParser(new Limits(9)),
                bytes("VA 1 f7 c8 t9 W X Z h1 kkey O1\r\nx\r\nVA 1 t5\r\ny\r\nVA 0\r\n\r\nHD\r\n"));
        assertEquals(
                List.of(
                        new Reply.Value(
                                1,
                                block("key"),
                                7,
                                block("x"),
                                8,
                                new Reply.ItemMeta(9, -1, true, -1, true, true, true)),
                        new Reply.Value(
                                Reply.NO_OPAQUE,
                                null,
                                0,
                                block("y"),
                                0,
                                new Reply.ItemMeta(5, -1, false, -1, false, false, false)),
                        new Reply.Value(Reply.NO_OPAQUE, null, 0, DataBlock.EMPTY, 0, null),
                        bare(Reply.Kind.HEADER)),
                replies);
    }

    private static Reply one(String wire) throws MalformedReply {
        List<Reply> replies = ReplyReading.read(META.newParser(new Limits(100)), bytes(wire));
        assertEquals(1, replies.size());
        return replies.get(0);
    }
}
