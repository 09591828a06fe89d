package io.cachewire;

/** What a read looks like whose server could not be asked. Writes always fail with an exception. */
public enum FailureMode {
    /** The failure is thrown. The default: an error is not a miss. */
    THROW,
    /**
     * A lost or missing connection, a timeout, an overload or a server error is a miss. Errors of the caller, of the serde and of the
     * protocol are still thrown.
     */
    MISS
}
