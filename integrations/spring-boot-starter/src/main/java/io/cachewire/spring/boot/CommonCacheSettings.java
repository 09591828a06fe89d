package io.cachewire.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be set for all caches and for one. */
public class CommonCacheSettings {
    private @Nullable Duration timeToLive;
    private @Nullable Boolean cacheNullValues;
    private @Nullable Duration refreshAhead;
    private @Nullable Duration failSafe;
    private @Nullable Duration lease;
    private @Nullable Duration maxWait;
    private @Nullable Duration loadTimeout;

    public @Nullable Duration getTimeToLive() {
        return timeToLive;
    }

    public void setTimeToLive(@Nullable Duration timeToLive) {
        this.timeToLive = timeToLive;
    }

    public @Nullable Boolean getCacheNullValues() {
        return cacheNullValues;
    }

    public void setCacheNullValues(@Nullable Boolean cacheNullValues) {
        this.cacheNullValues = cacheNullValues;
    }

    public @Nullable Duration getRefreshAhead() {
        return refreshAhead;
    }

    public void setRefreshAhead(@Nullable Duration refreshAhead) {
        this.refreshAhead = refreshAhead;
    }

    public @Nullable Duration getFailSafe() {
        return failSafe;
    }

    public void setFailSafe(@Nullable Duration failSafe) {
        this.failSafe = failSafe;
    }

    public @Nullable Duration getLease() {
        return lease;
    }

    public void setLease(@Nullable Duration lease) {
        this.lease = lease;
    }

    public @Nullable Duration getMaxWait() {
        return maxWait;
    }

    public void setMaxWait(@Nullable Duration maxWait) {
        this.maxWait = maxWait;
    }

    public @Nullable Duration getLoadTimeout() {
        return loadTimeout;
    }

    public void setLoadTimeout(@Nullable Duration loadTimeout) {
        this.loadTimeout = loadTimeout;
    }
}
