package io.cachewire;

/** Which dialect is spoken to the servers. */
public enum Protocol {
    /**
     * The meta dialect on each connection on which the server proves that it speaks it as memcached 1.6.18 and later do; the text dialect
     * where its answers say that it does not, or where it closes the connection at the question. Always text over UDP, where a proof says
     * nothing about who gets the next datagram.
     */
    AUTO,
    /**
     * The meta commands of memcached 1.6.18 and later. The server has to prove them on each connection before anything else is sent; one that
     * does not is an error. Over UDP it has to prove them again after each lost reply, and every 30 seconds.
     */
    META,
    /** The classic text commands. Counters with an initial value and stale marks are not available. */
    TEXT,
    /**
     * The binary protocol, which memcached calls deprecated: for servers that want a SASL login, and for those that speak nothing else.
     * Stale marks, verbosity, and what only meta tells of an item are not available; a cas unique of 0 is refused.
     */
    BINARY
}
