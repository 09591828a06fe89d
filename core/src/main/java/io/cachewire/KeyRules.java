package io.cachewire;

import io.cachewire.IllegalKeyException.Reason;
import java.nio.charset.StandardCharsets;

/**
 * Which keys may go on the wire. There is no switch to turn these rules off: memcached takes the data block behind an over-long key,
 * or the rest of a line behind a NUL, for commands of its own (seen on 1.6.18), so whoever can choose such a key could run them.
 */
public final class KeyRules {
    /** The longest key in bytes, prefix and encoding included (protocol.txt, "Keys"). */
    public static final int MAX_BYTES = 250;

    private KeyRules() {}

    /**
     * Checks a key against the ASCII rules.
     *
     * @param key the key without the prefix
     * @param prefixLength bytes that a namespace will put in front, 0 or more
     * @throws IllegalKeyException when the key cannot be sent
     */
    public static void check(CharSequence key, int prefixLength) {
        encode(key, KeyEncoding.ASCII);
        if (prefixLength < 0 || key.length() + prefixLength > MAX_BYTES) {
            throw tooLong(key.length() + prefixLength, key);
        }
    }

    /**
     * The bytes of a key, checked. Order of the checks: empty, characters from the left, length.
     *
     * @param key the full key, prefix included
     * @throws IllegalKeyException when the key cannot be sent
     */
    public static DataBlock encode(CharSequence key, KeyEncoding encoding) {
        String text = key.toString();
        int length = text.length();
        if (length == 0) {
            throw empty(key);
        }
        if (encoding == KeyEncoding.BASE64) {
            return new KeyPolicy(encoding, LongKeys.REFUSE).wire(Key.of(key));
        }
        byte[] bytes = new byte[Math.min(length, MAX_BYTES)];
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0x7f && encoding == KeyEncoding.UTF8 && !isBinary(key)) {
                return encodeUtf8(text, i);
            }
            if (c <= ' ' || c >= 0x7f) {
                throw illegal(i, c, key);
            }
            if (i < bytes.length) {
                bytes[i] = (byte) c;
            }
        }
        if (length > MAX_BYTES) {
            throw tooLong(length, key);
        }
        return DataBlock.wrap(bytes);
    }

    private static boolean isBinary(CharSequence key) {
        return key instanceof Key one && one.isBinary();
    }

    private static DataBlock encodeUtf8(String text, int from) {
        checkUtf8(text, from);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw tooLong(bytes.length, text);
        }
        return DataBlock.wrap(bytes);
    }

    private static void checkUtf8(String text, int from) {
        for (int i = from; i < text.length(); i += charactersAt(i, text)) {
            char c = text.charAt(i);
            if (c <= ' ' || (c >= 0x7f && c < 0xa0)) {
                throw illegal(i, c, text);
            }
        }
    }

    /** 2 for a pair of surrogates. */
    private static int charactersAt(int i, String text) {
        if (!Character.isSurrogate(text.charAt(i))) {
            return 1;
        }
        boolean pair = Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
            throw new IllegalKeyException(Reason.NOT_ENCODABLE, "lone surrogate at index " + i, text);
        }
        return 2;
    }

    /** The bytes of a key of any length, its characters checked. */
    static byte[] bytes(Key key, KeyEncoding encoding) {
        String text = key.name();
        if (text.isEmpty()) {
            throw empty(key);
        }
        if (encoding == KeyEncoding.BASE64) {
            int i = 0;
            while (i < text.length()) {
                i += charactersAt(i, text);
            }
        } else if (encoding == KeyEncoding.UTF8 && !key.isBinary()) {
            checkUtf8(text, 0);
        } else {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                    throw illegal(i, text.charAt(i), key);
                }
            }
        }
        return text.getBytes(key.isBinary() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static IllegalKeyException empty(CharSequence key) {
        return new IllegalKeyException(Reason.EMPTY, "empty", key);
    }

    private static IllegalKeyException illegal(int index, char c, CharSequence key) {
        return new IllegalKeyException(
                Reason.ILLEGAL_CHARACTER,
                String.format("character U+%04X at index %d is not allowed%s", (int) c, index, hint(c)),
                key);
    }

    /** What allows the character, if anything does. */
    private static String hint(char c) {
        if (c >= 0xa0) {
            return "; keyEncoding = UTF8 allows it";
        }
        return c == ' ' ? "; keyEncoding = BASE64 allows it, in the meta protocol" : "";
    }

    private static IllegalKeyException tooLong(int bytes, CharSequence key) {
        return tooLong(bytes, MAX_BYTES, key);
    }

    static IllegalKeyException tooLong(int bytes, int limit, CharSequence key) {
        return new IllegalKeyException(
                Reason.TOO_LONG,
                bytes + " bytes, prefix included, of at most " + limit + "; longKeys = HASH shortens such keys",
                key);
    }
}
