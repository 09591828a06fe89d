package io.cachewire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How keys go on the wire.
 *
 * @param encoding which characters they may have
 * @param longKeys what becomes of long ones
 * @param rewriting how they change before that
 */
public record KeyPolicy(KeyEncoding encoding, LongKeys longKeys, KeyRewriting rewriting) {
    /** The longest key that goes as base64: 248 characters on the wire. */
    public static final int MAX_BASE64_BYTES = 186;

    private static final byte[] MARK = "-sha256-".getBytes(StandardCharsets.US_ASCII);
    private static final int HEX_DIGITS = 64;

    /** No key of so few characters can be too long, or look like a shortened one. */
    private static final int SURELY_SHORT = MAX_BASE64_BYTES / 3;

    /** Keys that go as they are given. */
    public KeyPolicy(KeyEncoding encoding, LongKeys longKeys) {
        this(encoding, longKeys, KeyRewriting.NONE);
    }

    /**
     * The bytes of a key on the command line, checked.
     *
     * @throws IllegalKeyException when the key cannot be sent
     */
    public DataBlock wire(Key key) {
        boolean plain = longKeys == LongKeys.REFUSE || key.length() <= SURELY_SHORT;
        if (plain && encoding != KeyEncoding.BASE64) {
            return KeyRules.encode(key, encoding);
        }
        byte[] bytes = bytes(key);
        return isPlain(bytes) || encoding != KeyEncoding.BASE64
                ? DataBlock.wrap(bytes)
                : DataBlock.wrap(Base64.getEncoder().encode(bytes));
    }

    /** The bytes of a key that goes as base64, or null when it goes as it is. */
    public @Nullable DataBlock behindBase64(Key key) {
        if (encoding != KeyEncoding.BASE64) {
            return null;
        }
        byte[] bytes = bytes(key);
        return isPlain(bytes) ? null : DataBlock.wrap(bytes);
    }

    /** The bytes of a key before base64, shortened when it must be. */
    private byte[] bytes(Key key) {
        byte[] bytes = KeyRules.bytes(key, encoding);
        int limit = encoding == KeyEncoding.BASE64 && !isPlain(bytes) ? MAX_BASE64_BYTES : KeyRules.MAX_BYTES;
        if (longKeys == LongKeys.HASH && (bytes.length > limit || looksShortened(bytes, limit))) {
            return shortened(bytes, limit);
        }
        if (bytes.length > limit) {
            throw KeyRules.tooLong(bytes.length, limit, key);
        }
        return bytes;
    }

    private static boolean isPlain(byte[] bytes) {
        for (byte b : bytes) {
            if (b <= ' ' || b == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private byte[] shortened(byte[] bytes, int limit) {
        int kept = limit - MARK.length - HEX_DIGITS;
        if (encoding == KeyEncoding.UTF8) {
            // not in the middle of a character
            while (kept > 0 && (bytes[kept] & 0xc0) == 0x80) {
                kept--;
            }
        }
        byte[] digits = HexFormat.of().formatHex(sha256(bytes)).getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(bytes, kept + MARK.length + HEX_DIGITS);
        System.arraycopy(MARK, 0, all, kept, MARK.length);
        System.arraycopy(digits, 0, all, kept + MARK.length, HEX_DIGITS);
        return all;
    }

    /** Near the limit, because a character may have been cut away; of another length no long key is shortened to. */
    private static boolean looksShortened(byte[] bytes, int limit) {
        int mark = bytes.length - MARK.length - HEX_DIGITS;
        if (bytes.length < limit - 3 || !Arrays.equals(bytes, mark, mark + MARK.length, MARK, 0, MARK.length)) {
            return false;
        }
        for (int i = mark + MARK.length; i < bytes.length; i++) {
            if (!(bytes[i] >= '0' && bytes[i] <= '9' || bytes[i] >= 'a' && bytes[i] <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has it
            throw new IllegalStateException(e);
        }
    }
}
