package io.cachewire.loading;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a loader found, with a time to live of its own.
 *
 * @param value the value; null when there is none
 * @param ttl how long it is fresh; null for the view's setting
 * @param <V> type of the value
 */
public record Loaded<V>(@Nullable V value, @Nullable Duration ttl) {
    /** A value with the view's time to live. */
    public static <V> Loaded<V> of(@Nullable V value) {
        return new Loaded<>(value, null);
    }

    /** A value with a time to live of its own. */
    public static <V> Loaded<V> of(@Nullable V value, Duration ttl) {
        return new Loaded<>(value, Objects.requireNonNull(ttl, "ttl"));
    }
}
