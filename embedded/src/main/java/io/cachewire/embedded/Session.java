package io.cachewire.embedded;

/** What a command may do with the connection it came on. */
interface Session {
    /** Appends to the replies; the bytes are referred to, not copied. */
    void write(byte[] bytes);

    /** Appends to the replies, one byte per character. */
    void write(String text);

    /** Takes the next bytes of the input for the data block of a command. */
    void expect(DataBlock block);

    /** Skips the next bytes of the input. */
    void swallow(long length);

    /** Runs the rest of a command step by step, each when there is room for its reply. */
    void run(Steps steps);

    /** Closes the connection when the replies are written. */
    void quit();

    /** Closes the connection at once. */
    void drop();
}
