package io.cachewire.internal.protocol.line;

import io.cachewire.DataBlock;
import io.cachewire.KeyRules;
import io.cachewire.internal.protocol.AskedKeys;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.Reply;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the line before a data block says of its item: {@code VALUE <key> <flags> <bytes> [<cas>]} of the text dialect,
 * or the meta flags behind {@code VA <bytes>}. One per parser, overwritten by each line; it holds the item's head until
 * its block is there.
 */
final class ItemHeader {
    /** More seconds than this are the wrapped remainder of an exptime that has passed ({@code t4294967175}). */
    private static final long MAX_TTL = Integer.MAX_VALUE;

    private static final long ABSENT = -1;

    private int opaque;
    private @Nullable DataBlock key;
    private int flags;
    private boolean hasWideFlags;
    private long cas;
    private boolean hasMeta;
    private long ttl;
    private long lastAccess;
    private boolean hitBefore;
    private long size;
    private boolean win;
    private boolean stale;
    private boolean won;

    /** The opaque of the line, or {@link Reply#NO_OPAQUE}. */
    int opaque() {
        return opaque;
    }

    /** What {@code HD} says: done, and nothing more as a rule. */
    Reply done() {
        if (cas == 0 && !hasMeta) {
            return new Reply.Status(Reply.Kind.HEADER, opaque);
        }
        Reply.Header reply = new Reply.Header(opaque, flags, cas, meta());
        clear();
        return reply;
    }

    private Reply.@Nullable ItemMeta meta() {
        return hasMeta ? new Reply.ItemMeta(ttl, lastAccess, hitBefore, size, win, stale, won) : null;
    }

    /** The block of the item is too long. */
    void skipped(int length) {
        cas = length;
    }

    /** The item with its block; the head is forgotten. */
    Reply.Value item(DataBlock data) {
        DataBlock told = hasWideFlags ? Reply.Value.WIDE_FLAGS : data;
        Reply.Value value = new Reply.Value(opaque, key, flags, told, cas, meta());
        clear();
        return value;
    }

    /** The item of a classic {@code get} that is not the last. */
    Reply.Value itemBeforeOthers(DataBlock data) {
        opaque = Reply.MORE_FOLLOW;
        return item(data);
    }

    void clear() {
        opaque = Reply.NO_OPAQUE;
        key = null;
        flags = 0;
        hasWideFlags = false;
        cas = 0;
        hasMeta = false;
    }

    private void startMeta() {
        if (!hasMeta) {
            hasMeta = true;
            ttl = ABSENT;
            lastAccess = ABSENT;
            hitBefore = false;
            size = ABSENT;
            win = false;
            stale = false;
            won = false;
        }
    }

    /**
     * Reads meta flags, each with a blank before it, in any order; unknown ones are skipped. Servers before 1.6.18 send two blanks, or one
     * behind the last flag.
     *
     * @param from behind the last part of the line that is not a meta flag
     */
    void readMetaFlags(byte[] line, int from, int to) throws MalformedReply {
        clear();
        boolean base64 = false;
        int at = from;
        while (at < to) {
            int letter = at + 1;
            int stop = letter;
            while (stop < to && line[stop] != ' ') {
                stop++;
            }
            if (line[at] != ' ') {
                throw MalformedReply.of("meta flags", line, from, to);
            }
            if (stop == letter) {
                at = letter;
                continue;
            }
            switch (line[letter]) {
                case 'O' -> {
                    if (opaque != Reply.NO_OPAQUE) {
                        throw MalformedReply.of("two opaques in one reply", line, from, to);
                    }
                    opaque = AsciiNumbers.opaque(line, letter + 1, stop);
                }
                case 'f' -> readFlags(line, letter + 1, stop);
                case 'c' -> cas = AsciiNumbers.unsigned(line, letter + 1, stop);
                case 'k' -> key = key(line, letter + 1, stop);
                case 'b' -> base64 = true;
                case 't', 'l', 'h', 's', 'W', 'X', 'Z' -> readItemMeta(line, letter, stop);
                default -> {
                    // protocol.txt lets servers add meta flags
                }
            }
            at = stop;
        }
        if (base64 && key != null) {
            // the echo has the form in which the item was stored, whatever was asked
            key = decoded(key, line, from, to);
        }
    }

    /** Some servers are built with 64 bits of them; an item that has more than 32 is of no use, but its reply is in step. */
    private void readFlags(byte[] line, int from, int to) throws MalformedReply {
        long value = AsciiNumbers.unsigned(line, from, to);
        hasWideFlags = value >>> 32 != 0;
        flags = (int) value;
    }

    private void readItemMeta(byte[] line, int letter, int stop) throws MalformedReply {
        startMeta();
        switch (line[letter]) {
            case 't' -> ttl = ttl(line, letter + 1, stop);
            case 'l' -> lastAccess = AsciiNumbers.unsigned(line, letter + 1, stop);
            case 'h' -> hitBefore = AsciiNumbers.unsigned(line, letter + 1, stop) != 0;
            case 's' -> size = AsciiNumbers.unsigned(line, letter + 1, stop);
            case 'W' -> win = true;
            case 'X' -> stale = true;
            default -> won = true;
        }
    }

    private static long ttl(byte[] line, int from, int to) throws MalformedReply {
        if (from < to && line[from] == '-') {
            long magnitude = AsciiNumbers.unsigned(line, from + 1, to);
            // -1 is "without end"; any other negative remainder has passed
            return magnitude == 1 ? ABSENT : 0;
        }
        long seconds = AsciiNumbers.unsigned(line, from, to);
        return Long.compareUnsigned(seconds, MAX_TTL) > 0 ? 0 : seconds;
    }

    private static DataBlock key(byte[] line, int from, int to) throws MalformedReply {
        if (from == to || to - from > KeyRules.MAX_BYTES) {
            throw MalformedReply.of("key of " + (to - from) + " bytes", line, from, to);
        }
        return DataBlock.wrap(Arrays.copyOfRange(line, from, to));
    }

    private static DataBlock decoded(DataBlock key, byte[] line, int from, int to) throws MalformedReply {
        try {
            return DataBlock.wrap(Base64.getDecoder().decode(key.toByteArray()));
        } catch (IllegalArgumentException e) {
            throw MalformedReply.of("key is not base64", line, from, to);
        }
    }

    /**
     * Reads the head of a text item.
     *
     * @param from behind {@code VALUE} and its blank
     * @return the length of the data block
     */
    int readTextItem(byte[] line, int from, int to, AskedKeys asked, int maxBytes) throws MalformedReply {
        clear();
        int keyEnd = blank(line, from, to);
        key = asked.find(line, from, keyEnd);
        if (key == null) {
            key = key(line, from, keyEnd);
        }
        int flagsEnd = blank(line, keyEnd + 1, to);
        if (flagsEnd >= to) {
            throw MalformedReply.of("VALUE without a length", line, from, to);
        }
        readFlags(line, keyEnd + 1, flagsEnd);
        int lengthEnd = blank(line, flagsEnd + 1, to);
        if (lengthEnd < to) {
            cas = AsciiNumbers.unsigned(line, lengthEnd + 1, to);
        }
        return AsciiNumbers.blockLength(line, flagsEnd + 1, lengthEnd, maxBytes);
    }

    /** The next blank, or {@code to}. */
    static int blank(byte[] line, int from, int to) {
        int i = from;
        while (i < to && line[i] != ' ') {
            i++;
        }
        return i;
    }
}
