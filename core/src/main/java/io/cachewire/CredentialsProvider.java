package io.cachewire;

/**
 * Gives the credentials for a login. It is asked for every new connection, on a thread that may wait, so that a changed password is in
 * use from the next connection on. The time it takes counts against the connect timeout. When it throws or returns null,
 * the connection fails with an {@link AuthenticationException} that names the class of the provider and of what it threw. The text of what it threw is told
 * nowhere, as it may have secrets: the exception's cause has the class and the stack trace only.
 */
@FunctionalInterface
public interface CredentialsProvider {
    /** The credentials for this server, as they are now. */
    Credentials credentialsFor(ServerAddress server);
}
