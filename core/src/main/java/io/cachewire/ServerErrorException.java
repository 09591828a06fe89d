package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The server answered {@code SERVER_ERROR}, {@code CLIENT_ERROR} or {@code ERROR}. For a {@code SERVER_ERROR} (out of memory, say)
 * the same call may succeed later.
 */
public final class ServerErrorException extends MemcachedException {
    private final boolean retryable;

    /** Made by the operations; {@code line} is the server's error line. */
    public ServerErrorException(
            String line, boolean retryable, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super("the server answered: " + Escaped.text(line), Delivery.ANSWERED, server, key, null);
        this.retryable = retryable;
    }

    /** True when the fault was the server's state and not the request. */
    public boolean isRetryable() {
        return retryable;
    }
}
