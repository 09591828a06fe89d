package io.cachewire.loading;

import io.cachewire.Escaped;
import java.util.List;
import java.util.stream.Collectors;

/** A load asked, directly or by way of other loads, for the key that it loads. */
public final class LoadingCycleException extends LoadingException {
    private final transient List<String> keys;

    LoadingCycleException(List<String> keys) {
        super(
                "a load waits for itself: "
                        + keys.stream()
                                .map(key -> "\"" + Escaped.text(key) + "\"")
                                .collect(Collectors.joining(" waits for ")),
                null);
        this.keys = List.copyOf(keys);
    }

    /** The keys of the cycle as they are sent, the first one again at the end. */
    public List<String> keys() {
        return keys;
    }
}
