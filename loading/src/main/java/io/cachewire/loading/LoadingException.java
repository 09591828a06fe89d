package io.cachewire.loading;

import org.jspecify.annotations.Nullable;

/** A value could not be loaded, or names not be forgotten, for a reason of the cache's. What the loader itself throws, unchecked, comes out as it is. */
public abstract sealed class LoadingException extends RuntimeException
        permits GenerationUnavailableException,
                LoadFailedException,
                LoadingCycleException,
                LoadingOverloadedException,
                LoadingTimeoutException {
    LoadingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
