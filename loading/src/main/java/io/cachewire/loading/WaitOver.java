package io.cachewire.loading;

/** What a caller does when another process has the turn for longer than {@code maxWait}. */
public enum WaitOver {
    /** One caller of this process loads; the value is returned and not stored. */
    LOAD_WITHOUT_STORING,
    /** What is there is used, however old; when there is nothing, as {@link #LOAD_WITHOUT_STORING}. */
    STALE,
    /** {@link LoadingTimeoutException}. */
    THROW
}
