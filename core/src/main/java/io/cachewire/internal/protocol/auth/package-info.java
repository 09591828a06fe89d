/** Logging in: SASL PLAIN and SCRAM-SHA-256. */
@NullMarked
package io.cachewire.internal.protocol.auth;

import org.jspecify.annotations.NullMarked;
