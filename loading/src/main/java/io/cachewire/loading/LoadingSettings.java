package io.cachewire.loading;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a view is set up; what each setting means, and its default, stands at {@link LoadingBuilder}.
 *
 * @param ttl how long a value is fresh, or null for ever
 * @param jitter the share of the time to live that is taken off at random
 * @param refreshAhead the time before the end at which one caller reloads, or null
 * @param refreshMode what that caller does
 * @param leases whether one caller of the fleet loads
 * @param lease the time that it has
 * @param leaseFor for which keys
 * @param maxWait how long others wait for it
 * @param waitOver what they do then
 * @param loadTimeout how long others of this process wait for a load
 * @param softTimeout how long a caller waits who could have an old value, or null for as long as it takes
 * @param failSafe how long a value is kept after its end for the case that loading fails, or null
 * @param throttle how long no new load is begun after a failure while an old value is there
 * @param fleetThrottle whether a winner that failed keeps the turn
 * @param absent how long it is remembered that a loader found nothing, or null
 * @param staleFor how long an invalidated value is served while one caller reloads, or null for a delete
 * @param forgettable whether all values can be forgotten together
 * @param generationCheck how long a process uses the generation that it has read
 * @param generationOutage how much longer when it cannot be read
 * @param near how a process keeps copies; null for none
 * @param cacheErrors what becomes of a call when the cache fails
 * @param maxFlights loads of this view at once
 * @param listener told of what callers do not see
 * @param refreshExecutor where loads run that no caller of the blocking face waits for; null for the client's callback executor
 */
public record LoadingSettings(
        @Nullable Duration ttl,
        double jitter,
        @Nullable Duration refreshAhead,
        RefreshMode refreshMode,
        boolean leases,
        Duration lease,
        @Nullable Predicate<? super String> leaseFor,
        Duration maxWait,
        WaitOver waitOver,
        Duration loadTimeout,
        @Nullable Duration softTimeout,
        @Nullable Duration failSafe,
        Duration throttle,
        boolean fleetThrottle,
        @Nullable Duration absent,
        @Nullable Duration staleFor,
        boolean forgettable,
        Duration generationCheck,
        Duration generationOutage,
        @Nullable NearSettings near,
        CacheErrors cacheErrors,
        int maxFlights,
        LoadingListener listener,
        @Nullable Executor refreshExecutor) {

    /** How long an item lives at most; null for ever. */
    @Nullable
    Duration longestTtl() {
        if (ttl == null) {
            return null;
        }
        Duration longest = absent != null && absent.compareTo(ttl) > 0 ? absent : ttl;
        return longest.plus(kept());
    }

    /** What is left to live when a value stops being fresh. */
    Duration kept() {
        return failSafe == null ? Duration.ZERO : failSafe;
    }

    /** Whether the key is loaded by one caller of the fleet. */
    boolean leases(String key) {
        return leases && (leaseFor == null || leaseFor.test(key));
    }
}
