package io.cachewire.operation;

import io.cachewire.Expiry;
import io.cachewire.FailureMode;
import io.cachewire.IllegalRequestException;
import io.cachewire.Key;
import io.cachewire.KeyPolicy;
import io.cachewire.NamespaceRouting;
import io.cachewire.serde.SerdeChain;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What all operations of one view of the client share. A view made from another differs in one of these.
 *
 * @param serdes how values are encoded and decoded
 * @param keys how keys go on the wire
 * @param namespace put in front of every key
 * @param namespaceRouting whether the namespace is hashed
 * @param defaultExpiry for writes that name none
 * @param timeoutNanos total time of a call
 * @param maxValueBytes no longer data block is sent
 * @param failureMode what a failed read looks like
 * @param wallClock for expiry beyond 30 days, which is sent as a date
 */
public record Scope(
        SerdeChain serdes,
        KeyPolicy keys,
        String namespace,
        NamespaceRouting namespaceRouting,
        Expiry defaultExpiry,
        long timeoutNanos,
        int maxValueBytes,
        FailureMode failureMode,
        InstantSource wallClock) {

    /** The key to send, with the place where it belongs. */
    Key key(CharSequence name) {
        Key key = Key.of(name);
        Key whole = key.prefixed(namespace);
        if (namespaceRouting == NamespaceRouting.NOT_HASHED && !namespace.isEmpty()) {
            whole = key.renamed(whole.name());
        }
        return keys.rewriting().apply(whole, namespace);
    }

    /** The same with a longer namespace. */
    public Scope within(String inner) {
        return new Scope(
                serdes,
                keys,
                namespace + inner,
                namespaceRouting,
                defaultExpiry,
                timeoutNanos,
                maxValueBytes,
                failureMode,
                wallClock);
    }

    /** The same with other serdes. */
    public Scope withSerdes(SerdeChain others) {
        return new Scope(
                others,
                keys,
                namespace,
                namespaceRouting,
                defaultExpiry,
                timeoutNanos,
                maxValueBytes,
                failureMode,
                wallClock);
    }

    /**
     * The same with another total time for each call.
     *
     * @throws IllegalRequestException when it is zero, negative or above a day
     */
    public Scope withTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalRequestException("a timeout must be above zero and at most a day, not " + timeout);
        }
        return new Scope(
                serdes,
                keys,
                namespace,
                namespaceRouting,
                defaultExpiry,
                timeout.toNanos(),
                maxValueBytes,
                failureMode,
                wallClock);
    }
}
