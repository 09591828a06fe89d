package io.cachewire.loading;

/**
 * What a view has counted since it was made.
 *
 * @param hits calls for a key that were answered by what the server had
 * @param nearHits keys that were answered by a copy in this process
 * @param loads loads that were begun
 * @param loadFailures loads that threw
 * @param leases turns that were won for a miss, each of which is an empty item on the server for the time of the load
 * @param joined calls that waited for another caller of this process, or for another process
 * @param stale calls that were answered by a value whose time was over
 * @param notStored loaded values that were not stored
 * @param cacheFailures reads and writes of the cache that failed
 * @param turnsFreed turns that were taken from a process that kept them for too long
 */
public record LoadingStats(
        long hits,
        long nearHits,
        long loads,
        long loadFailures,
        long leases,
        long joined,
        long stale,
        long notStored,
        long cacheFailures,
        long turnsFreed) {}
