package io.cachewire;

/** Whether a password may go over a connection on which others can read it. */
public enum CleartextCredentials {
    /**
     * Only TLS, Unix domain sockets and loopback carry a password. Elsewhere a login by SCRAM is still possible, because it does not show
     * the password; any other ends with an {@link AuthenticationException}.
     */
    REFUSED,
    /** Any connection carries it: whoever can read the network can read the password. */
    ALLOWED
}
