package io.cachewire.micrometer;

import io.cachewire.ServerLoad;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one server, or of all together. A timer is registered when it is first needed, and found by the place of its verb, outcome and error in an
 * array after that, so a call makes no tags. After {@link #remove} nothing is registered any more.
 */
@SuppressWarnings("EnumOrdinal") // places in an array of this process
final class ServerMeters {
    private static final int OUTCOMES = Outcome.values().length;
    private static final Duration SHORTEST = Duration.ofNanos(50_000);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final MeterRegistry registry;
    private final Tags tags;
    private final MicrometerListener.Builder settings;
    private final AtomicReferenceArray<@Nullable Timer> timers =
            new AtomicReferenceArray<>(Verb.values().length * (OUTCOMES + Names.errorCount()));

    /** Guarded by this object. */
    private final List<Meter> registered = new ArrayList<>();

    private boolean isRemoved;

    private final Counter sent;
    private final Counter received;
    private @Nullable Counter reconnects;

    /** Connections that were lost and not replaced yet. */
    private final AtomicInteger lost = new AtomicInteger();

    ServerMeters(MicrometerListener.Builder settings, Tags tags) {
        this.settings = settings;
        this.registry = settings.registry;
        this.tags = tags;
        this.sent = bytes("sent");
        this.received = bytes("received");
    }

    private Counter bytes(String direction) {
        Counter counter = Counter.builder(MemcachedMeter.BYTES.getName())
                .description("Bytes of values, encoded")
                .baseUnit("bytes")
                .tags(tags)
                .tag("direction", direction)
                .register(registry);
        registered.add(counter);
        return counter;
    }

    /** Registers what is there for servers only. */
    synchronized void watch(Supplier<List<ServerLoad>> loads) {
        reconnects = Counter.builder(MemcachedMeter.RECONNECTS.getName())
                .description("Connections that were made in the place of one that was lost")
                .tags(tags)
                .register(registry);
        registered.add(reconnects);
        gauge(MemcachedMeter.CONNECTIONS, tags.and("state", "open"), loads, ServerLoad::openConnections);
        gauge(MemcachedMeter.CONNECTIONS, tags.and("state", "connecting"), loads, ServerLoad::connectingConnections);
        gauge(MemcachedMeter.PENDING, tags, loads, ServerLoad::pendingRequests);
        gauge(MemcachedMeter.PENDING_BYTES, tags, loads, ServerLoad::pendingBytes);
    }

    private void gauge(
            MemcachedMeter meter, Tags all, Supplier<List<ServerLoad>> loads, ToDoubleFunction<ServerLoad> part) {
        // strong: a gauge whose object is gone says NaN
        registered.add(Gauge.builder(
                        meter.getName(),
                        loads,
                        now -> now.get().stream().mapToDouble(part).sum())
                .description(meter == MemcachedMeter.CONNECTIONS ? "Connections" : "Requests that are under way")
                .baseUnit(meter.getBaseUnit())
                .tags(all)
                .strongReference(true)
                .register(registry));
    }

    void ended(Verb verb, Outcome outcome, int error, long nanos) {
        int row = verb.ordinal() * (OUTCOMES + Names.errorCount());
        int place = row + (error == 0 ? outcome.ordinal() : OUTCOMES + error);
        Timer timer = timers.get(place);
        if (timer == null) {
            timer = timer(place, verb, outcome, error);
        }
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized @Nullable Timer timer(int place, Verb verb, Outcome outcome, int error) {
        Timer known = timers.get(place);
        if (known != null || isRemoved) {
            return known;
        }
        Timer timer = Timer.builder(MemcachedMeter.OPERATION.getName())
                .description("Calls of a memcached client")
                .tags(tags)
                .tags("operation", Names.of(verb), "outcome", Names.of(outcome), "error", Names.error(error))
                .publishPercentileHistogram(settings.histogram)
                .publishPercentiles(settings.percentiles.length == 0 ? null : settings.percentiles)
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
        registered.add(timer);
        timers.set(place, timer);
        return timer;
    }

    void transferred(long bytesSent, long bytesReceived) {
        if (bytesSent > 0) {
            sent.increment((double) bytesSent);
        }
        if (bytesReceived > 0) {
            received.increment((double) bytesReceived);
        }
    }

    void lost() {
        lost.incrementAndGet();
    }

    void connected() {
        Counter counter = reconnects;
        if (counter != null && lost.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            counter.increment();
        }
    }

    synchronized void remove() {
        isRemoved = true;
        registered.forEach(registry::remove);
        registered.clear();
    }
}
