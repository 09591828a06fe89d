package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The login to a server did not succeed, and nothing of the call was sent: the server refuses the credentials, it wants a login and the
 * client has none or the other way round, the two have no mechanism in common, or the password would have gone over the network in clear.
 * Calls go on failing at once with this until a later attempt, after the back-off time, succeeds.
 */
public final class AuthenticationException extends MemcachedException {
    /** Made by the connections. */
    public AuthenticationException(
            String what, @Nullable ServerAddress server, @Nullable CharSequence key, @Nullable Throwable cause) {
        super(what, Delivery.NOT_SENT, server, key, cause);
    }
}
