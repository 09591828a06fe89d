package io.cachewire.micrometer;

import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.micrometer.observation.Observation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of an observed call. */
public class MemcachedObservationContext extends Observation.Context {
    private final CallStart call;
    private volatile @Nullable CallEnd end;

    /** Of a call that starts. */
    public MemcachedObservationContext(CallStart call) {
        this.call = Objects.requireNonNull(call, "call");
    }

    /** What was asked for. */
    public CallStart call() {
        return call;
    }

    /** How it ended; null until it has. */
    public @Nullable CallEnd end() {
        return end;
    }

    void ended(CallEnd with) {
        end = with;
    }
}
