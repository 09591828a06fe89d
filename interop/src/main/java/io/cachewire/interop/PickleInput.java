package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle and the forms of its arguments. Lengths are checked against what is there. */
final class PickleInput {
    /** Showing one in decimal takes time by more than its length. */
    private static final int MAX_INTEGER = 1 << 16;

    private final ByteBuffer bytes;

    PickleInput(DataBlock data) {
        bytes = data.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    static SerdeException corrupt(String how) {
        return new SerdeException(Reason.DECODE, "the pickle " + how, null);
    }

    private void require(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw corrupt("ends before its value does");
        }
    }

    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    int uint1() {
        require(1);
        return bytes.get() & 0xff;
    }

    int uint2() {
        require(2);
        return bytes.getShort() & 0xffff;
    }

    int int4() {
        require(4);
        return bytes.getInt();
    }

    long uint4() {
        return int4() & 0xffff_ffffL;
    }

    /** A length of eight bytes; one beyond 2^63 is negative and so refused like any other that is too much. */
    long uint8() {
        require(8);
        return bytes.getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(uint8()));
    }

    /** Says that so many bytes belong together. */
    void frame() {
        require(uint8());
    }

    DataBlock block(long length) {
        require(length);
        byte[] copy = new byte[(int) length];
        bytes.get(copy);
        return DataBlock.wrap(copy);
    }

    /** Two's complement, least significant byte first. */
    Number integer(long length) {
        if (length > MAX_INTEGER) {
            require(length);
            throw new SerdeException(
                    Reason.LIMIT, "the pickle has an integer of more than " + MAX_INTEGER + " bytes", null);
        }
        byte[] little = block(length).toByteArray();
        byte[] big = new byte[little.length];
        for (int i = 0; i < little.length; i++) {
            big[little.length - 1 - i] = little[i];
        }
        return big.length == 0 ? (Number) 0L : Decimals.narrowed(new BigInteger(big));
    }

    /** Text up to the line feed, as Latin-1. */
    String line() {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        if (end == bytes.limit()) {
            throw corrupt("ends within a line");
        }
        String line = new String(block(end - (long) bytes.position()).toByteArray(), StandardCharsets.ISO_8859_1);
        bytes.get();
        return line;
    }

    /** UTF-8, in which Python also writes halves of surrogate pairs. */
    String text(long length) {
        DataBlock data = block(length);
        try {
            return Utf8.decode(data);
        } catch (SerdeException halves) {
            return withHalves(data);
        }
    }

    private static String withHalves(DataBlock data) {
        StringBuilder out = new StringBuilder(data.length());
        int from = 0;
        byte[] bytes = data.toByteArray();
        for (int i = 0; i + 2 < bytes.length; i++) {
            boolean half = bytes[i] == (byte) 0xed && (bytes[i + 1] & 0xe0) == 0xa0 && (bytes[i + 2] & 0xc0) == 0x80;
            if (half) {
                out.append(Utf8.decode(DataBlock.wrap(bytes, from, i - from)));
                out.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                from = i + 3;
                i += 2;
            }
        }
        return out.append(Utf8.decode(DataBlock.wrap(bytes, from, bytes.length - from)))
                .toString();
    }

    /** A line in which characters may be written as {@code \\uXXXX} and {@code \\UXXXXXXXX}. */
    String escapedLine() {
        String line = line();
        StringBuilder out = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            int digits = c != '\\' || i + 1 == line.length()
                    ? 0
                    : line.charAt(i + 1) == 'u' ? 4 : line.charAt(i + 1) == 'U' ? 8 : 0;
            if (digits == 0) {
                out.append(c);
                continue;
            }
            if (i + 2 + digits > line.length()) {
                throw corrupt("has half an escape");
            }
            long code = hex(line.substring(i + 2, i + 2 + digits));
            if (code > Character.MAX_CODE_POINT) {
                throw corrupt("has an escape beyond Unicode");
            }
            out.appendCodePoint((int) code);
            i += 1 + digits;
        }
        return out.toString();
    }

    private static long hex(String digits) {
        long code = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw corrupt("has an escape without digits");
            }
            code = code << 4 | digit;
        }
        return code;
    }

    /** Python 2's text of a string: in quotes, with backslashes. */
    DataBlock quotedLine() {
        String line = line();
        char quote = line.isEmpty() ? 0 : line.charAt(0);
        if (line.length() < 2 || (quote != '\'' && quote != '"') || line.charAt(line.length() - 1) != quote) {
            throw corrupt("has a string without quotes");
        }
        byte[] out = new byte[line.length()];
        int length = 0;
        for (int i = 1; i < line.length() - 1; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                out[length++] = (byte) c;
                continue;
            }
            char kind = line.charAt(++i);
            if (kind == 'x' && i + 2 < line.length() - 1) {
                out[length++] = (byte) hex(line.substring(i + 1, i + 3));
                i += 2;
            } else {
                int plain = "\\'\"abfnrtv".indexOf(kind);
                if (plain < 0) {
                    throw corrupt("has an unknown escape");
                }
                out[length++] = (byte) "\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain);
            }
        }
        return DataBlock.wrap(out, 0, length);
    }
}
