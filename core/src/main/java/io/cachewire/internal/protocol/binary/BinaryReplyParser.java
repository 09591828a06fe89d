package io.cachewire.internal.protocol.binary;

import io.cachewire.DataBlock;
import io.cachewire.KeyRules;
import io.cachewire.internal.protocol.FedParser;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.MemoryBudget;
import io.cachewire.internal.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of the binary protocol: a header of 24 bytes, then extras, key and value of the lengths that it declares. The header
 * is judged whole before anything is taken for what follows: magic, opcode, data type, and each length against what a reply with this
 * opcode and status can have. Statistics are a packet for each line, and one without a key at the end.
 */
final class BinaryReplyParser extends FedParser {
    private enum State {
        /** The header of a packet. */
        HEADER,
        /** Its extras and its key. */
        EXTRAS_AND_KEY,
        /** Its value. */
        VALUE
    }

    private static final byte RESPONSE = (byte) 0x81;
    private static final int FLAGS_BYTES = 4;
    private static final int COUNTER_BYTES = 8;

    private final byte[] cutHeader = new byte[BinaryPacket.HEADER_BYTES];
    private int cutLength;

    private State state = State.HEADER;

    // the packet whose header was read
    private int code;
    private int status;
    private int opaque;
    private long cas;
    private int extrasLength;
    private int frontLength;
    private int valueLength;
    private byte[] front = NONE;
    private int frontFilled;

    /** The statistics so far, or null when none are under way. */
    private @Nullable Map<String, String> stats;

    private int statsOpaque;
    private int statLines;

    BinaryReplyParser(Limits limits, MemoryBudget shared) {
        super(limits, shared);
    }

    @Override
    @Nullable
    protected Reply step() throws MalformedReply {
        return switch (state) {
            case HEADER -> header();
            case EXTRAS_AND_KEY -> extrasAndKey();
            case VALUE -> value();
        };
    }

    @Override
    protected void forget() {
        super.forget();
        front = NONE;
        stats = null;
    }

    private @Nullable Reply header() throws MalformedReply {
        if (cutLength == 0) {
            if (input[position] != RESPONSE) {
                int shown = Math.min(end, position + SHOWN_BYTES);
                throw MalformedReply.of("not the magic of a binary reply", input, position, shown);
            }
            if (end - position >= BinaryPacket.HEADER_BYTES) {
                int at = position;
                position += BinaryPacket.HEADER_BYTES;
                readHeader(input, at);
                return body();
            }
        }
        int count = Math.min(end - position, BinaryPacket.HEADER_BYTES - cutLength);
        System.arraycopy(input, position, cutHeader, cutLength, count);
        position += count;
        cutLength += count;
        if (cutLength < BinaryPacket.HEADER_BYTES) {
            return null;
        }
        cutLength = 0;
        readHeader(cutHeader, 0);
        return body();
    }

    private void readHeader(byte[] bytes, int at) throws MalformedReply {
        int wireCode = bytes[at + 1] & 0xff;
        code = BinaryCode.loud(wireCode);
        int keyLength = (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
        extrasLength = bytes[at + 4] & 0xff;
        status = (bytes[at + 6] & 0xff) << 8 | bytes[at + 7] & 0xff;
        long bodyLength = BinaryPacket.getInt(bytes, at + 8) & 0xffff_ffffL;
        opaque = BinaryCode.mixed(BinaryPacket.getInt(bytes, at + 12), wireCode);
        cas = BinaryPacket.getLong(bytes, at + 16);
        frontLength = extrasLength + keyLength;
        long value = bodyLength - frontLength;
        String wrong = bytes[at + 5] != 0 ? "data type " + bytes[at + 5] : null;
        if (wrong == null && opaque < Reply.NO_OPAQUE) {
            wrong = "an opaque that was never sent";
        }
        if (wrong == null && value < 0) {
            wrong = "extras and key are longer than the body of " + bodyLength + " bytes";
        }
        if (wrong == null) {
            wrong = status == BinaryStatus.OK
                    ? wrongHit(keyLength, value)
                    : wrongLengths(0, keyLength, value, maxLine());
        }
        if (wrong != null) {
            String what = "header of a binary reply: " + wrong;
            throw MalformedReply.of(what, bytes, at, at + BinaryPacket.HEADER_BYTES);
        }
        valueLength = (int) value;
    }

    private int maxLine() {
        return limits.maxLineBytes();
    }

    /** What is wrong with the lengths of a reply with status 0, or null. */
    private @Nullable String wrongHit(int keyLength, long value) {
        return switch (code) {
            case BinaryCode.GETK, BinaryCode.GATK ->
                keyLength == 0
                        ? "an item without its key"
                        : wrongLengths(FLAGS_BYTES, keyLength, value, limits.maxSkippedBytes());
            case BinaryCode.INCREMENT, BinaryCode.DECREMENT ->
                value == COUNTER_BYTES
                        ? wrongLengths(0, keyLength, value, COUNTER_BYTES)
                        : "a counter of " + value + " bytes";
            case BinaryCode.TOUCH ->
                // memcached sends the flags; the specification has nothing there
                wrongLengths(extrasLength == 0 ? 0 : FLAGS_BYTES, keyLength, value, 0);
            case BinaryCode.STAT ->
                keyLength == 0 && value > 0
                        ? "a line of statistics without a name"
                        : wrongLengths(0, keyLength, value, maxLine());
            case BinaryCode.VERSION, BinaryCode.SASL_LIST, BinaryCode.SASL_AUTH, BinaryCode.SASL_STEP ->
                wrongLengths(0, keyLength, value, maxLine());
            case BinaryCode.SET,
                    BinaryCode.ADD,
                    BinaryCode.REPLACE,
                    BinaryCode.APPEND,
                    BinaryCode.PREPEND,
                    BinaryCode.DELETE,
                    BinaryCode.NOOP,
                    BinaryCode.FLUSH -> wrongLengths(0, keyLength, value, 0);
            default -> "an opcode that was never sent";
        };
    }

    private @Nullable String wrongLengths(int extras, int keyLength, long value, int maxValue) {
        if (extrasLength != extras) {
            return extrasLength + " bytes of extras";
        }
        if (keyLength > KeyRules.MAX_BYTES) {
            return "key of " + keyLength + " bytes";
        }
        return value > maxValue ? "value of " + value + " bytes is over the limit of " + maxValue : null;
    }

    private @Nullable Reply body() throws MalformedReply {
        boolean skipping = valueLength > limits.maxValueBytes() && isItem();
        if (!skipping && end - position >= (long) frontLength + valueLength) {
            front = frontLength == 0 ? NONE : Arrays.copyOfRange(input, position, position + frontLength);
            int from = position + frontLength;
            position = from + valueLength;
            DataBlock whole =
                    valueLength == 0 ? DataBlock.EMPTY : DataBlock.wrap(Arrays.copyOfRange(input, from, position));
            return reply(whole);
        }
        if (skipping) {
            block.startSkipping(valueLength);
        } else {
            block.start(valueLength);
        }
        front = new byte[frontLength];
        frontFilled = 0;
        state = frontLength > 0 ? State.EXTRAS_AND_KEY : State.VALUE;
        return null;
    }

    private boolean isItem() {
        return status == BinaryStatus.OK && (code == BinaryCode.GETK || code == BinaryCode.GATK);
    }

    private @Nullable Reply extrasAndKey() throws MalformedReply {
        int count = Math.min(end - position, frontLength - frontFilled);
        System.arraycopy(input, position, front, frontFilled, count);
        position += count;
        frontFilled += count;
        if (frontFilled < frontLength) {
            return null;
        }
        if (valueLength == 0) {
            return reply(DataBlock.EMPTY);
        }
        state = State.VALUE;
        return null;
    }

    private @Nullable Reply value() throws MalformedReply {
        position += block.take(input, position, end);
        return block.isFull() ? reply(block.finish()) : null;
    }

    private @Nullable Reply reply(DataBlock value) throws MalformedReply {
        state = State.HEADER;
        byte[] extrasAndKey = front;
        front = NONE;
        if (stats != null && (code != BinaryCode.STAT || opaque != statsOpaque)) {
            throw new MalformedReply("another reply between the lines of statistics");
        }
        if (stats == null || status != BinaryStatus.OK) {
            memory.release();
        }
        if (status != BinaryStatus.OK) {
            stats = null;
            return failure(value);
        }
        return switch (code) {
            case BinaryCode.GETK, BinaryCode.GATK -> {
                DataBlock key = DataBlock.wrap(extrasAndKey, FLAGS_BYTES, frontLength - FLAGS_BYTES);
                long number = Reply.Value.isSkipped(value) ? valueLength : cas;
                yield new Reply.Value(opaque, key, BinaryPacket.getInt(extrasAndKey, 0), value, number, null);
            }
            case BinaryCode.INCREMENT, BinaryCode.DECREMENT ->
                new Reply.Number(BinaryPacket.getLong(value.toByteArray(), 0), opaque);
            case BinaryCode.STAT -> stat(new String(extrasAndKey, StandardCharsets.UTF_8), value);
            case BinaryCode.VERSION -> new Reply.Line(Reply.Kind.VERSION, value.toUtf8(), opaque);
            case BinaryCode.SASL_LIST, BinaryCode.SASL_AUTH, BinaryCode.SASL_STEP ->
                new Reply.Sasl(Reply.Kind.SASL, opaque, value);
            case BinaryCode.TOUCH -> new Reply.Status(Reply.Kind.TOUCHED, opaque);
            case BinaryCode.DELETE -> new Reply.Status(Reply.Kind.DELETED, opaque);
            case BinaryCode.NOOP -> new Reply.Status(Reply.Kind.NOOP, opaque);
            case BinaryCode.FLUSH -> new Reply.Status(Reply.Kind.OK, opaque);
            default -> new Reply.Status(Reply.Kind.STORED, opaque);
        };
    }

    private Reply failure(DataBlock value) {
        boolean login = code == BinaryCode.SASL_AUTH || code == BinaryCode.SASL_STEP;
        return login && status == BinaryStatus.CONTINUE
                ? new Reply.Sasl(Reply.Kind.SASL_CONTINUE, opaque, value)
                : BinaryStatus.failure(code, status, value.toUtf8(), opaque);
    }

    private @Nullable Reply stat(String name, DataBlock value) throws MalformedReply {
        Map<String, String> lines = stats;
        if (name.isEmpty()) {
            stats = null;
            memory.release();
            return lines == null
                    ? new Reply.Status(Reply.Kind.END, opaque)
                    : new Reply.Stats(Collections.unmodifiableMap(lines), opaque);
        }
        if (lines == null) {
            lines = new LinkedHashMap<>();
            stats = lines;
            statsOpaque = opaque;
            statLines = 0;
        }
        if (++statLines > limits.maxStatLines()) {
            throw new MalformedReply("more than " + limits.maxStatLines() + " lines of statistics");
        }
        memory.take(STAT_LINE_COST + name.length() + value.length());
        lines.put(name, value.toUtf8());
        return null;
    }
}
