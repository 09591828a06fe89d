package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MD5 and SHA-1, here names for ways to scatter keys and nothing to do with secrecy. */
enum Digests {
    MD5("MD5"),
    SHA1("SHA-1");

    private final String algorithm;

    /** Each placed key needs one: asking the provider anew, or copying a prototype, costs more than the digest itself. */
    private final ThreadLocal<Own> own = ThreadLocal.withInitial(() -> new Own(create()));

    /** One thread's, with room for a digest that is read at once. */
    private static final class Own {
        final MessageDigest digest;
        final byte[] result;

        Own(MessageDigest digest) {
            this.digest = digest;
            this.result = new byte[digest.getDigestLength()];
        }
    }

    Digests(String algorithm) {
        this.algorithm = algorithm;
    }

    private MessageDigest create() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no " + algorithm, e);
        }
    }

    byte[] digest(byte[] bytes) {
        return own.get().digest.digest(bytes);
    }

    byte[] digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first word of the digest, least significant byte first, unsigned. */
    long firstWord(DataBlock bytes) {
        Own mine = own.get();
        bytes.update(mine.digest);
        try {
            mine.digest.digest(mine.result, 0, mine.result.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the result has the length of the digest", e);
        }
        return Integer.toUnsignedLong(word(mine.result, 0));
    }

    /** Bytes 4i to 4i+3, least significant first. */
    static int word(byte[] digest, int i) {
        int at = 4 * i;
        return digest[at] & 0xff | (digest[at + 1] & 0xff) << 8 | (digest[at + 2] & 0xff) << 16 | digest[at + 3] << 24;
    }
}
