package io.cachewire.embedded;

/** What a storing command wants to find before it stores. */
enum StoreMode {
    SET,
    ADD,
    REPLACE,
    APPEND,
    PREPEND,
    CAS,
    /** As {@link #CAS}, but an older cas unique stores too and leaves the item stale (meta flag {@code I}). */
    CAS_OR_STALE
}
