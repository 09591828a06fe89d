package io.cachewire.loading;

import org.jspecify.annotations.Nullable;

/**
 * What a view has for a key, as distinct from a miss.
 *
 * @param value the value; null when it is remembered that there is none
 * @param <V> type of the value
 */
public record Cached<V>(@Nullable V value) {}
