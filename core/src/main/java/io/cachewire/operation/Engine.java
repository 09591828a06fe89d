package io.cachewire.operation;

import io.cachewire.ClusterView;
import io.cachewire.ServerAddress;
import io.cachewire.protocol.LineCommand;
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
     * Sends several operations, each to the server of its key, in as few writes as possible, as one call.
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

    /** True on the thread that takes the replies. */
    boolean isIoThread();

    /**
     * On the I/O thread only: has a step run when all replies that are there now have been taken.
     *
     * @param step neither blocks nor throws
     */
    void atEndOfTurn(Runnable step);

    /**
     * Lets this thread keep back requests, so that those of many coroutines go out in one write, until what is returned is closed. What is kept back
     * longer than a few milliseconds, because a coroutine blocks the thread, is written by another.
     *
     * @param dispatcher of the coroutines whose requests are meant
     */
    Held holdWrites(Object dispatcher);

    /** What this thread keeps back, or null when it is not to. */
    @Nullable
    Held heldWrites();

    /** Requests that a thread keeps back for a moment; for that thread only. */
    interface Held extends AutoCloseable {
        /** Whether it is for coroutines of this dispatcher. */
        boolean isOf(Object dispatcher);

        /** Whether what is submitted from here on may be kept back. That is meant for coroutines that suspend at once: no other caller may wait for it. */
        void hold(boolean holds);

        /** Writes all of it. */
        void write();

        /** Writes all of it; this thread keeps nothing back any more. */
        @Override
        void close();
    }

    /** The monotonic clock of the client, in nanoseconds. */
    long nanos();

    /**
     * Has a step run on the I/O thread; on this one when that has ended.
     *
     * @param step neither blocks nor throws
     */
    void onIoThread(Runnable step);

    /**
     * Has a step run within a few milliseconds, on the thread that sweeps deadlines, or when the client is closed.
     *
     * @param step neither blocks nor throws
     * @return false when the client was closed already; the step is not run then
     */
    boolean soon(Runnable step);

    /** Drops all connections; the next call makes new ones. What was pending on the old ones fails. */
    void disconnectAll();

    /** Ends the client: new and pending calls fail, threads and sockets are gone when it returns. Safe to repeat. */
    @Override
    void close();
}
