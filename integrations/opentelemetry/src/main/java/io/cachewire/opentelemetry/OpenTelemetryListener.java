package io.cachewire.opentelemetry;

import io.cachewire.ClusterView;
import io.cachewire.ServerAddress;
import io.cachewire.ServerState;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientEvent;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Outcome;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Spans of kind CLIENT and the histogram {@code db.client.operation.duration}, by the semantic conventions for databases. To be set as a listener of the client.
 *
 * <p>A span is one call, its repetitions included. Its parent is {@link Context#current()} on the thread, or in the coroutine, that makes the call; for a coroutine the
 * context belongs in the coroutine's context, by {@code asContextElement()} of {@code opentelemetry-extension-kotlin}. No name and no attribute has a key or a value.
 * The server of a call is known at its end, so samplers see {@code server.address} only where the client has one server.
 */
public final class OpenTelemetryListener implements ClientListener {
    private static final String SCOPE = "io.cachewire.opentelemetry";

    private final Builder settings;
    private final CallAttributes attributes = new CallAttributes();
    private final Set<ClusterView> clients = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerAddress onlyServer;
    private volatile @Nullable Instruments instruments;

    private record Instruments(Tracer tracer, DoubleHistogram duration) {}

    private OpenTelemetryListener(Builder settings) {
        this.settings = settings;
    }

    /** A listener with the default settings: spans and metrics of {@link GlobalOpenTelemetry}, as it is when the first call is made. */
    public static OpenTelemetryListener create() {
        return builder().build();
    }

    /** A listener with the default settings. */
    public static OpenTelemetryListener create(OpenTelemetry openTelemetry) {
        return builder().openTelemetry(openTelemetry).build();
    }

    /** Collects the settings of a listener. */
    public static Builder builder() {
        return new Builder();
    }

    /** Not before the first call: asking for the global one fixes it for the process. */
    private Instruments instruments() {
        Instruments known = instruments;
        if (known == null) {
            OpenTelemetry from = settings.openTelemetry == null ? GlobalOpenTelemetry.get() : settings.openTelemetry;
            known = new Instruments(
                    from.getTracer(SCOPE),
                    from.getMeter(SCOPE)
                            .histogramBuilder("db.client.operation.duration")
                            .setUnit("s")
                            .setDescription("Duration of database client operations.")
                            .setExplicitBucketBoundariesAdvice(settings.buckets)
                            .build());
            instruments = known;
        }
        return known;
    }

    @Override
    public @Nullable Object callStarted(CallStart call) {
        if (settings.traced == null ? !settings.spans : !settings.traced.test(call)) {
            return null;
        }
        CallAttributes.OfServer server = attributes.of(onlyServer);
        SpanBuilder builder = instruments()
                .tracer()
                .spanBuilder(server.spanName(call))
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(server.attributes(call, Failures.NONE));
        if (CallAttributes.isBatch(call)) {
            builder.setAttribute(CallAttributes.BATCH_SIZE, (long) call.keyCount());
        }
        return builder.startSpan();
    }

    @Override
    public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
        CallAttributes.OfServer server = attributes.of(end.server() == null ? onlyServer : end.server());
        int failure = end.outcome() == Outcome.ERROR ? Failures.index(end.error()) : Failures.NONE;
        Span span = started instanceof Span one ? one : null;
        if (settings.durationMetric) {
            double seconds = end.elapsedNanos() / 1e9;
            DoubleHistogram duration = instruments().duration();
            if (span != null && span.getSpanContext().isSampled()) {
                duration.record(
                        seconds,
                        server.attributes(call, failure),
                        Context.current().with(span));
            } else {
                duration.record(seconds, server.attributes(call, failure));
            }
        }
        if (span != null) {
            if (span.isRecording()) {
                describe(span, server, call, end, failure);
            }
            span.end();
        }
    }

    private void describe(Span span, CallAttributes.OfServer server, CallStart call, CallEnd end, int failure) {
        span.updateName(server.spanName(call));
        span.setAllAttributes(server.attributes(call, failure));
        if (failure != Failures.NONE) {
            span.setStatus(StatusCode.ERROR);
        }
        if (CallAttributes.isRead(call.verb())) {
            span.setAttribute(CallAttributes.KEYS, (long) call.keyCount());
            span.setAttribute(CallAttributes.HITS, (long) end.hits());
            span.setAttribute(CallAttributes.MISSES, (long) end.misses());
        }
        if (settings.queryText == QueryText.OBFUSCATED) {
            String verb = call.verb().name().toLowerCase(Locale.ROOT);
            span.setAttribute(CallAttributes.QUERY_TEXT, call.keyCount() == 0 ? verb : verb + " ?");
        }
        ServerAddress peer = end.server();
        if (peer != null && isAddress(peer)) {
            span.setAttribute(CallAttributes.PEER_ADDRESS, peer.host());
            if (!peer.isUnix()) {
                span.setAttribute(CallAttributes.PEER_PORT, (long) peer.port());
            }
        }
    }

    /** Whether the host is what the socket is connected to, and no name. */
    private static boolean isAddress(ServerAddress server) {
        String host = server.host();
        return server.isUnix()
                || host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    @Override
    public void opened(ClusterView servers) {
        clients.add(servers);
        follow();
    }

    @Override
    public void closed(ClusterView servers) {
        clients.remove(servers);
        follow();
    }

    @Override
    public void happened(ClientEvent event) {
        if (event instanceof ClientEvent.ServersChanged || event instanceof ClientEvent.EventsDropped) {
            follow();
        }
    }

    private synchronized void follow() {
        List<ServerAddress> all = new ArrayList<>();
        for (ClusterView client : clients) {
            client.servers().stream().map(ServerState::address).forEach(all::add);
            client.gutterServers().stream().map(ServerState::address).forEach(all::add);
        }
        onlyServer = all.stream().distinct().count() == 1 ? all.get(0) : null;
        attributes.forget();
    }

    /** Collects the settings of a listener. Not for use by several threads. */
    public static final class Builder {
        private static final List<Double> FINE =
                List.of(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0);

        @Nullable
        OpenTelemetry openTelemetry;

        @Nullable
        Predicate<? super CallStart> traced;

        QueryText queryText = QueryText.OMIT;
        List<Double> buckets = FINE;
        boolean spans = true;
        boolean durationMetric = true;

        private Builder() {}

        /** Where spans and metrics go. Default: {@link GlobalOpenTelemetry}, as it is when the first call is made. */
        public Builder openTelemetry(OpenTelemetry target) {
            openTelemetry = Objects.requireNonNull(target, "target");
            return this;
        }

        /** Whether calls have spans. Default: true. */
        public Builder spans(boolean on) {
            spans = on;
            traced = null;
            return this;
        }

        /** Which calls have spans. It is asked on each call. Default: all. */
        public Builder spans(Predicate<? super CallStart> calls) {
            traced = Objects.requireNonNull(calls, "calls");
            return this;
        }

        /** Whether the duration of calls is recorded. Default: true. */
        public Builder durationMetric(boolean on) {
            durationMetric = on;
            return this;
        }

        /**
         * The bounds of the histogram, which a view of the SDK overrides. Default: 14 from 50 µs to 1 s; those of the conventions begin at 1 ms, above most calls.
         *
         * @param bounds rising
         * @throws IllegalArgumentException when there are none, or they do not rise
         */
        public Builder durationBuckets(Duration... bounds) {
            List<Double> seconds = new ArrayList<>();
            for (Duration bound : bounds) {
                double next = bound.toNanos() / 1e9;
                if (!seconds.isEmpty() && next <= seconds.get(seconds.size() - 1)) {
                    throw new IllegalArgumentException("the bounds must rise, and " + bound + " does not");
                }
                seconds.add(next);
            }
            if (seconds.isEmpty()) {
                throw new IllegalArgumentException("there must be a bound");
            }
            buckets = List.copyOf(seconds);
            return this;
        }

        /** What spans say of the command. Default: {@link QueryText#OMIT}. */
        public Builder queryText(QueryText text) {
            queryText = Objects.requireNonNull(text, "text");
            return this;
        }

        /** The listener. */
        public OpenTelemetryListener build() {
            Builder now = new Builder();
            now.openTelemetry = openTelemetry;
            now.traced = traced;
            now.queryText = queryText;
            now.buckets = buckets;
            now.spans = spans;
            now.durationMetric = durationMetric;
            return new OpenTelemetryListener(now);
        }
    }
}
