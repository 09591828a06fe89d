package io.cachewire.spring;

/**
 * What one cache has counted in this process since it was made.
 *
 * @param hits reads that found a value
 * @param misses reads that found none, failed reads included
 * @param puts values given to {@code put} and {@code putIfAbsent}, and loaded ones
 * @param evictions calls of {@code evict} and {@code evictIfPresent}
 */
public record CacheStatistics(long hits, long misses, long puts, long evictions) {}
