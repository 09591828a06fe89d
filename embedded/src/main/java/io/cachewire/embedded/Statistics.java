package io.cachewire.embedded;

/** The counters behind {@code stats}; touched only on the server's thread. */
final class Statistics {
    long totalConnections;
    long rejectedConnections;
    long getHits;
    long getMisses;
    long getExpired;
    long getFlushed;
    long setCommands;
    long flushCommands;
    long metaCommands;
    long touchHits;
    long touchMisses;
    long deleteHits;
    long deleteMisses;
    long incrHits;
    long incrMisses;
    long decrHits;
    long decrMisses;
    long casHits;
    long casMisses;
    long casBadValue;
    long storeTooLarge;
    long storeNoMemory;
    long totalItems;
    long evictions;
    long evictedUnfetched;
    long expiredUnfetched;
    long reclaimed;
    long bytesRead;
    long bytesWritten;

    /** Back to zero, as {@code stats reset} asks; what is stored now is counted elsewhere. */
    void reset() {
        totalConnections = 0;
        rejectedConnections = 0;
        totalItems = 0;
        getHits = 0;
        getMisses = 0;
        getExpired = 0;
        getFlushed = 0;
        setCommands = 0;
        flushCommands = 0;
        metaCommands = 0;
        touchHits = 0;
        touchMisses = 0;
        deleteHits = 0;
        deleteMisses = 0;
        incrHits = 0;
        incrMisses = 0;
        decrHits = 0;
        decrMisses = 0;
        casHits = 0;
        casMisses = 0;
        casBadValue = 0;
        storeTooLarge = 0;
        storeNoMemory = 0;
        evictions = 0;
        evictedUnfetched = 0;
        expiredUnfetched = 0;
        reclaimed = 0;
        bytesRead = 0;
        bytesWritten = 0;
    }
}
