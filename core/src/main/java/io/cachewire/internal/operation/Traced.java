package io.cachewire.internal.operation;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** What is to be told of a call of one operation that has ended; asked after its result was taken, on the same thread. */
public interface Traced {
    /** The reply, or null when it has ended without one. */
    @Nullable
    Reply reply();

    /** Why it has ended without a reply, made anew; null when it did not fail so. */
    @Nullable
    MemcachedException failure();

    /** Where the last attempt went, as far as known. */
    @Nullable
    ServerAddress server();

    /** How often the request was handed to a connection. */
    int attempts();
}
