package io.cachewire.loading;

import io.cachewire.loading.Reading.Content;
import io.cachewire.loading.Reading.Dialect;
import io.cachewire.loading.Reading.Whose;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller does after a read: a pure function of what was found and of the settings.
 *
 * @param step what it does
 * @param lease what it may store with when it loads; null when nothing is stored
 * @param mayServe whether the item may be used when there is nothing better
 * @param cas the cas unique that was seen; 0 for none
 */
record Decision(Step step, @Nullable Lease lease, boolean mayServe, long cas) {
    enum Step {
        /** It returns what was found. */
        SERVE,
        /** It returns what was found although its time is over, because a load has failed a short while ago. */
        SERVE_STALE,
        /** It returns what was found, and a load runs behind it. */
        REFRESH,
        /** It loads. */
        LOAD,
        /** It waits for another process. */
        WAIT
    }

    /**
     * @param isThrottled whether a load of the key has failed a short while ago
     * @param isEarly whether chance wants an early refresh where no server arbitrates
     */
    static Decision of(Reading<?> found, LoadingSettings settings, boolean isThrottled, boolean isEarly) {
        return switch (found.content()) {
            case NOTHING, PLACEHOLDER -> ofNothing(found);
            case ABSENT, VALUE -> ofItem(found, settings, isThrottled, isEarly);
        };
    }

    private static Decision ofNothing(Reading<?> found) {
        return switch (found.turn()) {
            case ANOTHERS -> new Decision(Step.WAIT, null, false, found.cas());
            case MINE -> new Decision(Step.LOAD, lease(found), false, found.cas());
            case NOBODY -> new Decision(Step.LOAD, lease(found), false, 0);
        };
    }

    private static Decision ofItem(Reading<?> found, LoadingSettings settings, boolean isThrottled, boolean isEarly) {
        boolean isMine = found.turn() == Whose.MINE;
        Lease lease = lease(found);
        if (found.isExpired(settings)) {
            if (isThrottled) {
                return new Decision(Step.SERVE_STALE, isMine ? lease : null, true, found.cas());
            }
            return found.turn() == Whose.ANOTHERS
                    ? new Decision(Step.WAIT, null, true, found.cas())
                    : new Decision(Step.LOAD, lease, true, found.cas());
        }
        if (isMine) {
            boolean isAhead = !found.isStale() || isAhead(found, settings);
            boolean isBehind = isAhead && settings.refreshMode() == RefreshMode.BEHIND;
            return new Decision(isBehind ? Step.REFRESH : Step.LOAD, lease, true, found.cas());
        }
        return isEarly && found.turn() == Whose.NOBODY
                ? new Decision(Step.REFRESH, lease, true, found.cas())
                : new Decision(Step.SERVE, null, true, found.cas());
    }

    /** Whether the value is in its last, fresh part: a turn that was given back there is marked stale, too. */
    private static boolean isAhead(Reading<?> found, LoadingSettings settings) {
        Duration fresh = found.freshFor(settings);
        Duration ahead = settings.refreshAhead();
        return ahead != null && fresh != null && fresh.compareTo(ahead) < 0;
    }

    /** What a caller with the turn may store with. */
    static Lease lease(Reading<?> found) {
        Lease.Kind kind;
        if (found.content() == Content.NOTHING) {
            kind = Lease.Kind.NOTHING;
        } else if (found.cas() == 0) {
            kind = Lease.Kind.UNCOMPARED;
        } else if (found.turn() != Whose.MINE) {
            kind = Lease.Kind.UNTAKEN;
        } else if (found.content() == Content.PLACEHOLDER) {
            kind = found.dialect() == Dialect.META ? Lease.Kind.PLACEHOLDER : Lease.Kind.ANNOUNCED;
        } else {
            kind = Lease.Kind.OLD_VALUE;
        }
        return new Lease(kind, found.cas(), found.changes());
    }
}
