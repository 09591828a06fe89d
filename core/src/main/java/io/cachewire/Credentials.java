package io.cachewire;

import java.util.Objects;

/**
 * A user and a password for the login to servers. It is its own {@link CredentialsProvider}: the same for every server and connection.
 * The password is never shown: not by {@link #toString}, not in messages or logs.
 */
public final class Credentials implements CredentialsProvider {
    private static final int MAX_LENGTH = 512;

    private final String user;
    private final char[] password;

    private Credentials(String user, char[] password) {
        this.user = user;
        this.password = password;
    }

    /**
     * Credentials; the array is copied.
     *
     * @param user 1 to 512 characters, none of them a control character (CR, LF and NUL among them) or half a surrogate pair
     * @param password the same
     * @throws IllegalRequestException when one of them is something else
     */
    public static Credentials of(String user, char[] password) {
        char[] copy = password.clone();
        check("user", Objects.requireNonNull(user, "user").toCharArray());
        check("password", copy);
        return new Credentials(user, copy);
    }

    /** As {@link #of(String, char[])}; a string cannot be wiped, so that an array is better where there is one. */
    public static Credentials of(String user, String password) {
        return of(user, password.toCharArray());
    }

    /** The message tells where, and nothing of what. */
    private static void check(String what, char[] text) {
        if (text.length < 1 || text.length > MAX_LENGTH) {
            throw new IllegalRequestException("the " + what + " must have 1 to " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < text.length; i++) {
            boolean pair =
                    Character.isHighSurrogate(text[i]) && i + 1 < text.length && Character.isLowSurrogate(text[i + 1]);
            if (pair) {
                i++;
            } else if (Character.isISOControl(text[i]) || Character.isSurrogate(text[i])) {
                throw new IllegalRequestException("the " + what + " has an illegal character at index " + i);
            }
        }
    }

    /** The user. */
    public String user() {
        return user;
    }

    /** The password, in an array of the caller's own. */
    public char[] password() {
        return password.clone();
    }

    @Override
    public Credentials credentialsFor(ServerAddress server) {
        return this;
    }

    /** Says nothing. */
    @Override
    public String toString() {
        return "Credentials[not shown]";
    }
}
