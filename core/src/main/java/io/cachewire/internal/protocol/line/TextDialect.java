package io.cachewire.internal.protocol.line;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.GetAllAnswer;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MemoryBudget;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.ReplyParser;
import io.cachewire.internal.protocol.Request;
import org.jspecify.annotations.Nullable;

/**
 * The classic text protocol (protocol.txt, "Storage commands" to "Statistics"). It has no opaque: replies are matched
 * by their order and kind, and an item also by the key that {@code VALUE} repeats. {@code noreply} is not used, because
 * errors of such requests can neither be matched nor fenced; the no-op is {@code version}.
 */
public final class TextDialect implements Dialect {
    private static final byte[] GET = "get ".getBytes(US_ASCII);
    private static final byte[] GETS = "gets ".getBytes(US_ASCII);
    private static final byte[] GAT = "gat ".getBytes(US_ASCII);
    private static final byte[] TOUCH = "touch ".getBytes(US_ASCII);
    private static final byte[] SET = "set ".getBytes(US_ASCII);
    private static final byte[] ADD = "add ".getBytes(US_ASCII);
    private static final byte[] REPLACE = "replace ".getBytes(US_ASCII);
    private static final byte[] APPEND = "append ".getBytes(US_ASCII);
    private static final byte[] PREPEND = "prepend ".getBytes(US_ASCII);
    private static final byte[] CAS = "cas ".getBytes(US_ASCII);
    private static final byte[] INCR = "incr ".getBytes(US_ASCII);
    private static final byte[] DECR = "decr ".getBytes(US_ASCII);
    private static final byte[] DELETE = "delete ".getBytes(US_ASCII);
    private static final byte[] VERSION = "version".getBytes(US_ASCII);

    private final boolean hasCas;

    /** For servers with all commands of memcached's. */
    public TextDialect() {
        this(true);
    }

    private TextDialect(boolean hasCas) {
        this.hasCas = hasCas;
    }

    /** For a server that has not shown that it reads the data block of {@code cas}, and may take it for commands. */
    public static TextDialect withoutCas() {
        return new TextDialect(false);
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public @Nullable String refusal(Request request) {
        return switch (request.opcode()) {
            case INCREMENT, DECREMENT ->
                request instanceof Request.Arithmetic arithmetic && arithmetic.initial() != null
                        ? "the classic text protocol cannot create an absent counter"
                        : null;
            case MARK_STALE -> "the classic text protocol cannot mark an item stale";
            case META -> "the classic text protocol has no meta commands";
            case BASE64_KEY -> "the classic text protocol cannot carry this key; the meta protocol can, as base64";
            case GET,
                    GETS,
                    GET_ALL,
                    ITEM,
                    GET_AND_TOUCH,
                    TOUCH,
                    SET,
                    ADD,
                    REPLACE,
                    APPEND,
                    PREPEND,
                    DELETE,
                    NOOP,
                    VERSION,
                    STATS,
                    FLUSH_ALL,
                    VERBOSITY -> null;
            case CAS ->
                hasCas ? null : "the server does not answer cas as memcached does; it is not sent a value with it";
        };
    }

    @Override
    public int encodeHeader(Request request, int opaque, byte[] out, int at) {
        int end = switch (request.opcode()) {
            case GET -> keyed(GET, request, out, at);
            case GETS, ITEM -> keyed(GETS, request, out, at);
            case GET_ALL -> {
                int first = keyed(((Request.GetAll) request).withCas() ? GETS : GET, request, out, at);
                out[first] = ' ';
                yield first + 1;
            }
            case GET_AND_TOUCH -> getAndTouch(request, out, at);
            case TOUCH -> touch(request, out, at);
            case SET -> store(SET, request, out, at);
            case ADD -> store(ADD, request, out, at);
            case REPLACE -> store(REPLACE, request, out, at);
            case APPEND -> store(APPEND, request, out, at);
            case PREPEND -> store(PREPEND, request, out, at);
            case CAS -> compareAndStore(request, out, at);
            case INCREMENT -> arithmetic(INCR, request, out, at);
            case DECREMENT -> arithmetic(DECR, request, out, at);
            case DELETE -> keyed(DELETE, request, out, at);
            case MARK_STALE, META, BASE64_KEY -> throw new IllegalArgumentException(refusal(request));
            case NOOP -> HeaderBytes.put(VERSION, out, at);
            case VERSION, STATS, FLUSH_ALL, VERBOSITY -> HeaderBytes.putServerCommand(request, out, at);
        };
        return request.opcode() == Opcode.GET_ALL ? end : HeaderBytes.endLine(out, end);
    }

    private static int keyed(byte[] verb, Request request, byte[] out, int at) {
        return HeaderBytes.putKey(request.key(), out, HeaderBytes.put(verb, out, at));
    }

    private static int getAndTouch(Request request, byte[] out, int at) {
        int end = HeaderBytes.put(GAT, out, at);
        end = AsciiNumbers.putSigned(((Request.Touch) request).exptime(), out, end);
        out[end] = ' ';
        return HeaderBytes.putKey(request.key(), out, end + 1);
    }

    private static int touch(Request request, byte[] out, int at) {
        int end = keyed(TOUCH, request, out, at);
        out[end] = ' ';
        return AsciiNumbers.putSigned(((Request.Touch) request).exptime(), out, end + 1);
    }

    private static int store(byte[] verb, Request request, byte[] out, int at) {
        Request.Store store = (Request.Store) request;
        int end = keyed(verb, store, out, at);
        out[end] = ' ';
        end = AsciiNumbers.putUnsigned(Integer.toUnsignedLong(store.flags()), out, end + 1);
        out[end] = ' ';
        end = AsciiNumbers.putSigned(store.exptime(), out, end + 1);
        out[end] = ' ';
        return AsciiNumbers.putUnsigned(store.data().length(), out, end + 1);
    }

    private static int compareAndStore(Request request, byte[] out, int at) {
        int end = store(CAS, request, out, at);
        out[end] = ' ';
        return AsciiNumbers.putUnsigned(((Request.Store) request).cas(), out, end + 1);
    }

    private int arithmetic(byte[] verb, Request request, byte[] out, int at) {
        String refusal = refusal(request);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        int end = keyed(verb, request, out, at);
        out[end] = ' ';
        return AsciiNumbers.putUnsigned(((Request.Arithmetic) request).delta(), out, end + 1);
    }

    @Override
    public byte[] trailer() {
        return HeaderBytes.CRLF;
    }

    @Override
    public boolean hasQuiet() {
        return false;
    }

    @Override
    public int encodeQuietHeader(Request request, byte[] out, int at) {
        throw new IllegalArgumentException("the classic text protocol has no quiet form that can be fenced");
    }

    @Override
    public GetAllAnswer getAllAnswer(Request.GetAll request, int opaque) {
        return new LineGetAllAnswer(request, Reply.NO_OPAQUE);
    }

    @Override
    public ReplyParser newParser(Limits limits, MemoryBudget memory) {
        return new LineReplyParser(limits, memory, LineReplyParser.Grammar.TEXT);
    }

    @Override
    public boolean answers(Request request, int opaque, Reply reply) {
        if (reply.isError()) {
            return true;
        }
        Reply.Kind kind = reply.kind();
        return switch (request.opcode()) {
            case GET, GETS, ITEM, GET_AND_TOUCH -> kind == Reply.Kind.END || isItemOf(request, reply);
            case GET_ALL -> false;
            // Hazelcast answers the touch of an absent key as a store that was not done
            case TOUCH -> kind == Reply.Kind.TOUCHED || kind == Reply.Kind.NOT_FOUND || kind == Reply.Kind.NOT_STORED;
            case SET, ADD, REPLACE, APPEND, PREPEND -> kind == Reply.Kind.STORED || kind == Reply.Kind.NOT_STORED;
            case CAS ->
                kind == Reply.Kind.STORED
                        || kind == Reply.Kind.EXISTS
                        || kind == Reply.Kind.NOT_FOUND
                        || kind == Reply.Kind.NOT_STORED;
            case INCREMENT, DECREMENT -> kind == Reply.Kind.NUMBER || kind == Reply.Kind.NOT_FOUND;
            case DELETE -> kind == Reply.Kind.DELETED || kind == Reply.Kind.NOT_FOUND;
            case MARK_STALE, META, BASE64_KEY -> false;
            case NOOP, VERSION -> kind == Reply.Kind.VERSION;
            case STATS -> HeaderBytes.answersStats(kind);
            case FLUSH_ALL, VERBOSITY -> kind == Reply.Kind.OK;
        };
    }

    /**
     * With a data block, any refusal. A bare {@code ERROR} to a line says that the command is not known, and is the whole answer; a server
     * that finds fault with a command that not every server has may go on about it, as Infinispan does, in lines that would answer others.
     */
    @Override
    public boolean leavesDoubt(@Nullable Request request, Reply reply) {
        if (!StatusLines.isRefusal(reply)) {
            return false;
        }
        return request == null
                || request.data() != null
                || (reply.kind() == Reply.Kind.CLIENT_ERROR && !isOfEveryServer(request.opcode()));
    }

    private static boolean isOfEveryServer(Opcode opcode) {
        return switch (opcode) {
            case GET_AND_TOUCH, STATS, FLUSH_ALL, VERBOSITY -> false;
            case GET,
                    GETS,
                    GET_ALL,
                    ITEM,
                    TOUCH,
                    SET,
                    ADD,
                    REPLACE,
                    APPEND,
                    PREPEND,
                    CAS,
                    INCREMENT,
                    DECREMENT,
                    DELETE,
                    MARK_STALE,
                    META,
                    BASE64_KEY,
                    NOOP,
                    VERSION -> true;
        };
    }

    private static boolean isItemOf(Request request, Reply reply) {
        return reply.kind() == Reply.Kind.VALUE
                && reply instanceof Reply.Value value
                && value.key() != null
                && value.key().equals(request.key());
    }
}
