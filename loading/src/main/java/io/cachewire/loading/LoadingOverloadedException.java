package io.cachewire.loading;

/** As many loads as the view allows are running. */
public final class LoadingOverloadedException extends LoadingException {
    LoadingOverloadedException(int maxFlights) {
        super("overloaded: " + maxFlights + " loads are running (maxFlights)", null);
    }
}
