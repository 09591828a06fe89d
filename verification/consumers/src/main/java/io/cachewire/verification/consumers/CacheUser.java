package io.cachewire.verification.consumers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a consumer project that uses the client: a bean, a route, suspend functions. The checks call it from threads that may block. While
 * the server is unavailable each method must throw an exception in bounded time.
 */
public interface CacheUser {
    void set(String key, String value) throws Exception;

    /** The value, or null on a miss. */
    @Nullable
    String get(String key) throws Exception;

    /** The keys that were there, with their values. */
    Map<String, String> getAll(List<String> keys) throws Exception;

    /** Calls what only this project can call, and throws unless all of it is right. */
    void callItsOwn() throws Exception;

    /** Closes the client and everything that the project has started around it. */
    void close() throws Exception;

    /** Starts a project's part. */
    @FunctionalInterface
    interface Opening {
        /** Connects to one server, given as "host:port". */
        CacheUser open(String server) throws Exception;
    }
}
