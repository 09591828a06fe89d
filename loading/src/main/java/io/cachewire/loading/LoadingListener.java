package io.cachewire.loading;

/**
 * Told of what callers do not see. Called on the thread that found out, which may be one that completes futures: to be quick, and not to
 * throw. What it throws is logged.
 */
public interface LoadingListener {
    /** A read or write of the cache failed, and the call went on without it. */
    default void cacheFailed(String key, Throwable failure) {}

    /** A loaded value was not stored: the item was written or invalidated meanwhile, or the lease was lost. */
    default void notStored(String key) {}

    /**
     * A load has given a value, or null for none; it is not stored yet.
     *
     * @param nanos how long the loader took
     */
    default void loaded(String key, long nanos) {}

    /** A turn that another process kept for longer than a lease was taken from it. */
    default void turnFreed(String key) {}

    /** A load failed, and an older value was served in its place, or nobody waited for it. */
    default void loadFailed(String key, Throwable failure) {}
}
