package io.cachewire.verification.servers.table;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.admin.WatchLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One try of an operation through one face: the face, keys that nobody else uses, and a look at the server beside the
 * client.
 */
record Attempt(Face face, Raw raw, ServerAddress server, String prefix) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A key of this attempt. */
    String key(String name) {
        return prefix + name;
    }

    /** A key of this attempt that has a value already. */
    String given(String name, String value) throws IOException {
        raw.set(key(name), value);
        return key(name);
    }

    @Nullable
    Object call(String operation, Object... arguments) throws Exception {
        return face.call(operation, arguments);
    }

    /** The operation must give this. */
    void gives(@Nullable Object expected, String operation, Object... arguments) throws Exception {
        Object result = call(operation, arguments);
        if (!Objects.equals(expected, result)) {
            throw new AssertionError(operation + " gave " + result + " instead of " + expected);
        }
    }

    /** What the operation gives must fulfil this. */
    <T> void fulfils(Class<T> type, Predicate<T> condition, String operation, Object... arguments) throws Exception {
        Object result = call(operation, arguments);
        if (!type.isInstance(result) || !condition.test(type.cast(result))) {
            throw new AssertionError(operation + " gave " + result);
        }
    }

    /** What stands on the server, seen past the client. */
    void stands(String name, @Nullable String expected) throws IOException {
        String found = raw.get(key(name));
        if (!Objects.equals(expected, found)) {
            throw new AssertionError("on the server " + name + " is " + found + " instead of " + expected);
        }
    }

    /** Waits until the face reads this; a write that nobody is told of has then arrived. */
    void becomes(String name, @Nullable String expected) throws Exception {
        long start = System.nanoTime();
        Object found = face.call("get", key(name), String.class);
        while (!Objects.equals(expected, found)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError(name + " remains " + found + " instead of " + expected);
            }
            found = face.call("get", key(name), String.class);
        }
    }

    /** Calls until the server is not at work on another such request; its answer to that has this word. */
    @Nullable
    Object patiently(String word, String operation, Object... arguments) throws Exception {
        long start = System.nanoTime();
        while (true) {
            try {
                return call(operation, arguments);
            } catch (MemcachedException e) {
                boolean busy = Outcome.of(e) instanceof Outcome.Refused refused
                        && refused.message().contains(word);
                if (!busy || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw e;
                }
            }
        }
    }

    /** The first event of a log, while items are stored. */
    Object firstEvent(Set<WatchLog> logs) throws Exception {
        ScheduledExecutorService stores = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "stores");
            thread.setDaemon(true);
            return thread;
        });
        try {
            stores.scheduleAtFixedRate(
                    () -> {
                        try {
                            given("watched", "v");
                            raw.get(key("watched"));
                            raw.delete(key("watched"));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    0,
                    20,
                    TimeUnit.MILLISECONDS);
            return Objects.requireNonNull(call("admin.watch", server, logs));
        } finally {
            stores.shutdownNow();
            stores.awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
