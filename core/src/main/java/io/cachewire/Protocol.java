package io.cachewire;

/** Which dialect is spoken to the servers. */
public enum Protocol {
    /** Each connection asks the server with {@code mn}: one that answers {@code MN} gets the meta dialect, any other the text dialect. */
    AUTO,
    /** The meta commands (memcached 1.6 and later); a server that does not know them is an error. */
    META,
    /** The classic text commands. Counters with an initial value and stale marks are not available. */
    TEXT
}
