package io.cachewire.loading;

import io.cachewire.Escaped;

/** A loader threw a checked exception, which is the cause, or broke the rules for its result. */
public final class LoadFailedException extends LoadingException {
    LoadFailedException(String key, Throwable cause) {
        super(
                "the load of \"" + Escaped.text(key) + "\" failed: "
                        + cause.getClass().getName(),
                cause);
    }

    LoadFailedException(String message) {
        super(message, null);
    }
}
