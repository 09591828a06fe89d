package io.cachewire.loading;

/** What becomes of a call when the cache fails. Errors of the caller, such as a key that cannot be sent, are thrown in any case. */
public enum CacheErrors {
    /** A read that fails is a load whose value is not stored; a write that fails is told to the listener alone. */
    LOAD,
    /** They are thrown. A loaded value is lost then when it cannot be stored. */
    THROW
}
