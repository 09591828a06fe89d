package io.cachewire.internal.protocol;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.Requests.arithmetic;
import static io.cachewire.internal.protocol.Requests.keyed;
import static io.cachewire.internal.protocol.Requests.server;
import static io.cachewire.internal.protocol.Requests.store;
import static io.cachewire.internal.protocol.Requests.touch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.internal.protocol.Reply.Kind;
import io.cachewire.internal.protocol.binary.BinaryDialect;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dialects spoken to a real server over a plain socket: what is sent is understood, and what comes back
 * answers it.
 */
@Timeout(30)
final class DialectsIntegrationTest {
    private static final int MAX_VALUE_BYTES = 1024 * 1024;

    private static MemcachedServer server;
    private final Set<Opcode> sent = EnumSet.noneOf(Opcode.class);
    private int opaque;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start("-I", "2m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws IOException, MalformedReply {
        try (Line line = new Line(new TextDialect())) {
            line.ask(server(Opcode.FLUSH_ALL, ""));
        }
    }

    /** One connection. */
    private final class Line implements AutoCloseable {
        private final Dialect dialect;
        private final ReplyParser parser;
        private final Socket socket = new Socket("127.0.0.1", server.port());
        private final byte[] buffer = new byte[1500];

        Line(Dialect dialect) throws IOException {
            this.dialect = dialect;
            this.parser = dialect.newParser(new Limits(MAX_VALUE_BYTES));
            socket.setSoTimeout(10_000);
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        Reply read() throws IOException, MalformedReply {
            Reply reply = parser.next();
            while (reply == null) {
                int count = socket.getInputStream().read(buffer);
                assertTrue(count > 0, "closed by the server");
                parser.feed(buffer, 0, count);
                reply = parser.next();
            }
            return reply;
        }

        Reply ask(Request request) throws IOException, MalformedReply {
            sent.add(request.opcode());
            opaque = opaque * 17 + 3 & Integer.MAX_VALUE;
            write(ReplyReading.written(dialect, request, opaque));
            Reply reply = read();
            assertTrue(dialect.answers(request, opaque, reply), () -> request + " by " + reply);
            return reply;
        }

        List<Reply> all(Request.GetAll request) throws IOException, MalformedReply {
            sent.add(request.opcode());
            write(ReplyReading.written(dialect, request, 77));
            GetAllAnswer answer = dialect.getAllAnswer(request, 77);
            while (!answer.take(read())) {}
            return answer.whole().replies();
        }

        /** Many keys, of which every third is there. */
        void readsAll() throws IOException, MalformedReply {
            List<DataBlock> keys = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                keys.add(block("all" + i));
                if (i % 3 == 0) {
                    kind(store(Opcode.SET, "all" + i, "v".repeat(i), i, 0, 0));
                }
            }
            for (boolean withCas : new boolean[] {false, true}) {
                List<Reply> replies = all(Request.GetAll.of(keys, withCas));
                for (int i = 0; i < 100; i++) {
                    if (i % 3 == 0) {
                        Reply.Value value = assertInstanceOf(Reply.Value.class, replies.get(i));
                        assertEquals(block("v".repeat(i)), value.data());
                        assertEquals(i, value.flags());
                        assertTrue(!withCas || value.cas() != 0);
                    } else {
                        assertEquals(Kind.END, replies.get(i).kind());
                    }
                }
            }
            List<Reply> none = all(Request.GetAll.of(List.of(block("no"), block("nor")), false));
            assertEquals(
                    List.of(Kind.END, Kind.END), none.stream().map(Reply::kind).toList());
        }

        Kind kind(Request request) throws IOException, MalformedReply {
            return ask(request).kind();
        }

        Reply.Value item(Request request) throws IOException, MalformedReply {
            return assertInstanceOf(Reply.Value.class, ask(request), request::toString);
        }

        long number(Request request) throws IOException, MalformedReply {
            return assertInstanceOf(Reply.Number.class, ask(request), request::toString)
                    .value();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void metaSpeaksEveryOpcode() throws IOException, MalformedReply {
        try (Line line = new Line(new MetaDialect())) {
            assertEquals(Kind.HEADER, line.kind(store(Opcode.SET, "k", "value", -1, 1000, 0)));
            Reply.Value hit = line.item(keyed(Opcode.GET, "k"));
            assertEquals(block("value"), hit.data());
            assertEquals(-1, hit.flags());
            long cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertNotEquals(0, cas);
            Reply.Value item = line.item(keyed(Opcode.ITEM, "k"));
            assertEquals(cas, item.cas());
            assertEquals(5, item.meta().size());
            assertTrue(item.meta().hitBefore());
            assertTrue(item.meta().ttl() > 900 && item.meta().ttl() <= 1000, item::toString);
            assertEquals(
                    block("value"),
                    line.item(touch(Opcode.GET_AND_TOUCH, "k", 0)).data());
            assertEquals(-1, line.item(keyed(Opcode.ITEM, "k")).meta().ttl());
            assertEquals(Kind.HEADER, line.kind(touch(Opcode.TOUCH, "k", 50)));
            assertEquals(Kind.END, line.kind(touch(Opcode.TOUCH, "absent", 50)));
            assertEquals(Kind.END, line.kind(keyed(Opcode.GET, "absent")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.ADD, "k", "x")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.REPLACE, "absent", "x")));
            assertEquals(Kind.HEADER, line.kind(store(Opcode.REPLACE, "k", "b")));
            assertEquals(Kind.HEADER, line.kind(store(Opcode.APPEND, "k", "c")));
            assertEquals(Kind.HEADER, line.kind(store(Opcode.PREPEND, "k", "a")));
            assertEquals(block("abc"), line.item(keyed(Opcode.GET, "k")).data());
            assertEquals(Kind.EXISTS, line.kind(store(Opcode.CAS, "k", "d", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(store(Opcode.CAS, "absent", "d", 0, 0, cas)));
            cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertEquals(Kind.HEADER, line.kind(store(Opcode.CAS, "k", "d", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(arithmetic(Opcode.INCREMENT, "n", 1)));
            assertEquals(
                    block("9223372036854775807"),
                    line.item(arithmetic(Opcode.INCREMENT, "n", 1, Long.MAX_VALUE, 0))
                            .data());
            // not from a value of 2^63 or more: memcached 1.6.18 then looks for a minus sign beyond the end of the item
            assertEquals(
                    block("9223372036854775808"),
                    line.item(arithmetic(Opcode.INCREMENT, "n", 1)).data());
            assertEquals(Kind.HEADER, line.kind(store(Opcode.SET, "n", "10")));
            assertEquals(
                    block("3"), line.item(arithmetic(Opcode.DECREMENT, "n", 7)).data());
            assertEquals(Kind.HEADER, line.kind(touch(Opcode.MARK_STALE, "k", 30)));
            Reply.Value stale = line.item(keyed(Opcode.GET, "k"));
            assertEquals(new Reply.ItemMeta(-1, -1, false, -1, true, true, false), stale.meta());
            assertEquals(
                    new Reply.ItemMeta(-1, -1, false, -1, false, true, true),
                    line.item(keyed(Opcode.GET, "k")).meta());
            assertEquals(Kind.HEADER, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.NOT_FOUND, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.NOT_FOUND, line.kind(touch(Opcode.MARK_STALE, "k", 30)));
            Request lease = Requests.metaCommand(Request.MetaVerb.GET, "leased", "", " v N30");
            assertEquals(
                    new Reply.ItemMeta(-1, -1, false, -1, true, false, false),
                    line.item(lease).meta());
            assertEquals(
                    new Reply.ItemMeta(-1, -1, false, -1, false, false, true),
                    line.item(lease).meta());
            assertEquals(Kind.HEADER, line.kind(Requests.base64(store(Opcode.SET, "YSBi", "v"), "a b")));
            assertEquals(
                    block("v"),
                    line.item(Requests.base64(keyed(Opcode.GET, "YSBi"), "a b")).data());
            assertEquals(Kind.NOOP, line.kind(server(Opcode.NOOP, "")));
            line.readsAll();
            serverCommands(line);
            errors(line);
        }
        assertEquals(EnumSet.allOf(Opcode.class), sent);
    }

    @Test
    void textSpeaksEveryOpcodeButThoseOfMeta() throws IOException, MalformedReply {
        try (Line line = new Line(new TextDialect())) {
            assertEquals(Kind.STORED, line.kind(store(Opcode.SET, "k", "value", -1, 1000, 0)));
            Reply.Value hit = line.item(keyed(Opcode.GET, "k"));
            assertEquals(new Reply.Value(Reply.NO_OPAQUE, block("k"), -1, block("value"), 0, null), hit);
            long cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertNotEquals(0, cas);
            assertEquals(cas, line.item(keyed(Opcode.ITEM, "k")).cas());
            assertEquals(hit, line.item(touch(Opcode.GET_AND_TOUCH, "k", 0)));
            assertEquals(Kind.TOUCHED, line.kind(touch(Opcode.TOUCH, "k", 50)));
            assertEquals(Kind.NOT_FOUND, line.kind(touch(Opcode.TOUCH, "absent", 50)));
            assertEquals(Kind.END, line.kind(keyed(Opcode.GET, "absent")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.ADD, "k", "x")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.REPLACE, "absent", "x")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.REPLACE, "k", "b")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.APPEND, "k", "c")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.PREPEND, "k", "a")));
            assertEquals(block("abc"), line.item(keyed(Opcode.GET, "k")).data());
            assertEquals(Kind.EXISTS, line.kind(store(Opcode.CAS, "k", "d", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(store(Opcode.CAS, "absent", "d", 0, 0, cas)));
            cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertEquals(Kind.STORED, line.kind(store(Opcode.CAS, "k", "10", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(arithmetic(Opcode.INCREMENT, "n", 1)));
            assertEquals(new Reply.Number(-1), line.ask(arithmetic(Opcode.INCREMENT, "k", -11)));
            assertEquals(new Reply.Number(9), line.ask(arithmetic(Opcode.INCREMENT, "k", 10)));
            assertEquals(new Reply.Number(0), line.ask(arithmetic(Opcode.DECREMENT, "k", 10)));
            assertEquals(Kind.DELETED, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.NOT_FOUND, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.VERSION, line.kind(server(Opcode.NOOP, "")));
            line.readsAll();
            serverCommands(line);
            errors(line);
        }
        assertEquals(EnumSet.complementOf(EnumSet.of(Opcode.MARK_STALE, Opcode.META, Opcode.BASE64_KEY)), sent);
    }

    @Test
    void binarySpeaksEveryOpcodeButFour() throws IOException, MalformedReply {
        try (Line line = new Line(new BinaryDialect())) {
            assertEquals(Kind.STORED, line.kind(store(Opcode.SET, "k", "value", -1, 1000, 0)));
            Reply.Value hit = line.item(keyed(Opcode.GET, "k"));
            assertEquals(block("value"), hit.data());
            assertEquals(block("k"), hit.key());
            assertEquals(-1, hit.flags());
            long cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertNotEquals(0, cas);
            assertEquals(cas, line.item(keyed(Opcode.ITEM, "k")).cas());
            assertEquals(
                    block("value"),
                    line.item(touch(Opcode.GET_AND_TOUCH, "k", 0)).data());
            assertEquals(Kind.END, line.kind(touch(Opcode.GET_AND_TOUCH, "absent", 0)));
            assertEquals(Kind.TOUCHED, line.kind(touch(Opcode.TOUCH, "k", 50)));
            assertEquals(Kind.NOT_FOUND, line.kind(touch(Opcode.TOUCH, "absent", 50)));
            assertEquals(Kind.END, line.kind(keyed(Opcode.GET, "absent")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.ADD, "k", "x")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.REPLACE, "absent", "x")));
            assertEquals(Kind.NOT_STORED, line.kind(store(Opcode.APPEND, "absent", "x")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.REPLACE, "k", "b")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.APPEND, "k", "c")));
            assertEquals(Kind.STORED, line.kind(store(Opcode.PREPEND, "k", "a")));
            assertEquals(block("abc"), line.item(keyed(Opcode.GET, "k")).data());
            assertEquals(Kind.EXISTS, line.kind(store(Opcode.CAS, "k", "d", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(store(Opcode.CAS, "absent", "d", 0, 0, cas)));
            cas = line.item(keyed(Opcode.GETS, "k")).cas();
            assertEquals(Kind.STORED, line.kind(store(Opcode.CAS, "k", "10", 0, 0, cas)));
            assertEquals(Kind.NOT_FOUND, line.kind(arithmetic(Opcode.INCREMENT, "n", 1)));
            assertEquals(7, line.number(arithmetic(Opcode.INCREMENT, "n", 1, 7, 0)));
            assertEquals(8, line.number(arithmetic(Opcode.INCREMENT, "n", 1, 7, 0)));
            assertEquals(-1, line.number(arithmetic(Opcode.INCREMENT, "k", -11)));
            assertEquals(9, line.number(arithmetic(Opcode.INCREMENT, "k", 10)));
            assertEquals(0, line.number(arithmetic(Opcode.DECREMENT, "k", 10)));
            assertEquals(Kind.DELETED, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.NOT_FOUND, line.kind(keyed(Opcode.DELETE, "k")));
            assertEquals(Kind.NOOP, line.kind(server(Opcode.NOOP, "")));
            line.readsAll();
            binaryServerCommands(line);
            // the server swallows what it refuses, and the stream stays in step
            assertEquals(Kind.SERVER_ERROR, line.kind(store(Opcode.SET, "large", "x".repeat(3_000_000))));
            assertEquals(Kind.SERVER_ERROR, line.kind(store(Opcode.APPEND, "large", "x".repeat(3_000_000))));
            line.ask(store(Opcode.SET, "text", "ten"));
            assertEquals(Kind.CLIENT_ERROR, line.kind(arithmetic(Opcode.INCREMENT, "text", 1)));
            assertEquals(Kind.CLIENT_ERROR, line.kind(server(Opcode.STATS, "nonsense")));
            assertEquals(Kind.END, line.kind(keyed(Opcode.GET, "large")));
        }
        assertEquals(
                EnumSet.complementOf(EnumSet.of(Opcode.MARK_STALE, Opcode.META, Opcode.BASE64_KEY, Opcode.VERBOSITY)),
                sent);
    }

    private static void binaryServerCommands(Line line) throws IOException, MalformedReply {
        Reply.Line version = assertInstanceOf(Reply.Line.class, line.ask(server(Opcode.VERSION, "")));
        Reply.Stats stats = assertInstanceOf(Reply.Stats.class, line.ask(server(Opcode.STATS, "")));
        assertEquals(version.text(), stats.lines().get("version"));
        assertEquals(Kind.STATS, line.kind(server(Opcode.STATS, "settings")));
        assertEquals(Kind.END, line.kind(server(Opcode.STATS, "reset")));
        assertEquals(Kind.END, line.kind(server(Opcode.STATS, "detail on")));
        assertEquals(Kind.END, line.kind(server(Opcode.STATS, "detail off")));
        assertEquals(Kind.OK, line.kind(server(Opcode.FLUSH_ALL, "")));
        assertEquals(Kind.OK, line.kind(server(Opcode.FLUSH_ALL, "100")));
    }

    private static void serverCommands(Line line) throws IOException, MalformedReply {
        Reply.Line version = assertInstanceOf(Reply.Line.class, line.ask(server(Opcode.VERSION, "")));
        Reply.Stats stats = assertInstanceOf(Reply.Stats.class, line.ask(server(Opcode.STATS, "")));
        assertEquals(version.text(), stats.lines().get("version"));
        assertEquals(Kind.STATS, line.kind(server(Opcode.STATS, "settings")));
        assertEquals(Kind.RESET, line.kind(server(Opcode.STATS, "reset")));
        assertEquals(Kind.OK, line.kind(server(Opcode.STATS, "detail on")));
        line.ask(store(Opcode.SET, "a:b", "x"));
        Reply dump = line.ask(server(Opcode.STATS, "detail dump"));
        if (line.dialect instanceof TextDialect) {
            // the server does not count meta commands by prefix
            assertTrue(assertInstanceOf(Reply.Stats.class, dump).lines().containsKey("a"));
        }
        line.ask(server(Opcode.STATS, "cachedump 1 1"));
        assertEquals(Kind.OK, line.kind(server(Opcode.STATS, "detail off")));
        assertEquals(Kind.OK, line.kind(server(Opcode.VERBOSITY, "0")));
        assertEquals(Kind.OK, line.kind(server(Opcode.FLUSH_ALL, "")));
        assertEquals(Kind.OK, line.kind(server(Opcode.FLUSH_ALL, "100")));
    }

    private static void errors(Line line) throws IOException, MalformedReply {
        line.ask(store(Opcode.SET, "text", "ten"));
        assertEquals(Kind.CLIENT_ERROR, line.kind(arithmetic(Opcode.INCREMENT, "text", 1)));
        assertEquals(Kind.SERVER_ERROR, line.kind(store(Opcode.SET, "large", "x".repeat(3_000_000))));
        assertEquals(Kind.ERROR, line.kind(server(Opcode.STATS, "nonsense")));
        assertEquals(Kind.END, line.kind(keyed(Opcode.GET, "large")));
    }

    static List<Dialect> dialects() {
        return List.of(new MetaDialect(), new TextDialect(), new BinaryDialect());
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void extremesComeBackExact(Dialect dialect) throws IOException, MalformedReply {
        try (Line line = new Line(dialect)) {
            String longest = "k".repeat(250);
            byte[] large = new byte[MAX_VALUE_BYTES];
            for (int i = 0; i < large.length; i++) {
                large[i] = (byte) (i * 31 >>> 3);
            }
            for (DataBlock data :
                    List.of(DataBlock.EMPTY, block("END\r\n"), block("VALUE x 0 5\r\n"), DataBlock.wrap(large))) {
                line.ask(new Request.Store(Opcode.SET, block(longest), data, -1, 0, 0));
                Reply.Value item = line.item(keyed(Opcode.GET, longest));
                assertEquals(data, item.data());
                assertEquals(-1, item.flags());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void aPipelineIsAnsweredInOrder(Dialect dialect) throws IOException, MalformedReply {
        try (Line line = new Line(dialect)) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                requests.add(store(Opcode.SET, "k" + i, "v".repeat(i)));
                requests.add(keyed(Opcode.GET, "k" + i));
                requests.add(keyed(Opcode.GETS, "absent" + i));
                requests.add(keyed(Opcode.DELETE, "k" + i));
            }
            for (int i = 0; i < requests.size(); i++) {
                line.write(ReplyReading.written(dialect, requests.get(i), i));
            }
            for (int i = 0; i < requests.size(); i++) {
                Reply reply = line.read();
                assertTrue(dialect.answers(requests.get(i), i, reply), requests.get(i) + " by " + reply);
            }
        }
    }

    @Test
    void quietRequestsAreAnsweredOnlyAsDocumented() throws IOException, MalformedReply {
        MetaDialect meta = new MetaDialect();
        try (Line line = new Line(meta)) {
            line.ask(store(Opcode.SET, "k", "v"));
            line.ask(store(Opcode.SET, "n", "5"));
            assertEquals(List.of(), quietly(line, store(Opcode.SET, "k", "v")));
            assertEquals(List.of(), quietly(line, store(Opcode.ADD, "new", "v")));
            assertEquals(List.of(), quietly(line, store(Opcode.REPLACE, "k", "v")));
            assertEquals(List.of(), quietly(line, store(Opcode.APPEND, "k", "v")));
            assertEquals(List.of(), quietly(line, store(Opcode.PREPEND, "k", "v")));
            assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(Opcode.ADD, "k", "v")));
            assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(Opcode.REPLACE, "absent", "v")));
            assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(Opcode.APPEND, "absent", "v")));
            assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(Opcode.PREPEND, "absent", "v")));
            assertEquals(List.of(Kind.EXISTS), quietly(line, store(Opcode.CAS, "k", "v", 0, 0, 1)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, store(Opcode.CAS, "absent", "v", 0, 0, 1)));
            assertEquals(List.of(), quietly(line, arithmetic(Opcode.INCREMENT, "n", 1)));
            assertEquals(List.of(), quietly(line, arithmetic(Opcode.DECREMENT, "n", 1)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, arithmetic(Opcode.INCREMENT, "absent", 1)));
            assertEquals(List.of(Kind.HEADER), quietly(line, arithmetic(Opcode.INCREMENT, "made", 1, 5, 0)));
            assertEquals(List.of(Kind.CLIENT_ERROR), quietly(line, arithmetic(Opcode.INCREMENT, "k", 1)));
            assertEquals(List.of(Kind.HEADER), quietly(line, touch(Opcode.TOUCH, "k", 50)));
            assertEquals(List.of(), quietly(line, touch(Opcode.TOUCH, "absent", 50)));
            assertEquals(List.of(), quietly(line, touch(Opcode.MARK_STALE, "k", 50)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, touch(Opcode.MARK_STALE, "absent", 50)));
            assertEquals(List.of(), quietly(line, keyed(Opcode.DELETE, "k")));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, keyed(Opcode.DELETE, "k")));
            assertEquals(List.of(Kind.SERVER_ERROR), quietly(line, store(Opcode.SET, "large", "x".repeat(3_000_000))));
        }
    }

    @Test
    void quietBinaryRequestsShowFailuresOnlyButForTouch() throws IOException, MalformedReply {
        try (Line line = new Line(new BinaryDialect())) {
            line.ask(store(Opcode.SET, "k", "v"));
            line.ask(store(Opcode.SET, "n", "5"));
            for (Opcode opcode : List.of(Opcode.SET, Opcode.REPLACE, Opcode.APPEND, Opcode.PREPEND)) {
                assertEquals(List.of(), quietly(line, store(opcode, "k", "v")));
            }
            assertEquals(List.of(), quietly(line, store(Opcode.ADD, "new", "v")));
            for (Opcode opcode : List.of(Opcode.REPLACE, Opcode.APPEND, Opcode.PREPEND)) {
                assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(opcode, "absent", "v")));
            }
            assertEquals(List.of(Kind.NOT_STORED), quietly(line, store(Opcode.ADD, "k", "v")));
            assertEquals(List.of(Kind.EXISTS), quietly(line, store(Opcode.CAS, "k", "v", 0, 0, 1)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, store(Opcode.CAS, "absent", "v", 0, 0, 1)));
            assertEquals(List.of(), quietly(line, arithmetic(Opcode.INCREMENT, "n", 1)));
            assertEquals(List.of(), quietly(line, arithmetic(Opcode.DECREMENT, "n", 1)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, arithmetic(Opcode.INCREMENT, "absent", 1)));
            assertEquals(List.of(Kind.CLIENT_ERROR), quietly(line, arithmetic(Opcode.INCREMENT, "k", 1)));
            assertEquals(List.of(Kind.TOUCHED), quietly(line, touch(Opcode.TOUCH, "k", 50)));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, touch(Opcode.TOUCH, "absent", 50)));
            assertEquals(List.of(), quietly(line, keyed(Opcode.DELETE, "k")));
            assertEquals(List.of(Kind.NOT_FOUND), quietly(line, keyed(Opcode.DELETE, "k")));
            assertEquals(List.of(Kind.SERVER_ERROR), quietly(line, store(Opcode.SET, "large", "x".repeat(3_000_000))));
        }
    }

    /** The kinds of what comes before the fence. */
    private static List<Kind> quietly(Line line, Request request) throws IOException, MalformedReply {
        line.write(ReplyReading.writtenQuietly(line.dialect, request));
        line.write(ReplyReading.written(line.dialect, server(Opcode.NOOP, ""), 0));
        List<Kind> kinds = new ArrayList<>();
        for (Reply reply = line.read(); reply.kind() != Kind.NOOP; reply = line.read()) {
            assertEquals(Reply.NO_OPAQUE, reply.opaque());
            kinds.add(reply.kind());
        }
        return kinds;
    }
}
