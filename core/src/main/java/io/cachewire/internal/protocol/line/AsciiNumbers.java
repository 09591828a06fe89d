package io.cachewire.internal.protocol.line;

import io.cachewire.internal.protocol.MalformedReply;

/**
 * Numbers as the line dialects spell them, written to and read from a byte array without a String between.
 *
 * <p>Reading is strict: digits only, no sign, no blank, at least one digit, no overflow.
 */
final class AsciiNumbers {
    /** A tenth of 2^64, rounded down: beyond it another digit overflows; exactly on it only a digit up to 5 fits. */
    private static final long UNSIGNED_TENTH = Long.divideUnsigned(-1L, 10);

    private static final int UNSIGNED_DIGITS = 20;
    private static final int OPAQUE_DIGITS = 8;

    private AsciiNumbers() {}

    /** Writes an unsigned number; returns the index behind it. */
    static int putUnsigned(long value, byte[] out, int at) {
        if (value < 0) {
            long tens = Long.divideUnsigned(value, 10);
            int last = putUnsigned(tens, out, at);
            out[last] = (byte) ('0' + (value - tens * 10));
            return last + 1;
        }
        int end = at + digits(value);
        int i = end;
        long rest = value;
        do {
            long tens = rest / 10;
            out[--i] = (byte) ('0' + (rest - tens * 10));
            rest = tens;
        } while (rest != 0);
        return end;
    }

    private static int digits(long value) {
        int digits = 1;
        long bound = 10;
        // the bound overflows to a negative number behind 10^18
        while (value >= bound && bound > 0) {
            digits++;
            bound *= 10;
        }
        return digits;
    }

    /** Writes a number with its sign; returns the index behind it. */
    static int putSigned(long value, byte[] out, int at) {
        if (value >= 0) {
            return putUnsigned(value, out, at);
        }
        out[at] = '-';
        // the magnitude of the least long is right when it is read as unsigned
        return putUnsigned(-value, out, at + 1);
    }

    /** Writes an opaque in lower case hexadecimal, which needs no division; returns the index behind it. */
    static int putOpaque(int value, byte[] out, int at) {
        int nibbles = Math.max(1, (35 - Integer.numberOfLeadingZeros(value)) >> 2);
        int end = at + nibbles;
        int rest = value;
        for (int i = end - 1; i >= at; i--) {
            int nibble = rest & 15;
            out[i] = (byte) (nibble < 10 ? '0' + nibble : 'a' - 10 + nibble);
            rest >>>= 4;
        }
        return end;
    }

    /** An unsigned 64-bit number. */
    static long unsigned(byte[] bytes, int from, int to) throws MalformedReply {
        long value = 0;
        int count = to - from;
        if (count < 1 || count > UNSIGNED_DIGITS) {
            throw notNumber(bytes, from, to);
        }
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw notNumber(bytes, from, to);
            }
            if (i - from == UNSIGNED_DIGITS - 1) {
                int order = Long.compareUnsigned(value, UNSIGNED_TENTH);
                if (order > 0 || (order == 0 && digit > 5)) {
                    throw notNumber(bytes, from, to);
                }
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** The length of a data block, checked against the limit before anything is allocated. */
    static int blockLength(byte[] bytes, int from, int to, int max) throws MalformedReply {
        if (from == to) {
            throw new MalformedReply("no length of the data block");
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw MalformedReply.of("length of a data block is not a number", bytes, from, to);
            }
            // over the limit of every array it need not grow any more, and so cannot overflow
            length = length > Integer.MAX_VALUE ? length : length * 10 + digit;
        }
        if (length > max) {
            throw MalformedReply.of("length of a data block is over the limit of " + max + " bytes", bytes, from, to);
        }
        return (int) length;
    }

    /** An opaque as {@link #putOpaque} writes it, and in no other form. */
    static int opaque(byte[] bytes, int from, int to) throws MalformedReply {
        int count = to - from;
        int value = 0;
        boolean ours = count >= 1 && count <= OPAQUE_DIGITS && (count == 1 || bytes[from] != '0');
        for (int i = from; ours && i < to; i++) {
            byte c = bytes[i];
            int nibble = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            ours = nibble >= 0;
            value = value << 4 | nibble;
        }
        if (!ours || value < 0) {
            throw MalformedReply.of("an opaque that was never sent", bytes, from, to);
        }
        return value;
    }

    private static MalformedReply notNumber(byte[] bytes, int from, int to) {
        return MalformedReply.of("not an unsigned 64-bit number", bytes, from, to);
    }
}
