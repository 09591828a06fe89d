package io.cachewire.spring.boot;

import io.cachewire.ClientBuilder;

/** Changes the client that is configured automatically, after the properties have been applied. */
@FunctionalInterface
public interface ClientBuilderCustomizer {
    /** Called once for the client. */
    void customize(ClientBuilder<?> builder);
}
