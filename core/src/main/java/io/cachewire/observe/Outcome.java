package io.cachewire.observe;

/** How a call ended. A closed list, so that it may be a label of a metric. */
public enum Outcome {
    /** The item was there: read, touched, counted, deleted or marked stale. Of several keys: one at least was. */
    HIT,
    /** The item was absent, or its serde took it for a miss. Of several keys: all were absent. */
    MISS,
    /** The value was stored. Of several keys: all were. */
    STORED,
    /** The server did not store the value, because of its condition. */
    NOT_STORED,
    /** A command to a server was carried out. */
    DONE,
    /** A fire-and-forget request was accepted. What becomes of it is not known. */
    SENT,
    /**
     * The call failed, and {@link CallEnd#error} says why, also where a setting of the client hides it from the caller. Of several keys: one at
     * least failed.
     */
    ERROR,
    /** The caller let go of the call before it took the result. */
    CANCELLED
}
