package io.cachewire.embedded;

/**
 * What became of a storing command.
 *
 * @param cas the new cas unique, 0 when nothing was stored
 */
record StoreOutcome(Status status, long cas) {
    enum Status {
        STORED,
        EXISTS,
        NOT_FOUND,
        NOT_STORED
    }

    static StoreOutcome not(Status status) {
        return new StoreOutcome(status, 0);
    }
}
