package io.cachewire.samples.doctor;

import io.cachewire.DataBlock;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a value look like. A guess by their beginning, good enough for a report: reading never goes by it, and
 * the flags have the last word there.
 */
enum StoredForm {
    EMPTY("empty"),
    NUMBER("decimal number"),
    TEXT("text"),
    JSON("JSON"),
    PICKLE("pickle"),
    PHP("PHP serialize"),
    IGBINARY("igbinary"),
    MARSHAL("Ruby Marshal"),
    STORABLE("Perl Storable"),
    JAVA("Java serialization"),
    DOTNET("BinaryFormatter"),
    ZLIB("zlib"),
    GZIP("gzip"),
    PHP_ZLIB("zlib with PHP's length"),
    BYTES("other bytes");

    private static final Pattern DECIMAL = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)? *");
    private static final Pattern PHP_START = Pattern.compile("(N;|[aOCE]:\\d+:|s:\\d+:\"|[ibd]:).*", Pattern.DOTALL);
    private static final Pattern JSON_START = Pattern.compile("[\\[{].*[\\]}]", Pattern.DOTALL);
    private static final Pattern PICKLE_0 = Pattern.compile("([(cFVSLI]|N\\.).*\\.", Pattern.DOTALL);
    private static final int ENOUGH = 4096;

    private final String title;

    StoredForm(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether only the language that wrote it, or a reader made for it, can tell what it is. */
    boolean isSerialized() {
        return switch (this) {
            case PICKLE, PHP, IGBINARY, MARSHAL, STORABLE, JAVA, DOTNET -> true;
            default -> false;
        };
    }

    static StoredForm of(DataBlock data) {
        if (data.length() == 0) {
            return EMPTY;
        }
        byte[] start = new byte[Math.min(ENOUGH, data.length())];
        data.copyTo(ByteBuffer.wrap(start), 0);
        StoredForm binary = binary(start, data);
        if (binary != null) {
            return binary;
        }
        return isUtf8(data) ? text(data.toUtf8()) : BYTES;
    }

    private static @Nullable StoredForm binary(byte[] b, DataBlock data) {
        int last = data.at(data.length() - 1);
        int first = word(b, 0);
        if (first == 0xaced) {
            return JAVA;
        }
        if (first == 0x1f8b) {
            return GZIP;
        }
        if (isZlib(b, 0)) {
            return ZLIB;
        }
        if (first == 0x0408) {
            return MARSHAL;
        }
        if (b[0] == (byte) 0x80 && b.length > 1 && b[1] <= 5 && last == '.') {
            return PICKLE;
        }
        if ((b[0] == 4 || b[0] == 5) && b.length > 1 && b[1] >= 8 && b[1] <= 12) {
            return STORABLE;
        }
        if (first == 0 && (word(b, 2) == 1 || word(b, 2) == 2)) {
            return IGBINARY;
        }
        if (first == 1 && word(b, 5) == 0xffff) {
            return DOTNET;
        }
        return isZlib(b, 4) ? PHP_ZLIB : null;
    }

    private static StoredForm text(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return NUMBER;
        }
        if (JSON_START.matcher(text.strip()).matches()) {
            return JSON;
        }
        if (PHP_START.matcher(text).matches()) {
            return PHP;
        }
        return PICKLE_0.matcher(text).matches() && text.indexOf('\n') > 0 ? PICKLE : TEXT;
    }

    private static int word(byte[] b, int at) {
        return b.length < at + 2 ? -1 : (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    /** RFC 1950: method 8, and the two bytes are a multiple of 31. */
    private static boolean isZlib(byte[] b, int at) {
        int word = word(b, at);
        return word > 0 && (word >> 8 & 0xff) == 0x78 && word % 31 == 0;
    }

    private static boolean isUtf8(DataBlock data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(data.toByteBuffer());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
