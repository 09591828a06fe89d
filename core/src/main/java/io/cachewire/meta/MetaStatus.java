package io.cachewire.meta;

/** What became of a meta command that changes an item. */
public enum MetaStatus {
    /** It was done ({@code HD}, {@code VA}). */
    DONE,
    /** The mode's condition did not hold: the item was there or was not ({@code NS}). */
    NOT_STORED,
    /** The item has another cas unique ({@code EX}). */
    EXISTS,
    /** There is no such item ({@code NF}). */
    NOT_FOUND
}
