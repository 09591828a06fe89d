package io.cachewire.internal.operation;

import io.cachewire.ClusterView;
import io.cachewire.observe.ClientEvent;

/**
 * Where the engine tells what happens to its connections and servers. No method throws, and any thread may
 * call them. {@link #tell} does not wait for user code.
 */
public interface Events extends AutoCloseable {
    /** Nobody listens. */
    Events NONE = new Events() {
        @Override
        public void opened(ClusterView servers) {}

        @Override
        public void tell(ClientEvent event) {}

        @Override
        public void close() {}
    };

    /** The client was made; told once, before anything else. The view does not refer to the cluster. */
    void opened(ClusterView servers);

    /** Something happened. */
    void tell(ClientEvent event);

    /** The client ends: nobody is told of anything any more. */
    @Override
    void close();
}
