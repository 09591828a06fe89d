package io.cachewire;

/** What becomes of a read whose value cannot be decoded: one of another version of a class, or of another program. */
public enum Undecodable {
    /** It throws a {@link SerdeException}. The default: an error is not a miss. */
    THROW,
    /**
     * It is a miss, counted and logged as a warning at most once a minute, so that a value of an old version is loaded anew. A type
     * that no serde takes still throws, because that is the caller's error.
     */
    MISS
}
