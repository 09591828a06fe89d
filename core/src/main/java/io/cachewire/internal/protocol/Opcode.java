package io.cachewire.internal.protocol;

/** The verbs that a dialect can put on the wire. A dialect switches over all of them without a default. */
public enum Opcode {
    /** Value and flags of an item. */
    GET,
    /** Value, flags and cas unique. */
    GETS,
    /** Value and flags, and the cas unique if it is asked for, of several items. */
    GET_ALL,
    /** Value and everything else that the dialect can tell of an item. */
    ITEM,
    /** Value and flags, and a new exptime. */
    GET_AND_TOUCH,
    /** A new exptime. */
    TOUCH,
    /** Store in any case. */
    SET,
    /** Store when absent. */
    ADD,
    /** Store when present. */
    REPLACE,
    /** Put bytes behind the value of a present item. */
    APPEND,
    /** Put bytes before the value of a present item. */
    PREPEND,
    /** Store when the cas unique is still the one given. */
    CAS,
    /** Add to a decimal value, wrapping at 2^64. */
    INCREMENT,
    /** Subtract from a decimal value, stopping at 0. */
    DECREMENT,
    /** Remove an item. */
    DELETE,
    /** Mark an item stale, so that one reader is told to refresh it; meta only. */
    MARK_STALE,
    /** Any of the meta commands on an item, with meta flags of the caller's choice; meta only. */
    META,
    /** A command whose key goes as base64; meta only. */
    BASE64_KEY,
    /** Ask for a sign of life: the fence and the handshake. */
    NOOP,
    /** The server's version. */
    VERSION,
    /** Statistics, general or of one kind. */
    STATS,
    /** Invalidate all items, now or after a delay. */
    FLUSH_ALL,
    /** The verbosity of the server's log. */
    VERBOSITY
}
