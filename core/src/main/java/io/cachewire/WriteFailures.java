package io.cachewire;

/** What becomes of writes that could not be sent because their server is unavailable. */
public enum WriteFailures {
    /** The failure is thrown. The default. */
    THROW,
    /**
     * A write of which nothing was sent does nothing and is counted: a set returns, add, replace, append, prepend, touch and delete give false,
     * increment, decrement and update give null, {@code setAll} gives the key, {@code deleteAll} leaves it out, and fire-and-forget requests are
     * dropped. What may have been carried out, or was refused by the server, is thrown: a delete whose fate is not known is never hidden.
     * A {@code cas} and the meta commands always throw.
     */
    IGNORE
}
