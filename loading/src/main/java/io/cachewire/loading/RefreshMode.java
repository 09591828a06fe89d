package io.cachewire.loading;

/** What the one caller does that has won the turn to reload a value which is still fresh. */
public enum RefreshMode {
    /** It returns the value that is there; the load runs behind it. */
    BEHIND,
    /** It loads, and returns the new value. */
    FIRST
}
