package io.cachewire;

/** Which dialect is spoken to the servers. */
public enum Protocol {
    /** Each connection asks the server with {@code mn}: one that answers {@code MN} gets the meta dialect, any other the text dialect. */
    AUTO,
    /** The meta commands (memcached 1.6 and later); a server that does not know them is an error. */
    META,
    /** The classic text commands. Counters with an initial value and stale marks are not available. */
    TEXT,
    /**
     * The binary protocol, which memcached calls deprecated: for servers that want a SASL login, and for those that speak nothing else.
     * Stale marks, verbosity, and what only meta tells of an item are not available; a cas unique of 0 is refused.
     */
    BINARY
}
