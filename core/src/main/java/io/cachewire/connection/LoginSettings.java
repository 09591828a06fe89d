package io.cachewire.connection;

import io.cachewire.CleartextCredentials;
import io.cachewire.CredentialsProvider;

/**
 * How a new connection logs in.
 *
 * @param credentials asked each time
 * @param cleartext whether a password may go over a network in clear
 */
public record LoginSettings(CredentialsProvider credentials, CleartextCredentials cleartext) {}
