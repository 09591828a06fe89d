package io.cachewire.serialization.java;

/**
 * A key of a table whose hashes are known only when it is read.
 *
 * @param when how many objects have been read before it is put in, itself included
 * @param ordinal which of these objects it is; 0 for one that is still being read
 * @param equalVisits what comparing it with an equal one visits
 */
record KeyUse(HashTable table, int when, int ordinal, long equalVisits) {}
