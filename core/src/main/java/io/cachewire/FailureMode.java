package io.cachewire;

/**
 * What becomes of calls whose server is out of use. The first two leave every key on its server; the last two move the keys of a dead
 * server until it is back, for reads and writes alike, which costs consistency: see {@code docs/failures.md}.
 */
public enum FailureMode {
    /** The failure is thrown. The default: an error is not a miss. */
    THROW,
    /**
     * On reads a lost or missing connection, a timeout, an overload or a server error is a miss; writes throw. Errors of the caller, of
     * the serde and of the protocol are still thrown.
     */
    MISS,
    /**
     * Keys of a dead server live on the next one that the locator names for them. When there is no live one, or the locator has no
     * further choice, the failure is thrown.
     */
    REHASH,
    /**
     * Keys of a dead server live in a spare pool, with a short time to live: see {@link Gutter}. When that server is dead
     * too, the failure is thrown.
     */
    GUTTER;

    /** Whether keys of a dead server go elsewhere. */
    public boolean movesKeys() {
        return this == REHASH || this == GUTTER;
    }
}
