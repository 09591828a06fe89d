package io.cachewire.internal.operation;

import io.cachewire.ConnectionLostException;
import io.cachewire.Expiry;
import io.cachewire.FailureMode;
import io.cachewire.IllegalRequestException;
import io.cachewire.Key;
import io.cachewire.KeyPolicy;
import io.cachewire.MemcachedException;
import io.cachewire.NamespaceRouting;
import io.cachewire.NamespaceRules;
import io.cachewire.OverloadedException;
import io.cachewire.RequestTimeoutException;
import io.cachewire.ServerErrorException;
import io.cachewire.WriteFailures;
import io.cachewire.serde.SerdeChain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

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
 * @param updateAttempts so many conflicts in a row end an update
 * @param failureMode what a failed read looks like
 * @param writeFailures what becomes of a write that could not be sent
 * @param ignoredWrites how many such writes were ignored, over all views of the client
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
        int updateAttempts,
        FailureMode failureMode,
        WriteFailures writeFailures,
        LongAdder ignoredWrites,
        InstantSource wallClock) {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    /** The key to send, with the place where it belongs. */
    Key key(CharSequence name) {
        Key key = Key.of(name);
        Key whole = key.prefixed(namespace);
        if (namespaceRouting == NamespaceRouting.NOT_HASHED && !namespace.isEmpty()) {
            whole = key.renamed(whole.name());
        }
        return keys.rewriting().apply(whole, namespace);
    }

    /**
     * The same with a longer namespace.
     *
     * @throws IllegalRequestException when no key can have it
     */
    public Scope within(String inner) {
        NamespaceRules.check(namespace + inner, keys);
        return new Scope(
                serdes,
                keys,
                namespace + inner,
                namespaceRouting,
                defaultExpiry,
                timeoutNanos,
                maxValueBytes,
                updateAttempts,
                failureMode,
                writeFailures,
                ignoredWrites,
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
                updateAttempts,
                failureMode,
                writeFailures,
                ignoredWrites,
                wallClock);
    }

    /**
     * The same with another total time for each call.
     *
     * @throws IllegalRequestException when it is zero, negative or above a day
     */
    public Scope withTimeout(Duration timeout) {
        checkTime("a timeout", timeout);
        return new Scope(
                serdes,
                keys,
                namespace,
                namespaceRouting,
                defaultExpiry,
                timeout.toNanos(),
                maxValueBytes,
                updateAttempts,
                failureMode,
                writeFailures,
                ignoredWrites,
                wallClock);
    }

    /**
     * Checks a time that somebody is to wait.
     *
     * @throws IllegalRequestException when it is zero, negative or above a day
     */
    public static void checkTime(String what, Duration time) {
        if (time.isZero() || time.isNegative() || time.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalRequestException(what + " must be above zero and at most a day, not " + time);
        }
    }

    /** The same with so much more time for each call, a day at most. */
    public Scope withMoreTime(Duration more) {
        Duration longer = Duration.ofNanos(timeoutNanos).plus(more);
        return withTimeout(longer.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : longer);
    }

    /** The same with another treatment of writes that cannot be sent. */
    public Scope withWriteFailures(WriteFailures how) {
        return new Scope(
                serdes,
                keys,
                namespace,
                namespaceRouting,
                defaultExpiry,
                timeoutNanos,
                maxValueBytes,
                updateAttempts,
                failureMode,
                Objects.requireNonNull(how, "how"),
                ignoredWrites,
                wallClock);
    }

    /** Whether a write that failed so is to be ignored; it is counted then. */
    boolean ignores(MemcachedException failure) {
        boolean ignored = writeFailures == WriteFailures.IGNORE
                && failure.delivery() == MemcachedException.Delivery.NOT_SENT
                && isFaultOfServer(failure);
        if (ignored) {
            ignoredWrites.increment();
        }
        return ignored;
    }

    /** True for what neither the caller nor a serde nor the protocol is to blame for. */
    static boolean isFaultOfServer(MemcachedException failure) {
        return failure instanceof ConnectionLostException
                || failure instanceof RequestTimeoutException
                || failure instanceof OverloadedException
                || failure instanceof ServerErrorException;
    }
}
