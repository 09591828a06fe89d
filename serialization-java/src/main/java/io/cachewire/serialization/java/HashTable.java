package io.cachewire.serialization.java;

/**
 * A hash table of a stream.
 *
 * @param id unique within the stream
 * @param slots of a table that looks for a free slot, or the buckets of one without trees
 * @param most what all comparisons of its keys may visit
 */
record HashTable(int id, Kind kind, int slots, long most) {
    enum Kind {
        /** Buckets become trees, sorted by hash, and where that is equal by {@code compareTo}. */
        TREES,
        /** Buckets stay lists. */
        LISTS,
        /** A key whose slot is taken goes to the next free one, and is compared with all on the way. */
        PROBING,
        /** Not hashed but compared with each other. */
        ORDERED
    }
}
