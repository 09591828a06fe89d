package io.cachewire.internal.protocol.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cachewire.Credentials;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;

/** The messages that show a password: PLAIN (RFC 4616), and that of {@code memcached -Y} (protocol.txt, "Authentication"). */
public final class PlainLogin {
    /** The name of the SASL mechanism. */
    public static final String NAME = "PLAIN";

    private PlainLogin() {}

    /** The message of PLAIN: no other identity, user, password, each after a NUL. */
    public static byte[] sasl(Credentials credentials) {
        return message("\0" + credentials.user() + "\0", credentials);
    }

    /**
     * The data block of the text login: user, blank, password.
     *
     * @throws IllegalArgumentException when one of them has a blank, which the server cannot read
     */
    public static byte[] text(Credentials credentials) {
        char[] password = credentials.password();
        boolean blank = credentials.user().indexOf(' ') >= 0;
        for (char c : password) {
            blank |= c == ' ';
        }
        Arrays.fill(password, '\0');
        if (blank) {
            throw new IllegalArgumentException("the text login cannot carry a user or a password with a blank");
        }
        return message(credentials.user() + " ", credentials);
    }

    private static byte[] message(String before, Credentials credentials) {
        char[] password = credentials.password();
        CharBuffer text = CharBuffer.allocate(before.length() + password.length);
        text.put(before).put(password).flip();
        byte[] message = utf8(text);
        Arrays.fill(password, '\0');
        Arrays.fill(text.array(), '\0');
        return message;
    }

    /** The bytes of a secret; no copy of it stays in the encoder's buffer. */
    static byte[] utf8(CharBuffer secret) {
        ByteBuffer encoded = UTF_8.encode(secret);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes).clear();
        while (encoded.hasRemaining()) {
            encoded.put((byte) 0);
        }
        return bytes;
    }
}
