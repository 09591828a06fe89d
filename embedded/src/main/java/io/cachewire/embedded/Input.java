package io.cachewire.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes of one connection that are read but not yet used. */
final class Input {
    private static final int FIRST_BYTES = 2048;

    private static final byte[] NONE = {};

    private byte[] bytes = new byte[FIRST_BYTES];
    private int start;
    private int end;
    // no line end before this place
    private int searched;

    void add(ByteBuffer more) {
        int count = more.remaining();
        if (bytes.length - end < count) {
            makeRoom(count);
        }
        more.get(bytes, end, count);
        end += count;
    }

    private void makeRoom(int count) {
        int used = end - start;
        byte[] target = bytes.length - used >= count ? bytes : new byte[Math.max(bytes.length * 2, used + count)];
        System.arraycopy(bytes, start, target, 0, used);
        bytes = target;
        searched -= start;
        start = 0;
        end = used;
    }

    /** The memory it takes beyond what each connection has. */
    int held() {
        return Math.max(bytes.length - FIRST_BYTES, 0);
    }

    /** Gives back the room of a burst. */
    void trim() {
        if (bytes.length > FIRST_BYTES && size() <= FIRST_BYTES) {
            byte[] target = new byte[FIRST_BYTES];
            System.arraycopy(bytes, start, target, 0, size());
            searched = Math.max(searched - start, 0);
            end = size();
            start = 0;
            bytes = target;
        }
    }

    /** Forgets all bytes, and takes no memory until there are more. */
    void forget() {
        bytes = NONE;
        start = 0;
        end = 0;
        searched = 0;
    }

    int size() {
        return end - start;
    }

    /** The next line without its end, a character per byte; null when its end is not there yet. */
    @Nullable
    String line() {
        int at = Math.max(searched, start);
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        searched = at;
        if (at == end) {
            return null;
        }
        // as in memcached, a line that is nothing but a carriage return keeps it
        int length = at - start > 1 && bytes[at - 1] == '\r' ? at - 1 - start : at - start;
        String line = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        skip(at + 1 - start);
        return line;
    }

    /** Whether what is there starts with this, blanks in front aside. */
    boolean startsWith(String text, int mostBlanks) {
        int at = start;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        if (at - start > mostBlanks || end - at < text.length()) {
            return false;
        }
        return new String(bytes, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }

    /** The first byte, which must be there. */
    byte peek() {
        return peek(0);
    }

    /** A byte further on, which must be there. */
    byte peek(int offset) {
        return bytes[start + offset];
    }

    /** Moves bytes to an array; returns how many. */
    int take(byte[] target, int offset) {
        int count = Math.min(size(), target.length - offset);
        System.arraycopy(bytes, start, target, offset, count);
        skip(count);
        return count;
    }

    /** Forgets bytes; returns how many. */
    long skip(long count) {
        int skipped = (int) Math.min(count, size());
        start += skipped;
        if (start == end) {
            start = 0;
            end = 0;
            searched = 0;
        }
        return skipped;
    }
}
