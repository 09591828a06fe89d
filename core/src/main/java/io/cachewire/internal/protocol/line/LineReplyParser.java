package io.cachewire.internal.protocol.line;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.AskedKeys;
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
 * Reads the replies of both line dialects, which share one grammar (protocol.txt): a line that ends with CRLF, and
 * behind {@code VA} and {@code VALUE} a data block of the declared length with a CRLF of its own.
 *
 * <p>A reply that lies whole in the fed array is read in place, and the bytes of its value are copied once. What is cut
 * is kept: a line in a buffer of at most {@link Limits#maxLineBytes()}, a data block in an array that grows with the
 * bytes that have come.
 */
final class LineReplyParser extends FedParser {
    /** Whose words are read. Errors and the answers to server commands are the same in both. */
    enum Grammar {
        META,
        TEXT
    }

    private enum State {
        /** The first line of a reply. */
        REPLY_LINE,
        /** The bytes of a value. */
        DATA_BLOCK,
        /** The CR behind a data block. */
        BLOCK_CR,
        /** The LF behind it. */
        BLOCK_LF,
        /** The line behind a text item: {@code END}, or another one. */
        ITEM_END,
        /** A further line of statistics, or their {@code END}. */
        STAT_LINE
    }

    private static final byte[] VALUE = "VALUE ".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_LINE_BYTES = 256;

    private final Grammar grammar;
    private final ItemHeader header = new ItemHeader();

    private AskedKeys asked = AskedKeys.NONE;
    private State state = State.REPLY_LINE;

    private byte[] cutLine = NONE;
    private int cutLength;

    /** True from a text item to its END. */
    private boolean endFollows;

    /** The item of a text reply, from its block to its END. */
    private DataBlock data = DataBlock.EMPTY;

    private Map<String, String> stats = Map.of();
    private int statLines;

    LineReplyParser(Limits limits, MemoryBudget shared, Grammar grammar) {
        super(limits, shared);
        this.grammar = grammar;
    }

    @Override
    public void expect(AskedKeys keys) {
        asked = keys;
    }

    @Override
    @Nullable
    protected Reply step() throws MalformedReply {
        return switch (state) {
            case REPLY_LINE, ITEM_END, STAT_LINE -> line();
            case DATA_BLOCK -> dataBlock();
            case BLOCK_CR -> blockCr();
            case BLOCK_LF -> blockLf();
        };
    }

    @Override
    public void close() {
        super.close();
        cutLine = NONE;
        header.clear();
    }

    @Override
    protected void forget() {
        super.forget();
        data = DataBlock.EMPTY;
        stats = Map.of();
    }

    private @Nullable Reply line() throws MalformedReply {
        int from = position;
        int room = limits.maxLineBytes() - cutLength;
        int stop = end - from > room ? from + room : end;
        int lf = from;
        while (lf < stop && input[lf] != '\n') {
            lf++;
        }
        if (lf < stop) {
            position = lf + 1;
            if (cutLength == 0) {
                return completeLine(input, from, lf);
            }
            keepLine(from, lf);
            int length = cutLength;
            cutLength = 0;
            return completeLine(cutLine, 0, length);
        }
        keepLine(from, stop);
        position = stop;
        if (stop - from == room) {
            String what = "no line end in " + limits.maxLineBytes() + " bytes";
            throw MalformedReply.of(what, cutLine, 0, Math.min(cutLength, SHOWN_BYTES));
        }
        if (!canBegin(cutLine[0])) {
            throw MalformedReply.of("not the begin of a reply", cutLine, 0, Math.min(cutLength, SHOWN_BYTES));
        }
        return null;
    }

    /** Garbage that has no line end is told at once; it need not run into the line limit. */
    private static boolean canBegin(byte first) {
        return (first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9') || first == '\r';
    }

    private void keepLine(int from, int to) {
        int needed = cutLength + to - from;
        if (cutLine.length < needed) {
            cutLine = Arrays.copyOf(cutLine, Math.max(needed, Math.max(FIRST_LINE_BYTES, 2 * cutLine.length)));
        }
        System.arraycopy(input, from, cutLine, cutLength, to - from);
        cutLength = needed;
    }

    private @Nullable Reply completeLine(byte[] line, int from, int lf) throws MalformedReply {
        int to = lf - 1;
        if (to < from || line[to] != '\r') {
            throw MalformedReply.of("line without CR before its LF", line, from, lf);
        }
        if (state == State.ITEM_END) {
            return itemEnd(line, from, to);
        }
        if (state == State.STAT_LINE) {
            return statLine(line, from, to);
        }
        return grammar == Grammar.META ? metaLine(line, from, to) : textLine(line, from, to);
    }

    private @Nullable Reply metaLine(byte[] line, int from, int to) throws MalformedReply {
        int wordEnd = from + 2;
        if (wordEnd > to || (wordEnd < to && line[wordEnd] != ' ')) {
            return serverLine(line, from, to);
        }
        return switch (line[from] << 8 | line[from + 1]) {
            case 'H' << 8 | 'D' -> {
                header.readMetaFlags(line, wordEnd, to);
                yield header.done();
            }
            case 'V' << 8 | 'A' -> metaItem(line, Math.min(wordEnd + 1, to), to);
            case 'E' << 8 | 'N' -> metaStatus(Reply.Kind.END, line, wordEnd, to);
            case 'N' << 8 | 'S' -> metaStatus(Reply.Kind.NOT_STORED, line, wordEnd, to);
            case 'E' << 8 | 'X' -> metaStatus(Reply.Kind.EXISTS, line, wordEnd, to);
            case 'N' << 8 | 'F' -> metaStatus(Reply.Kind.NOT_FOUND, line, wordEnd, to);
            case 'M' << 8 | 'N' -> metaStatus(Reply.Kind.NOOP, line, wordEnd, to);
            default -> serverLine(line, from, to);
        };
    }

    private Reply metaStatus(Reply.Kind kind, byte[] line, int flags, int to) throws MalformedReply {
        header.readMetaFlags(line, flags, to);
        return new Reply.Status(kind, header.opaque());
    }

    private @Nullable Reply metaItem(byte[] line, int from, int to) throws MalformedReply {
        int lengthEnd = ItemHeader.blank(line, from, to);
        int length = AsciiNumbers.blockLength(line, from, lengthEnd, limits.maxSkippedBytes());
        header.readMetaFlags(line, lengthEnd, to);
        startBlock(length);
        return dataBlock();
    }

    /** Behind the line with its length. */
    private void startBlock(int length) {
        if (length > limits.maxValueBytes()) {
            header.skipped(length);
            block.startSkipping(length);
        } else {
            block.start(length);
        }
        state = State.DATA_BLOCK;
    }

    private @Nullable Reply textLine(byte[] line, int from, int to) throws MalformedReply {
        if (from < to && line[from] >= '0' && line[from] <= '9') {
            return new Reply.Number(AsciiNumbers.unsigned(line, from, to));
        }
        if (isTextItem(line, from, to)) {
            startTextItem(line, from, to);
            return dataBlock();
        }
        Reply status = to - from < 2 ? null : StatusLines.text(line, from, to);
        return status == null ? serverLine(line, from, to) : status;
    }

    private static boolean isTextItem(byte[] line, int from, int to) {
        int behindWord = from + VALUE.length;
        return behindWord <= to && Arrays.equals(line, from, behindWord, VALUE, 0, VALUE.length);
    }

    private void startTextItem(byte[] line, int from, int to) throws MalformedReply {
        startBlock(header.readTextItem(line, from + VALUE.length, to, asked, limits.maxSkippedBytes()));
        endFollows = true;
    }

    private @Nullable Reply serverLine(byte[] line, int from, int to) throws MalformedReply {
        if (isTextItem(line, from, to)) {
            startTextItem(line, from, to);
            return dataBlock();
        }
        if (StatusLines.isStat(line, from, to)) {
            stats = new LinkedHashMap<>();
            statLines = 0;
            state = State.STAT_LINE;
            return statLine(line, from, to);
        }
        Reply reply = StatusLines.server(line, from, to);
        if (reply == null) {
            throw MalformedReply.of("not a reply line", line, from, to);
        }
        return reply;
    }

    private @Nullable Reply dataBlock() throws MalformedReply {
        int length = block.declaredLength();
        if (block.isUntouched() && !block.isSkipping() && end - position > length + 1L) {
            int behind = position + length;
            if (input[behind] != '\r' || input[behind + 1] != '\n') {
                throw noBlockEnd();
            }
            DataBlock whole =
                    length == 0 ? DataBlock.EMPTY : DataBlock.wrap(Arrays.copyOfRange(input, position, behind));
            position = behind + 2;
            return itemWith(whole);
        }
        position += block.take(input, position, end);
        if (block.isFull()) {
            state = State.BLOCK_CR;
        }
        return null;
    }

    private @Nullable Reply blockCr() throws MalformedReply {
        if (input[position++] != '\r') {
            throw noBlockEnd();
        }
        state = State.BLOCK_LF;
        return null;
    }

    private @Nullable Reply blockLf() throws MalformedReply {
        if (input[position++] != '\n') {
            throw noBlockEnd();
        }
        return itemWith(block.finish());
    }

    /** The bytes are not shown: they may be those of a value. */
    private MalformedReply noBlockEnd() {
        return new MalformedReply("no CRLF behind a data block of " + block.declaredLength() + " bytes");
    }

    private @Nullable Reply itemWith(DataBlock complete) {
        if (!endFollows) {
            state = State.REPLY_LINE;
            memory.release();
            return header.item(complete);
        }
        data = complete;
        state = State.ITEM_END;
        return null;
    }

    private Reply itemEnd(byte[] line, int from, int to) throws MalformedReply {
        DataBlock complete = data;
        forget();
        if (isTextItem(line, from, to)) {
            Reply part = header.itemBeforeOthers(complete);
            startTextItem(line, from, to);
            return part;
        }
        endFollows = false;
        state = State.REPLY_LINE;
        if (StatusLines.isEnd(line, from, to)) {
            return header.item(complete);
        }
        Reply error = StatusLines.error(line, from, to);
        if (error == null) {
            throw MalformedReply.of("neither the END behind an item nor another item", line, from, to);
        }
        header.clear();
        return error;
    }

    private @Nullable Reply statLine(byte[] line, int from, int to) throws MalformedReply {
        if (StatusLines.isStat(line, from, to)) {
            addStat(line, ItemHeader.blank(line, from, to) + 1, to);
            return null;
        }
        Map<String, String> complete = stats;
        forget();
        state = State.REPLY_LINE;
        if (StatusLines.isEnd(line, from, to)) {
            return new Reply.Stats(Collections.unmodifiableMap(complete));
        }
        Reply error = StatusLines.error(line, from, to);
        if (error == null) {
            throw MalformedReply.of("not a line of statistics", line, from, to);
        }
        return error;
    }

    private void addStat(byte[] line, int from, int to) throws MalformedReply {
        int nameEnd = ItemHeader.blank(line, from, to);
        if (nameEnd <= from) {
            throw new MalformedReply("a line of statistics without a name");
        }
        if (++statLines > limits.maxStatLines()) {
            throw new MalformedReply("more than " + limits.maxStatLines() + " lines of statistics");
        }
        int start = Math.min(nameEnd + 1, to);
        memory.take(STAT_LINE_COST + to - from);
        String name = new String(line, from, nameEnd - from, StandardCharsets.UTF_8);
        stats.put(name, new String(line, start, to - start, StandardCharsets.UTF_8));
    }
}
