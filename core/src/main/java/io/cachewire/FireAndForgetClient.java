package io.cachewire;

import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.Operations;
import java.time.Duration;

/**
 * Writes for which no answer is wanted: each method returns when the request is queued. In the meta dialect requests go in their quiet form,
 * and a no-op behind each group of them makes sure that an error line is never taken for the reply of a later request. In the text dialect,
 * whose {@code noreply} cannot be fenced, the reply is read and dropped.
 *
 * <p>Each method throws what is known at once ({@link IllegalKeyException}, {@link SerdeException}, {@link OverloadedException},
 * {@link ConnectionLostException} while the server is in its back-off time, {@link ClientClosedException}); what goes wrong later is
 * counted ({@link ClusterView#failedFireAndForget}) and logged, at most two lines a minute for a server.
 */
public final class FireAndForgetClient {
    private final Engine engine;
    private final Operations operations;

    FireAndForgetClient(Engine engine, Operations operations) {
        this.engine = engine;
        this.operations = operations;
    }

    private void send(Operation<?> operation) {
        try {
            engine.submitQuietly(operation);
        } catch (MemcachedException e) {
            if (!operations.ignores(e)) {
                throw e;
            }
        }
    }

    /** Stores a value, with the default expiry. */
    public void set(CharSequence key, Object value) {
        send(operations.set(key, value, null));
    }

    /** Stores a value. */
    public void set(CharSequence key, Object value, Duration ttl) {
        set(key, value, Expiry.after(ttl));
    }

    /** Stores a value. */
    public void set(CharSequence key, Object value, Expiry expiry) {
        send(operations.set(key, value, expiry));
    }

    /** Stores a value if the key is absent. */
    public void add(CharSequence key, Object value, Expiry expiry) {
        send(operations.add(key, value, expiry));
    }

    /** Stores a value if the key is present. */
    public void replace(CharSequence key, Object value, Expiry expiry) {
        send(operations.replace(key, value, expiry));
    }

    /** Puts a text or bytes behind a stored value. */
    public void append(CharSequence key, Object value) {
        send(operations.append(key, value));
    }

    /** Puts a text or bytes before a stored value. */
    public void prepend(CharSequence key, Object value) {
        send(operations.prepend(key, value));
    }

    /** Deletes a key. */
    public void delete(CharSequence key) {
        send(operations.delete(key));
    }

    /** Adds 0 or more to a counter. */
    public void increment(CharSequence key, long by) {
        send(operations.increment(key, by, null, null));
    }

    /** Subtracts 0 or more from a counter, down to 0. */
    public void decrement(CharSequence key, long by) {
        send(operations.decrement(key, by, null, null));
    }

    /** Gives an item a new expiry. */
    public void touch(CharSequence key, Expiry expiry) {
        send(operations.touch(key, expiry));
    }
}
