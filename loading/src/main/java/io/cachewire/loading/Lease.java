package io.cachewire.loading;

/**
 * The right to store what is loaded, as long as nobody has written or deleted the item since. It belongs to the process of the server that gave it.
 *
 * @param kind what the server holds meanwhile, and so how the lease is given back
 * @param cas the cas unique to compare with, to be read as unsigned; 0 where nothing can be compared
 * @param changes {@link io.cachewire.ClusterView#changes} before the lease was asked for
 */
record Lease(Kind kind, long cas, long changes) {
    enum Kind {
        /** An empty placeholder of the meta protocol. */
        PLACEHOLDER,
        /** A value that is old or marked stale, whose turn was won in meta. */
        OLD_VALUE,
        /** A value without a turn, which is replaced if it is still the same. */
        UNTAKEN,
        /** Our empty block with the LEASE flag, under text or binary. */
        ANNOUNCED,
        /** Nothing at all: the item is added if it is still absent. */
        NOTHING,
        /** An item whose cas unique the server does not tell: what is there is overwritten. */
        UNCOMPARED
    }

    /** Whether the server holds an empty item for it. */
    boolean isOnEmptyItem() {
        return kind == Kind.PLACEHOLDER || kind == Kind.ANNOUNCED;
    }
}
