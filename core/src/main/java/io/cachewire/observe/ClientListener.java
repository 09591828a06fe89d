package io.cachewire.observe;

import io.cachewire.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * Told of the calls of a client or of a view. Any number of threads call it at once.
 *
 * <p>{@link #callStarted} runs on the thread that makes the call. {@link #callEnded} runs where the result is taken: on the thread of a blocking
 * caller, in the resumed coroutine, and for futures on the client's {@code callbackExecutor}, or on the thread that cancels. None of these is a
 * thread of the client, unless the executor is {@code Runnable::run}, which completes futures on the I/O thread. A listener that blocks delays its
 * own caller.
 *
 * <p>What a listener throws is logged, at most once a minute, and does not reach the caller. A listener of which one method
 * has thrown 100 times in a row is not called any more, which is logged as an error. Calls that a listener makes to a client while it is told are not told to any listener.
 *
 * <p>Not told: a call that is refused before there is a request, as for an illegal key or a value that cannot be encoded, a call over no keys, and the
 * dumps, logs and streams of {@code admin()}, which have connections of their own. {@code update} is told as the reads and writes that it makes.
 */
public interface ClientListener {
    /**
     * A call starts; nothing was sent yet.
     *
     * @return anything, handed to {@link #callEnded} of the same call
     */
    default @Nullable Object callStarted(CallStart call) {
        return null;
    }

    /**
     * A call has ended. Told once at most for each that was started, and not at all when nobody takes the result (a coroutine that is cancelled
     * after it was resumed and before its dispatcher runs it, an executor that drops its tasks).
     *
     * @param started what {@link #callStarted} returned; null also when it threw
     */
    default void callEnded(CallStart call, CallEnd end, @Nullable Object started) {}

    /**
     * Something happened to the connections or servers of the client. Told on a thread for that alone, one event after the other; up to 1024
     * wait, more are dropped and counted. Listeners of a view are not told.
     */
    default void happened(ClientEvent event) {}

    /**
     * A client was made with this listener; one listener may be set for several. Told on the thread that makes the client, before any other event.
     * Listeners of a view are not told.
     *
     * @param servers may be kept until {@link #closed}: it does not keep a client that is forgotten from being closed
     */
    default void opened(ClusterView servers) {}

    /**
     * A client that was told of is closed. Told once, behind all events, on the thread that closes the client, and for a client that was forgotten on its
     * {@code callbackExecutor}. Calls that were under way may end later.
     *
     * @param servers the object that {@link #opened} was given
     */
    default void closed(ClusterView servers) {}
}
