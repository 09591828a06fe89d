package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MD5 and SHA-1, here names for ways to scatter keys and nothing to do with secrecy. */
enum Digests {
    MD5("MD5"),
    SHA1("SHA-1");

    private final String algorithm;

    /** Each placed key needs one: asking the provider anew, or copying a prototype, costs more than the digest itself. */
    private final ThreadLocal<MessageDigest> own = ThreadLocal.withInitial(this::create);

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
        return own.get().digest(bytes);
    }

    byte[] digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first word of the digest, least significant byte first, unsigned. */
    long firstWord(DataBlock bytes) {
        return Integer.toUnsignedLong(word(digest(bytes.toByteArray()), 0));
    }

    /** Bytes 4i to 4i+3, least significant first. */
    static int word(byte[] digest, int i) {
        int at = 4 * i;
        return digest[at] & 0xff | (digest[at + 1] & 0xff) << 8 | (digest[at + 2] & 0xff) << 16 | digest[at + 3] << 24;
    }
}
