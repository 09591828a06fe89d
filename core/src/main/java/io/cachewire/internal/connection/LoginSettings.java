package io.cachewire.internal.connection;

import io.cachewire.CleartextCredentials;
import io.cachewire.Credentials;
import io.cachewire.CredentialsProvider;
import io.cachewire.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a new connection logs in.
 *
 * @param credentials asked each time
 * @param cleartext whether a password may go over a network in clear
 */
public record LoginSettings(CredentialsProvider credentials, CleartextCredentials cleartext) {
    /** Asks the provider, which is code of the user's and may break its contract by giving null. */
    @Nullable
    Credentials given(ServerAddress server) {
        return credentials.credentialsFor(server);
    }

    /** Names the provider for messages: its class, for a lambda the class that it is written in. Its own text may be a secret. */
    String provider() {
        String name = credentials.getClass().getName();
        int hidden = name.indexOf('/');
        return hidden < 0 ? name : name.substring(0, hidden);
    }

    /** Nothing of the provider's. */
    @Override
    public String toString() {
        return "LoginSettings[" + provider() + ", " + cleartext + "]";
    }
}
