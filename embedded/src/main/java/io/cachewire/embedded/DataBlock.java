package io.cachewire.embedded;

/** A data block on its way in: how long it is, and the command that waits for it. */
record DataBlock(int length, Completion completion) {
    /** Takes the data block without its line end. */
    @FunctionalInterface
    interface Completion {
        void received(byte[] value, Ending ending);
    }

    /** What stood where the line end of the block belongs. */
    enum Ending {
        LINE_END,
        OTHER,
        /** The block was skipped, as there was no memory for it; the value is empty. */
        NO_MEMORY
    }
}
