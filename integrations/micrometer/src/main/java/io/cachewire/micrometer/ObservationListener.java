package io.cachewire.micrometer;

import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Outcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Each call as an observation, from which handlers make meters and spans: {@link MemcachedObservation} has the names. Its parent is the observation that is current on the
 * thread, or in the coroutine, that makes the call. An observation costs more than a timer; the predicate chooses the calls that are worth it. Meters made from observations
 * have the name of the timer of {@link MicrometerListener}: install one of the two.
 */
public final class ObservationListener implements ClientListener {
    private static final MemcachedObservationConvention NAMES = new DefaultMemcachedObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable MemcachedObservationConvention convention;
    private final Predicate<? super CallStart> observed;

    /** Observes all calls, with the names of {@link MemcachedObservation}. */
    public ObservationListener(ObservationRegistry registry) {
        this(registry, null, any -> true);
    }

    /**
     * Observes chosen calls.
     *
     * @param registry where observations go
     * @param convention names of one's own; null for those of the registry, or the default ones
     * @param observed which calls; asked on each call
     */
    public ObservationListener(
            ObservationRegistry registry,
            @Nullable MemcachedObservationConvention convention,
            Predicate<? super CallStart> observed) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.convention = convention;
        this.observed = Objects.requireNonNull(observed, "observed");
    }

    @Override
    public @Nullable Object callStarted(CallStart call) {
        if (registry.isNoop() || !observed.test(call)) {
            return null;
        }
        return MemcachedObservation.OPERATION
                .observation(convention, NAMES, () -> new MemcachedObservationContext(call), registry)
                .start();
    }

    @Override
    public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
        if (!(started instanceof Observation observation)) {
            return;
        }
        if (observation.getContextView() instanceof MemcachedObservationContext context) {
            context.ended(end);
        }
        Throwable error = end.error();
        if (end.outcome() == Outcome.ERROR && error != null) {
            observation.error(error);
        }
        observation.stop();
    }
}
