package io.cachewire;

/** What became of a compare-and-set. */
public enum CasResult {
    /** The version was still the one given; the new value is stored. */
    STORED,
    /** Someone else wrote the item in between; nothing was stored. */
    EXISTS,
    /** The item is gone; nothing was stored. */
    NOT_FOUND
}
