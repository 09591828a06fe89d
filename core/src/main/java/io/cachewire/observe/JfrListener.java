package io.cachewire.observe;

import io.cachewire.ServerAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls and connections to JDK Flight Recorder, while a recording runs: {@code io.cachewire.Call} for calls that take longer than the threshold of
 * the recording (20 ms unless it says otherwise), {@code io.cachewire.Connect} for each attempt to connect, and {@code io.cachewire.ConnectionLoss}. No event
 * has a key or a value. It needs the module {@code jdk.jfr}, which a run-time image made by jlink may not have.
 */
public final class JfrListener implements ClientListener {
    /**
     * A listener for one client or several.
     *
     * @throws IllegalStateException when this JVM has no Flight Recorder
     */
    public JfrListener() {
        if (!isAvailable()) {
            throw new IllegalStateException("this JVM has no Flight Recorder: the module jdk.jfr is missing");
        }
    }

    private static boolean isAvailable() {
        try {
            return FlightRecorder.isAvailable();
        } catch (LinkageError e) {
            return false;
        }
    }

    @Override
    public @Nullable Object callStarted(CallStart call) {
        CallEvent event = new CallEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    @Override
    public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
        if (!(started instanceof CallEvent event)) {
            return;
        }
        event.end();
        if (!event.shouldCommit()) {
            return;
        }
        Throwable error = end.error();
        event.verb = call.verb().name();
        event.namespace = call.namespace();
        event.keyCount = call.keyCount();
        event.outcome = end.outcome().name();
        event.error = error == null ? null : error.getClass().getName();
        event.server = text(end.server());
        event.attempts = end.attempts();
        event.commit();
    }

    @Override
    public void happened(ClientEvent event) {
        if (event instanceof ClientEvent.Connected connected) {
            connect(connected.server(), null);
        } else if (event instanceof ClientEvent.ConnectFailed failed) {
            connect(failed.server(), failed.reason());
        } else if (event instanceof ClientEvent.ConnectionLost lost) {
            ConnectionLossEvent loss = new ConnectionLossEvent();
            loss.server = text(lost.server());
            loss.reason = lost.reason();
            loss.commit();
        }
    }

    private static void connect(ServerAddress server, @Nullable String failure) {
        ConnectEvent connect = new ConnectEvent();
        connect.server = text(server);
        connect.failure = failure;
        connect.commit();
    }

    private static @Nullable String text(@Nullable ServerAddress server) {
        return server == null ? null : server.toString();
    }

    @Name("io.cachewire.Call")
    @Label("Memcached Call")
    @Category("Cachewire")
    @Description("A call of a client that took longer than the threshold")
    @Threshold("20 ms")
    @StackTrace(false)
    static final class CallEvent extends Event {
        @Label("Verb")
        @Nullable
        String verb;

        @Label("Namespace")
        @Nullable
        String namespace;

        @Label("Number of Keys")
        int keyCount;

        @Label("Outcome")
        @Nullable
        String outcome;

        @Label("Class of the Error")
        @Nullable
        String error;

        @Label("Server")
        @Nullable
        String server;

        @Label("Attempts")
        int attempts;
    }

    @Name("io.cachewire.Connect")
    @Label("Memcached Connect")
    @Category("Cachewire")
    @Description("An attempt to connect has ended")
    @StackTrace(false)
    static final class ConnectEvent extends Event {
        @Label("Server")
        @Nullable
        String server;

        @Label("Failure")
        @Nullable
        String failure;
    }

    @Name("io.cachewire.ConnectionLoss")
    @Label("Memcached Connection Loss")
    @Category("Cachewire")
    @Description("A connection broke that had been greeted")
    @StackTrace(false)
    static final class ConnectionLossEvent extends Event {
        @Label("Server")
        @Nullable
        String server;

        @Label("Reason")
        @Nullable
        String reason;
    }
}
