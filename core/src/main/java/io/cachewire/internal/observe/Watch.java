package io.cachewire.internal.observe;

import io.cachewire.ServerAddress;
import io.cachewire.internal.call.Wakeups;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call as its listeners see it: told of the start when it is made, and of the end once. */
final class Watch {
    private final Listeners listeners;
    private final CallStart call;
    private final Wakeups clock;
    private final long bytesSent;
    private final List<@Nullable Object> tokens;
    private final long startedAt;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /** What has been found out about a call when it ends. */
    record Facts(@Nullable ServerAddress server, int attempts, int hits, int misses, long bytesReceived) {
        static final Facts NONE = new Facts(null, 1, 0, 0, 0);
    }

    Watch(Listeners listeners, CallStart call, long bytesSent, Wakeups clock) {
        this.listeners = listeners;
        this.call = call;
        this.clock = clock;
        this.bytesSent = bytesSent;
        this.startedAt = clock.nanos();
        this.tokens = listeners.started(call);
    }

    void ended(Outcome outcome, @Nullable Throwable error, Facts facts) {
        if (isTold.compareAndSet(false, true)) {
            CallEnd end = new CallEnd(
                    outcome,
                    error,
                    facts.server(),
                    facts.attempts(),
                    facts.hits(),
                    facts.misses(),
                    bytesSent,
                    facts.bytesReceived(),
                    clock.nanos() - startedAt);
            listeners.ended(call, end, tokens);
        }
    }
}
