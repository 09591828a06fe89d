package io.cachewire.internal.protocol.line;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.DataBlock;
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
 * The meta protocol (protocol.txt, "Meta Commands"): {@code mg}, {@code ms}, {@code ma}, {@code md}, {@code mn}, each
 * but the no-op with an opaque that its reply echoes. Server commands are the classic ones, and have no opaque.
 *
 * <p>The quiet form has {@code q} in place of the opaque, and the replies that come nevertheless carry none. Which ones
 * do was seen on memcached 1.6.18: {@code ms q} and {@code md q} hide HD only; {@code ma q} hides VA, and shows NF and
 * the HD of a counter that it created; {@code mg q} hides EN, so that a quiet TOUCH is answered by HD when the item is
 * there. Errors are always shown.
 */
public final class MetaDialect implements Dialect {
    private static final byte[] MG = "mg ".getBytes(US_ASCII);
    private static final byte[] MS = "ms ".getBytes(US_ASCII);
    private static final byte[] MA = "ma ".getBytes(US_ASCII);
    private static final byte[] MD = "md ".getBytes(US_ASCII);
    private static final byte[] MN = "mn".getBytes(US_ASCII);

    private static final byte[] GET = "get ".getBytes(US_ASCII);
    private static final byte[] GETS = "gets ".getBytes(US_ASCII);

    private static final byte[] NO_FLAGS = {};
    private static final byte[] VALUE = " v".getBytes(US_ASCII);
    private static final byte[] VALUE_FLAGS = " v f".getBytes(US_ASCII);
    private static final byte[] VALUE_FLAGS_CAS = " v f c".getBytes(US_ASCII);
    private static final byte[] VALUE_ALL = " v f c t l h s".getBytes(US_ASCII);
    private static final byte[] INVALIDATE = " I".getBytes(US_ASCII);
    private static final byte[] ADD = " ME".getBytes(US_ASCII);
    private static final byte[] REPLACE = " MR".getBytes(US_ASCII);
    private static final byte[] APPEND = " MA".getBytes(US_ASCII);
    private static final byte[] PREPEND = " MP".getBytes(US_ASCII);
    private static final byte[] SUBTRACT = " MD".getBytes(US_ASCII);

    private static final byte[] FLAGS = " F".getBytes(US_ASCII);
    private static final byte[] EXPTIME = " T".getBytes(US_ASCII);
    private static final byte[] COMPARE = " C".getBytes(US_ASCII);
    private static final byte[] DELTA = " D".getBytes(US_ASCII);
    private static final byte[] CREATE_EXPTIME = " N".getBytes(US_ASCII);
    private static final byte[] CREATE_VALUE = " J".getBytes(US_ASCII);
    private static final byte[] BASE64 = " b".getBytes(US_ASCII);
    private static final byte[] OPAQUE = " O".getBytes(US_ASCII);
    private static final byte[] QUIET = " q".getBytes(US_ASCII);

    /** The dialect has no settings; one serves all connections. */
    public MetaDialect() {}

    @Override
    public String name() {
        return "meta";
    }

    @Override
    public @Nullable String refusal(Request request) {
        return null;
    }

    @Override
    public int encodeHeader(Request request, int opaque, byte[] out, int at) {
        if (request instanceof Request.GetAll getAll) {
            return getAll(getAll, opaque, out, at);
        }
        int end = encodeCommand(request, VALUE, out, at);
        if (echoesOpaque(request.opcode())) {
            end = AsciiNumbers.putOpaque(opaque, out, HeaderBytes.put(OPAQUE, out, end));
        }
        return HeaderBytes.endLine(out, end);
    }

    @Override
    public boolean hasQuiet() {
        return true;
    }

    @Override
    public int encodeQuietHeader(Request request, byte[] out, int at) {
        Opcode opcode = request.plain().opcode();
        if (!hasQuiet(opcode)) {
            throw new IllegalArgumentException(opcode + " has no quiet form");
        }
        int end = encodeCommand(request, NO_FLAGS, out, at);
        return HeaderBytes.endLine(out, HeaderBytes.put(QUIET, out, end));
    }

    private static boolean hasQuiet(Opcode opcode) {
        return switch (opcode) {
            case TOUCH, SET, ADD, REPLACE, APPEND, PREPEND, CAS, INCREMENT, DECREMENT, DELETE, MARK_STALE -> true;
            case GET,
                    GETS,
                    GET_ALL,
                    ITEM,
                    GET_AND_TOUCH,
                    META,
                    BASE64_KEY,
                    NOOP,
                    VERSION,
                    STATS,
                    FLUSH_ALL,
                    VERBOSITY -> false;
        };
    }

    private static boolean echoesOpaque(Opcode opcode) {
        return switch (opcode) {
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
                    CAS,
                    INCREMENT,
                    DECREMENT,
                    DELETE,
                    MARK_STALE,
                    META,
                    BASE64_KEY -> true;
            case NOOP, VERSION, STATS, FLUSH_ALL, VERBOSITY -> false;
        };
    }

    /** @param arithmeticResult asks a counter for its new value, or not */
    private static int encodeCommand(Request request, byte[] arithmeticResult, byte[] out, int at) {
        return switch (request.opcode()) {
            case GET -> keyed(MG, request, VALUE_FLAGS, out, at);
            case GETS -> keyed(MG, request, VALUE_FLAGS_CAS, out, at);
            case GET_ALL -> throw new IllegalArgumentException("GET_ALL is more than one command");
            case ITEM -> keyed(MG, request, VALUE_ALL, out, at);
            case GET_AND_TOUCH -> touch(MG, request, VALUE_FLAGS, out, at);
            case TOUCH -> touch(MG, request, NO_FLAGS, out, at);
            case SET -> store(request, NO_FLAGS, out, at);
            case ADD -> store(request, ADD, out, at);
            case REPLACE -> store(request, REPLACE, out, at);
            case APPEND -> store(request, APPEND, out, at);
            case PREPEND -> store(request, PREPEND, out, at);
            case CAS -> compareAndStore(request, out, at);
            case INCREMENT -> arithmetic(request, arithmeticResult, NO_FLAGS, out, at);
            case DECREMENT -> arithmetic(request, arithmeticResult, SUBTRACT, out, at);
            case DELETE -> keyed(MD, request, NO_FLAGS, out, at);
            case MARK_STALE -> touch(MD, request, INVALIDATE, out, at);
            case META -> meta((Request.Meta) request, out, at);
            case BASE64_KEY -> {
                Request encoded = ((Request.Base64) request).encoded();
                yield HeaderBytes.put(BASE64, out, encodeCommand(encoded, arithmeticResult, out, at));
            }
            case NOOP -> HeaderBytes.put(MN, out, at);
            case VERSION, STATS, FLUSH_ALL, VERBOSITY -> HeaderBytes.putServerCommand(request, out, at);
        };
    }

    /**
     * The first key by {@code mg}, whose opaque fences the rest, which a classic {@code get} reads: one for all takes the server two
     * thirds of the time that an {@code mg} for each does.
     */
    private static int getAll(Request.GetAll request, int opaque, byte[] out, int at) {
        int end = keyed(MG, request, request.withCas() ? VALUE_FLAGS_CAS : VALUE_FLAGS, out, at);
        end = AsciiNumbers.putOpaque(opaque, out, HeaderBytes.put(OPAQUE, out, end));
        return HeaderBytes.put(request.withCas() ? GETS : GET, out, HeaderBytes.endLine(out, end));
    }

    private static int keyed(byte[] verb, Request request, byte[] metaFlags, byte[] out, int at) {
        int end = HeaderBytes.putKey(request.key(), out, HeaderBytes.put(verb, out, at));
        return HeaderBytes.put(metaFlags, out, end);
    }

    private static int touch(byte[] verb, Request request, byte[] metaFlags, byte[] out, int at) {
        long exptime = ((Request.Touch) request).exptime();
        int end = HeaderBytes.put(EXPTIME, out, keyed(verb, request, metaFlags, out, at));
        return AsciiNumbers.putSigned(exptime, out, end);
    }

    private static int store(Request request, byte[] mode, byte[] out, int at) {
        Request.Store store = (Request.Store) request;
        int end = HeaderBytes.putKey(store.key(), out, HeaderBytes.put(MS, out, at));
        out[end] = ' ';
        end = AsciiNumbers.putUnsigned(store.data().length(), out, end + 1);
        if (store.flags() != 0) {
            end = HeaderBytes.put(FLAGS, out, end);
            end = AsciiNumbers.putUnsigned(Integer.toUnsignedLong(store.flags()), out, end);
        }
        if (store.exptime() != 0) {
            end = AsciiNumbers.putSigned(store.exptime(), out, HeaderBytes.put(EXPTIME, out, end));
        }
        return HeaderBytes.put(mode, out, end);
    }

    private static int compareAndStore(Request request, byte[] out, int at) {
        int end = HeaderBytes.put(COMPARE, out, store(request, NO_FLAGS, out, at));
        return AsciiNumbers.putUnsigned(((Request.Store) request).cas(), out, end);
    }

    private static int arithmetic(Request request, byte[] result, byte[] mode, byte[] out, int at) {
        Request.Arithmetic arithmetic = (Request.Arithmetic) request;
        int end = HeaderBytes.put(mode, out, keyed(MA, request, result, out, at));
        end = AsciiNumbers.putUnsigned(arithmetic.delta(), out, HeaderBytes.put(DELTA, out, end));
        Request.Initial initial = arithmetic.initial();
        if (initial != null) {
            end = AsciiNumbers.putSigned(initial.exptime(), out, HeaderBytes.put(CREATE_EXPTIME, out, end));
            end = AsciiNumbers.putUnsigned(initial.value(), out, HeaderBytes.put(CREATE_VALUE, out, end));
        }
        return end;
    }

    private static int meta(Request.Meta request, byte[] out, int at) {
        byte[] verb = switch (request.verb()) {
            case GET -> MG;
            case SET -> MS;
            case DELETE -> MD;
            case ARITHMETIC -> MA;
        };
        if (request.flags().length() > Request.MAX_META_FLAGS) {
            throw new IllegalArgumentException(request.flags().length() + " characters of meta flags");
        }
        int end = keyed(verb, request, NO_FLAGS, out, at);
        DataBlock data = request.data();
        if (data != null) {
            out[end] = ' ';
            end = AsciiNumbers.putUnsigned(data.length(), out, end + 1);
        }
        return HeaderBytes.putText(request.flags(), out, end);
    }

    @Override
    public byte[] trailer() {
        return HeaderBytes.CRLF;
    }

    @Override
    public GetAllAnswer getAllAnswer(Request.GetAll request, int opaque) {
        return new LineGetAllAnswer(request, opaque);
    }

    @Override
    public ReplyParser newParser(Limits limits, MemoryBudget memory) {
        return new LineReplyParser(limits, memory, LineReplyParser.Grammar.META);
    }

    @Override
    public boolean answers(Request request, int opaque, Reply reply) {
        if (reply.isError()) {
            return true;
        }
        Opcode opcode = request.opcode();
        if (reply.opaque() != (echoesOpaque(opcode) ? opaque : Reply.NO_OPAQUE)) {
            return false;
        }
        Reply.Kind kind = reply.kind();
        return switch (opcode) {
            case GET, GETS, ITEM, GET_AND_TOUCH -> kind == Reply.Kind.END || isItemOf(request, reply);
            case GET_ALL -> false;
            case TOUCH -> kind == Reply.Kind.HEADER || kind == Reply.Kind.END;
            case SET, ADD, REPLACE, APPEND, PREPEND -> kind == Reply.Kind.HEADER || kind == Reply.Kind.NOT_STORED;
            case CAS ->
                kind == Reply.Kind.HEADER
                        || kind == Reply.Kind.EXISTS
                        || kind == Reply.Kind.NOT_FOUND
                        || kind == Reply.Kind.NOT_STORED;
            case INCREMENT, DECREMENT ->
                kind == Reply.Kind.NOT_FOUND || kind == Reply.Kind.NOT_STORED || isItemOf(request, reply);
            case DELETE, MARK_STALE -> kind == Reply.Kind.HEADER || kind == Reply.Kind.NOT_FOUND;
            case META -> answersMeta((Request.Meta) request, reply);
            case BASE64_KEY -> answersEncoded((Request.Base64) request, opaque, reply);
            case NOOP -> kind == Reply.Kind.NOOP;
            case VERSION -> kind == Reply.Kind.VERSION;
            case STATS -> HeaderBytes.answersStats(kind);
            case FLUSH_ALL, VERBOSITY -> kind == Reply.Kind.OK;
        };
    }

    @Override
    public boolean leavesDoubt(@Nullable Request request, Reply reply) {
        return StatusLines.isRefusal(reply) && (request == null || request.data() != null);
    }

    private static boolean answersMeta(Request.Meta request, Reply reply) {
        Reply.Kind kind = reply.kind();
        boolean done = kind == Reply.Kind.HEADER;
        boolean refused = kind == Reply.Kind.EXISTS || kind == Reply.Kind.NOT_FOUND || kind == Reply.Kind.NOT_STORED;
        return switch (request.verb()) {
            case GET -> done || kind == Reply.Kind.END || isItemOf(request, reply);
            case SET -> done || refused;
            case DELETE -> done || (refused && kind != Reply.Kind.NOT_STORED);
            case ARITHMETIC -> done || refused || isItemOf(request, reply);
        };
    }

    /** The parser has decoded a key that is echoed. */
    private boolean answersEncoded(Request.Base64 request, int opaque, Reply reply) {
        if (reply instanceof Reply.Value value && value.key() != null) {
            Reply keyless =
                    new Reply.Value(value.opaque(), null, value.flags(), value.data(), value.cas(), value.meta());
            return value.key().equals(request.key()) && answers(request.encoded(), opaque, keyless);
        }
        return answers(request.encoded(), opaque, reply);
    }

    private static boolean isItemOf(Request request, Reply reply) {
        return reply instanceof Reply.Value value
                && (value.key() == null || value.key().equals(request.key()));
    }
}
