package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MD5 and SHA-1, here names for ways to scatter keys and nothing to do with secrecy. */
enum Digests {
    MD5("MD5"),
    SHA1("SHA-1");

    private final MessageDigest prototype;

    Digests(String algorithm) {
        try {
            this.prototype = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no " + algorithm, e);
        }
    }

    byte[] digest(byte[] bytes) {
        try {
            // the prototype is never fed, so any thread may copy it; asking the provider anew costs several times as
            // much
            return ((MessageDigest) prototype.clone()).digest(bytes);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(prototype.getAlgorithm() + " of this platform cannot be copied", e);
        }
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
