package io.cachewire.internal.protocol.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cachewire.Credentials;
import java.nio.CharBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of one login by SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: {@link #first}, then {@link #answer} to
 * the server's challenge, then {@link #verify} of its signature. The password does not leave this class, and the login only counts when
 * the signature has been verified: it proves that the server knows the password too. Not thread-safe.
 */
public final class ScramSha256 {
    /** The name of the mechanism. */
    public static final String NAME = "SCRAM-SHA-256";

    /** "n,,": the client knows no channel binding. */
    private static final String HEADER = "n,,";

    private static final int MIN_ITERATIONS = 4096;
    private static final int MAX_ITERATIONS = 1_000_000;
    private static final int MIN_SALT = 8;
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final byte[] password;
    private final String nonce;
    private final String firstBare;
    private byte[] signature = {};

    /**
     * A login.
     *
     * @param nonce fresh for each login, printable ASCII without a comma
     * @throws GeneralSecurityException when SASLprep refuses the user or the password
     */
    public ScramSha256(Credentials credentials, String nonce) throws GeneralSecurityException {
        String user = new String(SaslPrep.prepared(credentials.user().toCharArray()));
        char[] given = credentials.password();
        char[] prepared = SaslPrep.prepared(given);
        this.password = PlainLogin.utf8(CharBuffer.wrap(prepared));
        Arrays.fill(given, '\0');
        Arrays.fill(prepared, '\0');
        this.nonce = nonce;
        this.firstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    /** The client-first-message. */
    public String first() {
        return HEADER + firstBare;
    }

    /**
     * The client-final-message for the server-first-message. Takes some milliseconds, up to a second at the most iterations allowed.
     *
     * @throws GeneralSecurityException when the challenge is not one, was not made for this login, or asks for fewer than 4096 or more than
     *     1 000 000 iterations
     */
    public String answer(String challenge) throws GeneralSecurityException {
        String[] parts = challenge.split(",", -1);
        if (parts.length < 3
                || !parts[0].startsWith("r=")
                || !parts[1].startsWith("s=")
                || !parts[2].startsWith("i=")) {
            throw new GeneralSecurityException("the server's challenge is not one of SCRAM");
        }
        String joined = parts[0].substring(2);
        if (!joined.startsWith(nonce) || joined.length() == nonce.length()) {
            throw new GeneralSecurityException("the server's challenge was not made for this login");
        }
        byte[] salt = decoded(parts[1].substring(2));
        int iterations = iterations(parts[2].substring(2));
        if (salt.length < MIN_SALT) {
            throw new GeneralSecurityException("the server's salt is too short");
        }
        byte[] salted = saltedPassword(salt, iterations);
        Arrays.fill(password, (byte) 0);
        byte[] clientKey = hmac(salted, "Client Key".getBytes(UTF_8));
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
        String withoutProof = "c=" + encoded(HEADER.getBytes(UTF_8)) + ",r=" + joined;
        byte[] message = (firstBare + "," + challenge + "," + withoutProof).getBytes(UTF_8);
        byte[] proof = xor(clientKey, hmac(storedKey, message));
        signature = hmac(hmac(salted, "Server Key".getBytes(UTF_8)), message);
        Arrays.fill(salted, (byte) 0);
        return withoutProof + ",p=" + encoded(proof);
    }

    /**
     * Checks the server-final-message.
     *
     * @throws GeneralSecurityException when it is an error, or the server's signature is missing or wrong
     */
    public void verify(String last) throws GeneralSecurityException {
        String first = last.split(",", 2)[0];
        if (first.startsWith("e=")) {
            throw new GeneralSecurityException("the server refuses the credentials");
        }
        boolean proven = signature.length > 0
                && first.startsWith("v=")
                && MessageDigest.isEqual(signature, decoded(first.substring(2)));
        if (!proven) {
            throw new GeneralSecurityException("the server did not prove that it knows the password");
        }
    }

    private static int iterations(String digits) throws GeneralSecurityException {
        boolean number = !digits.isEmpty() && digits.length() <= 7;
        for (int i = 0; number && i < digits.length(); i++) {
            number = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        int count = number ? Integer.parseInt(digits) : 0;
        if (count < MIN_ITERATIONS || count > MAX_ITERATIONS) {
            throw new GeneralSecurityException(
                    "the server's count of iterations is not " + MIN_ITERATIONS + " to " + MAX_ITERATIONS);
        }
        return count;
    }

    /** Hi() of RFC 5802: PBKDF2 with one block. */
    private byte[] saltedPassword(byte[] salt, int iterations) throws GeneralSecurityException {
        Mac mac = mac(password);
        mac.update(salt);
        byte[] last = mac.doFinal(FIRST_BLOCK);
        byte[] result = last.clone();
        for (int i = 1; i < iterations; i++) {
            last = mac.doFinal(last);
            for (int j = 0; j < result.length; j++) {
                result[j] ^= last[j];
            }
        }
        return result;
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        return mac(key).doFinal(message);
    }

    private static Mac mac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac;
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decoded(String text) throws GeneralSecurityException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the server's message is not base64");
        }
    }
}
