package io.cachewire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one server stands, at the moment of the look.
 *
 * @param address which server
 * @param health whether it is used
 * @param failures failures in a row that counted; 0 when unknown or live
 * @param inState for how long it has been so
 * @param nextProbe the time to the next attempt in the background, zero while one is under way; null when none is due
 * @param lastFailure what happened last, also when that is over; null when nothing ever did
 */
public record ServerState(
        ServerAddress address,
        Health health,
        int failures,
        Duration inState,
        @Nullable Duration nextProbe,
        @Nullable String lastFailure) {
    /** Whether a server is used. */
    public enum Health {
        /** Nobody has tried it since the client was made, or since its failures were forgotten. */
        UNKNOWN,
        /** It has greeted, and nothing has spoken against it since. */
        LIVE,
        /** It failed, but not often enough; after a failed attempt to connect its calls fail until the next attempt. */
        SUSPECT,
        /** Its calls fail at once, or go elsewhere, until a probe has been greeted. */
        DEAD
    }
}
