package io.cachewire.loading;

import io.cachewire.Escaped;
import java.time.Duration;

/** A load was not done in time, or another process has not stored its value in time. */
public final class LoadingTimeoutException extends LoadingException {
    LoadingTimeoutException(String what, String key, Duration time) {
        super(what + " after " + time.toMillis() + " ms [key \"" + Escaped.text(key) + "\"]", null);
    }
}
