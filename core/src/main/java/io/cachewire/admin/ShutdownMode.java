package io.cachewire.admin;

/** How a server is to end. */
public enum ShutdownMode {
    /** At once. */
    NOW,
    /** After it has let connections finish and, with a memory file, written its state; servers before 1.6 do not know it. */
    GRACEFUL
}
