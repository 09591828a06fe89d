package io.cachewire.internal.operation;

import io.cachewire.ClusterView;
import io.cachewire.ServerAddress;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import io.cachewire.internal.call.Wakeups;
import io.cachewire.internal.protocol.line.LineCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the faces need of the machinery below them. Nothing here blocks or suspends; all of it may be called from any thread.
 */
public interface Engine extends AutoCloseable {
    /** Sends an operation to the server of its key. The call ends in any case, by its deadline at the latest. */
    <R extends @Nullable Object> Call<R> submit(Operation<R> operation);

    /**
     * Sends an operation in a way that takes more than one request, of which only this engine knows the whole.
     *
     * @param way makes the call, with requests to the engine that it is given
     */
    default <R extends @Nullable Object> Call<R> submit(Operation<R> operation, Function<Engine, Call<R>> way) {
        return way.apply(this);
    }

    /**
     * Sends several operations, each to the server of its key, in as few writes as possible, as one call. On a closed client the whole call
     * fails, not each operation.
     *
     * @param combine makes the result of what became of them, on the caller's thread
     */
    <P extends @Nullable Object, R extends @Nullable Object> Call<R> submitAll(
            List<? extends Operation<P>> operations, Function<? super Outcomes<P>, ? extends R> combine);

    /** Sends an operation without a key to every server. */
    <R extends @Nullable Object> Map<ServerAddress, Call<R>> submitToEach(Operation<R> operation);

    /**
     * Sends an operation to one server, whatever its key.
     *
     * @throws io.cachewire.IllegalRequestException when it is none of the client's
     */
    <R extends @Nullable Object> Call<R> submitTo(ServerAddress server, Operation<R> operation);

    /** The server that an operation goes to by its key. */
    ServerAddress serverOf(Operation<?> operation);

    /**
     * A command on a connection of its own; nothing is opened before the first line is asked for.
     *
     * @param timeLimit for the whole of it, or null for none
     * @throws io.cachewire.IllegalRequestException when the server is none of the client's
     */
    LineSource open(ServerAddress server, LineCommand command, @Nullable Duration timeLimit);

    /** Whether a connection that is open now has proven the meta protocol; null when none was asked to. */
    @Nullable
    Boolean hasProvenMeta(ServerAddress server);

    /** The versions of the servers as far as they were asked. */
    ServerVersions versions();

    /**
     * Sends an operation for which no answer is wanted.
     *
     * @throws io.cachewire.MemcachedException when it is known at once that it cannot be sent
     */
    void submitQuietly(Operation<?> operation);

    /** The servers and how they stand. */
    ClusterView cluster();

    /**
     * Fails on a thread that must not wait for replies.
     *
     * @throws IllegalStateException on the I/O thread
     */
    void checkMayBlock();

    /** How those who wait for calls, and do not keep a thread for it, go on. */
    Wakeups wakeups();

    /** Drops all connections; the next call makes new ones. What was pending on the old ones fails. */
    void disconnectAll();

    /** Opens every connection that there may be, to servers that are not in a back-off time; does not wait for them. */
    void connectAll();

    /**
     * Refuses new calls as a closed client does; the call ends with true when all that were accepted before have ended and all fire-and-forget
     * requests are with the servers, or with false after the limit. {@link #close} is to follow.
     */
    Call<Boolean> drain(Duration limit);

    /** Ends the client: new and pending calls fail, threads and sockets are gone when it returns. Safe to repeat. */
    @Override
    void close();
}
