package io.cachewire;

import io.cachewire.MemcachedException.Delivery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call that got no answer is sent again. It is asked on a thread that may run user code, never the I/O thread; the call's time
 * runs on, and ends it in any case. What throws counts as a no.
 *
 * <p>The client keeps these rules, whatever a policy says. A request that was not written when its connection broke moves to the next
 * connection by itself, three times at most. One of {@link Effect#ONCE} that may have been carried out is never sent again. Nor is a
 * call whose time is over, that got an answer, or that the caller let go of; nor any more than 16 times.
 */
@FunctionalInterface
public interface RetryPolicy {
    /**
     * The wait before the next attempt, zero for none; or null to give up. A wait that is longer than the time the call has left is
     * giving up.
     */
    @Nullable
    Duration waitBeforeRetry(Failed failed);

    /**
     * What is known of an attempt that failed.
     *
     * @param effect what sending it twice may do
     * @param delivery whether any attempt of this call may have been carried out
     * @param reason why there is no answer
     * @param attempts attempts so far, 1 or more, not counting moves to another connection
     * @param left the time until the call's deadline
     * @param server where the last attempt went
     */
    record Failed(Effect effect, Delivery delivery, Reason reason, int attempts, Duration left, ServerAddress server) {}

    /** What sending a request twice may do. */
    enum Effect {
        /** Nothing: it changes nothing. */
        READ,
        /**
         * It leaves the same item: set, delete, touch, get-and-touch, mark-stale. But a write of another client that came in between is
         * undone, and a delete that was carried out twice reports that nothing was there.
         */
        IDEMPOTENT,
        /** It may take effect twice, or fail because of itself: all others. */
        ONCE
    }

    /** Why there is no answer. */
    enum Reason {
        /** The connection broke. */
        LOST,
        /** There is no connection: none could be made, or the server is dead. Nothing was sent. */
        UNREACHABLE,
        /** A bound on pending requests was reached. Nothing was sent. */
        OVERLOADED,
        /** The server broke the protocol, and the connection was closed. */
        PROTOCOL
    }

    /** The default: a read whose connection broke is sent once more, at once. */
    static RetryPolicy standard() {
        return BuiltInRetries.STANDARD;
    }

    /** Nothing is sent again. */
    static RetryPolicy never() {
        return BuiltInRetries.NEVER;
    }

    /**
     * Reads, and what was not sent, are tried again: first after {@code first}, then after twice that, and so on, each wait shortened by a
     * random part of up to a half. Calls wait so for a server that is away for a moment, as long as they have time.
     *
     * @param retries 1 to 16
     * @param first above zero
     * @throws IllegalRequestException when one of them is out of its range
     */
    static RetryPolicy backingOff(int retries, Duration first) {
        return BuiltInRetries.backingOff(retries, first);
    }
}
