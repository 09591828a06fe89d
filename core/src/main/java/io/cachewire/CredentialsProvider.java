package io.cachewire;

/**
 * Gives the credentials for a login. It is asked for every new connection, on a thread that may wait, so that a changed password is in
 * use from the next connection on. The time it takes counts against the connect timeout; when it throws, the connection fails.
 */
@FunctionalInterface
public interface CredentialsProvider {
    /** The credentials for this server, as they are now. */
    Credentials credentialsFor(ServerAddress server);
}
