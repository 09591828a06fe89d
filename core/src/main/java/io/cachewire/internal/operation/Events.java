package io.cachewire.internal.operation;

import io.cachewire.observe.ClientEvent;

/** Where the engine tells what happens to its connections and servers. Neither method blocks for user code or throws; any thread may call them. */
public interface Events extends AutoCloseable {
    /** Nobody listens. */
    Events NONE = new Events() {
        @Override
        public void tell(ClientEvent event) {}

        @Override
        public void close() {}
    };

    /** Something happened. */
    void tell(ClientEvent event);

    /** The client ends: nobody is told of anything any more. */
    @Override
    void close();
}
