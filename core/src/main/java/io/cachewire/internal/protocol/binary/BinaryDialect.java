package io.cachewire.internal.protocol.binary;

import io.cachewire.DataBlock;
import io.cachewire.KeyRules;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.GetAllAnswer;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MemoryBudget;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.ReplyParser;
import io.cachewire.internal.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary protocol (BinaryProtocolRevamped), which memcached calls deprecated and still speaks. Every packet has an opaque, and every
 * reply, errors too, echoes it together with the opcode; reads ask for the key as well ({@code GETK}, {@code GATK}). A cas is a store with
 * the cas unique in its header. There is no end mark: a declared length that is too short is seen at the next header, when the value has
 * been given away.
 *
 * <p>Seen on memcached 1.6.18: it has no verbosity command here, and closes the connection over one; a store that it refuses for its size
 * is swallowed, and the stream stays in step; an append that would make the item too large is answered as not stored. Quiet stores,
 * deletes and counters show failures only. A touch has no quiet form; it is sent in the loud one, and the fence takes its answer.
 *
 * <p>Decided in docs/decisions/0026-opaques-carry-the-opcode.md.
 */
public final class BinaryDialect implements Dialect {
    private static final byte[] NOTHING = {};
    private static final long MAX_UNSIGNED = 0xffff_ffffL;

    /** As the exptime of a counter it says that an absent one is not to be created. */
    private static final int DO_NOT_CREATE = -1;

    /** The dialect has no settings; one serves all connections. */
    public BinaryDialect() {}

    @Override
    public String name() {
        return "binary";
    }

    @Override
    public @Nullable String refusal(Request request) {
        return switch (request.opcode()) {
            case MARK_STALE -> "the binary protocol cannot mark an item stale";
            case META -> "the binary protocol has no meta commands";
            case BASE64_KEY -> "the binary protocol has no keys in base64; the meta protocol has";
            case VERBOSITY -> "memcached has no verbosity command in the binary protocol";
            case TOUCH, GET_AND_TOUCH -> exptimeRefusal(((Request.Touch) request).exptime(), MAX_UNSIGNED);
            case SET, ADD, REPLACE -> exptimeRefusal(((Request.Store) request).exptime(), MAX_UNSIGNED);
            case CAS -> casRefusal((Request.Store) request);
            case INCREMENT, DECREMENT -> {
                Request.Initial initial = ((Request.Arithmetic) request).initial();
                yield initial == null ? null : exptimeRefusal(initial.exptime(), MAX_UNSIGNED - 1);
            }
            case STATS ->
                ((Request.Server) request).argument().length() > KeyRules.MAX_BYTES
                        ? "an argument of stats has at most " + KeyRules.MAX_BYTES + " bytes in the binary protocol"
                        : null;
            case FLUSH_ALL ->
                delay((Request.Server) request) < 0
                        ? "the delay of flush_all is a number of 32 bits in the binary protocol"
                        : null;
            case GET, GETS, GET_ALL, ITEM, APPEND, PREPEND, DELETE, NOOP, VERSION -> null;
        };
    }

    private static @Nullable String casRefusal(Request.Store store) {
        return store.cas() == 0
                ? "a cas unique of 0 means any in the binary protocol"
                : exptimeRefusal(store.exptime(), MAX_UNSIGNED);
    }

    private static @Nullable String exptimeRefusal(long exptime, long max) {
        return exptime < 0 || exptime > max ? "an exptime is 0 to " + max + " in the binary protocol" : null;
    }

    /** The delay of a flush in seconds, or -1 when the argument is none. */
    private static long delay(Request.Server flush) {
        String argument = flush.argument();
        boolean digits = argument.length() <= 10;
        for (int i = 0; digits && i < argument.length(); i++) {
            digits = argument.charAt(i) >= '0' && argument.charAt(i) <= '9';
        }
        long delay = !digits ? -1 : argument.isEmpty() ? 0 : Long.parseLong(argument);
        return delay <= MAX_UNSIGNED ? delay : -1;
    }

    @Override
    public int encodeHeader(Request request, int opaque, byte[] out, int at) {
        int code = switch (request.opcode()) {
            case GET, GETS, ITEM -> BinaryCode.GETK;
            case GET_ALL -> BinaryCode.GETKQ;
            case GET_AND_TOUCH -> BinaryCode.GATK;
            case TOUCH -> BinaryCode.TOUCH;
            case SET, CAS -> BinaryCode.SET;
            case ADD -> BinaryCode.ADD;
            case REPLACE -> BinaryCode.REPLACE;
            case APPEND -> BinaryCode.APPEND;
            case PREPEND -> BinaryCode.PREPEND;
            case INCREMENT -> BinaryCode.INCREMENT;
            case DECREMENT -> BinaryCode.DECREMENT;
            case DELETE -> BinaryCode.DELETE;
            case NOOP -> BinaryCode.NOOP;
            case VERSION -> BinaryCode.VERSION;
            case STATS -> BinaryCode.STAT;
            case FLUSH_ALL -> BinaryCode.FLUSH;
            case MARK_STALE, META, BASE64_KEY, VERBOSITY -> throw new IllegalArgumentException(refusal(request));
        };
        return encode(request, code, opaque, out, at);
    }

    @Override
    public boolean hasQuiet() {
        return true;
    }

    @Override
    public int encodeQuietHeader(Request request, byte[] out, int at) {
        int code = switch (request.opcode()) {
            case TOUCH -> BinaryCode.TOUCH;
            case SET, CAS -> BinaryCode.SETQ;
            case ADD -> BinaryCode.ADDQ;
            case REPLACE -> BinaryCode.REPLACEQ;
            case APPEND -> BinaryCode.APPENDQ;
            case PREPEND -> BinaryCode.PREPENDQ;
            case INCREMENT -> BinaryCode.INCREMENTQ;
            case DECREMENT -> BinaryCode.DECREMENTQ;
            case DELETE -> BinaryCode.DELETEQ;
            case GET,
                    GETS,
                    ITEM,
                    GET_AND_TOUCH,
                    MARK_STALE,
                    META,
                    BASE64_KEY,
                    GET_ALL,
                    NOOP,
                    VERSION,
                    STATS,
                    FLUSH_ALL,
                    VERBOSITY -> throw new IllegalArgumentException(request.opcode() + " has no quiet form");
        };
        return encode(request, code, Reply.NO_OPAQUE, out, at);
    }

    private int encode(Request request, int code, int opaque, byte[] out, int at) {
        String refusal = refusal(request);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        int extras = BinaryPacket.begin(code, opaque, out, at);
        if (request instanceof Request.Store store) {
            boolean extending = store.opcode() == Opcode.APPEND || store.opcode() == Opcode.PREPEND;
            int end = extending ? extras : storeExtras(store, out, extras);
            if (store.opcode() == Opcode.CAS) {
                BinaryPacket.putCas(store.cas(), out, at);
            }
            return BinaryPacket.end(end, checked(store.key()), store.data().length(), out, at);
        }
        if (request instanceof Request.Touch touch) {
            int end = BinaryPacket.putInt((int) touch.exptime(), out, extras);
            return BinaryPacket.end(end, checked(touch.key()), 0, out, at);
        }
        if (request instanceof Request.Arithmetic arithmetic) {
            int end = arithmeticExtras(arithmetic, out, extras);
            return BinaryPacket.end(end, checked(arithmetic.key()), 0, out, at);
        }
        if (request instanceof Request.Server server) {
            return serverCommand(server, extras, out, at);
        }
        return BinaryPacket.end(extras, checked(request.key()), 0, out, at);
    }

    private static DataBlock checked(DataBlock key) {
        if (key.length() == 0) {
            throw new IllegalArgumentException("key of 0 bytes");
        }
        return key;
    }

    private static int storeExtras(Request.Store store, byte[] out, int at) {
        return BinaryPacket.putInt((int) store.exptime(), out, BinaryPacket.putInt(store.flags(), out, at));
    }

    private static int arithmeticExtras(Request.Arithmetic arithmetic, byte[] out, int at) {
        Request.Initial initial = arithmetic.initial();
        int end = BinaryPacket.putLong(arithmetic.delta(), out, at);
        end = BinaryPacket.putLong(initial == null ? 0 : initial.value(), out, end);
        return BinaryPacket.putInt(initial == null ? DO_NOT_CREATE : (int) initial.exptime(), out, end);
    }

    private static int serverCommand(Request.Server server, int extras, byte[] out, int at) {
        if (server.opcode() == Opcode.FLUSH_ALL && !server.argument().isEmpty()) {
            int end = BinaryPacket.putInt((int) delay(server), out, extras);
            return BinaryPacket.end(end, DataBlock.EMPTY, 0, out, at);
        }
        DataBlock key = server.opcode() == Opcode.STATS
                ? DataBlock.wrap(server.argument().getBytes(StandardCharsets.US_ASCII))
                : DataBlock.EMPTY;
        return BinaryPacket.end(extras, key, 0, out, at);
    }

    /** Of a GET_ALL: quiet reads of the keys behind the first, and the no-op that ends them. */
    @Override
    public @Nullable DataBlock dataBlock(Request request, int opaque) {
        if (!(request instanceof Request.GetAll getAll)) {
            return request.data();
        }
        List<DataBlock> others = getAll.keys().subList(1, getAll.keys().size());
        int length = others.stream()
                .mapToInt(key -> BinaryPacket.HEADER_BYTES + key.length())
                .sum();
        byte[] packets = new byte[length + BinaryPacket.HEADER_BYTES];
        int end = 0;
        for (DataBlock key : others) {
            int extras = BinaryPacket.begin(BinaryCode.GETKQ, opaque, packets, end);
            end = BinaryPacket.end(extras, checked(key), 0, packets, end);
        }
        BinaryPacket.begin(BinaryCode.NOOP, opaque, packets, end);
        return DataBlock.wrap(packets);
    }

    @Override
    public byte[] trailer() {
        return NOTHING;
    }

    @Override
    public GetAllAnswer getAllAnswer(Request.GetAll request, int opaque) {
        return new BinaryGetAllAnswer(request, opaque);
    }

    @Override
    public ReplyParser newParser(Limits limits, MemoryBudget memory) {
        return new BinaryReplyParser(limits, memory);
    }

    /** Every packet says how long it is. */
    @Override
    public boolean leavesDoubt(@Nullable Request request, Reply reply) {
        return false;
    }

    @Override
    public boolean answers(Request request, int opaque, Reply reply) {
        if (reply.opaque() != opaque) {
            return false;
        }
        if (reply.isError()) {
            return true;
        }
        Reply.Kind kind = reply.kind();
        return switch (request.opcode()) {
            case GET, GETS, ITEM, GET_AND_TOUCH -> kind == Reply.Kind.END || isItemOf(request, reply);
            case TOUCH -> kind == Reply.Kind.TOUCHED || kind == Reply.Kind.NOT_FOUND;
            case SET -> kind == Reply.Kind.STORED;
            case ADD, REPLACE, APPEND, PREPEND -> kind == Reply.Kind.STORED || kind == Reply.Kind.NOT_STORED;
            case CAS -> kind == Reply.Kind.STORED || kind == Reply.Kind.EXISTS || kind == Reply.Kind.NOT_FOUND;
            case INCREMENT, DECREMENT -> kind == Reply.Kind.NUMBER || kind == Reply.Kind.NOT_FOUND;
            case DELETE -> kind == Reply.Kind.DELETED || kind == Reply.Kind.NOT_FOUND;
            case GET_ALL, MARK_STALE, META, BASE64_KEY, VERBOSITY -> false;
            case NOOP -> kind == Reply.Kind.NOOP;
            case VERSION -> kind == Reply.Kind.VERSION;
            case STATS -> kind == Reply.Kind.STATS || kind == Reply.Kind.END;
            case FLUSH_ALL -> kind == Reply.Kind.OK;
        };
    }

    private static boolean isItemOf(Request request, Reply reply) {
        return reply instanceof Reply.Value value
                && value.key() != null
                && value.key().equals(request.key());
    }
}
