package io.cachewire.embedded;

/** The rest of a command whose reply may be too long to be held in memory at once. */
interface Steps {
    /** Writes a part of the reply; false after the last one. */
    boolean next();

    /** About how many bytes of memory it holds itself. */
    long held();
}
