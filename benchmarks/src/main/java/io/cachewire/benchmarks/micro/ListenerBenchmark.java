package io.cachewire.benchmarks.micro;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.ClientBuilder;
import io.cachewire.benchmarks.LocalServer;
import io.cachewire.micrometer.MicrometerListener;
import io.cachewire.observe.ClientListener;
import io.cachewire.opentelemetry.OpenTelemetryListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a listener costs: gets of 64 bytes by 64 callers, each of which asks again when its future is completed, on the I/O thread. There is no faster way to use the client, so
 * nowhere else does a listener weigh as much.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ListenerBenchmark {
    private static final int CALLERS = 64;
    private static final int CALLS = 64_000;
    private static final String KEY = "key";

    /** Who listens. */
    public enum Listening {
        /** Nobody. */
        NONE,
        /** A listener that does nothing. */
        EMPTY,
        /** Timers of Micrometer. */
        MICROMETER,
        /** Spans of OpenTelemetry of which none is sampled. */
        UNSAMPLED,
        /** The same, and the histogram. */
        UNSAMPLED_HISTOGRAM
    }

    /** Who listens. */
    @Param
    public Listening listening = Listening.NONE;

    private @Nullable LocalServer server;
    private @Nullable AsyncMemcachedClient client;
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
                    .build())
            .setMeterProvider(SdkMeterProvider.builder()
                    .registerMetricReader(PeriodicMetricReader.builder(InMemoryMetricExporter.create())
                            .setInterval(Duration.ofHours(1))
                            .build())
                    .build())
            .build();

    /** A server with the key. */
    @Setup
    public void start() throws Exception {
        LocalServer started = LocalServer.start();
        server = started;
        ClientBuilder<AsyncMemcachedClient> builder =
                AsyncMemcachedClient.builder(started.address().toString()).callbackExecutor(Runnable::run);
        ClientListener listener = listener();
        AsyncMemcachedClient made =
                listener == null ? builder.build() : builder.listener(listener).build();
        client = made;
        made.set(KEY, "v".repeat(64)).get(10, TimeUnit.SECONDS);
    }

    private @Nullable ClientListener listener() {
        return switch (listening) {
            case NONE -> null;
            case EMPTY -> new ClientListener() {};
            case MICROMETER -> MicrometerListener.create(new SimpleMeterRegistry());
            case UNSAMPLED ->
                OpenTelemetryListener.builder()
                        .openTelemetry(sdk)
                        .durationMetric(false)
                        .build();
            case UNSAMPLED_HISTOGRAM -> OpenTelemetryListener.create(sdk);
        };
    }

    /** Ends what was started. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(client).close();
        Objects.requireNonNull(server).close();
        sdk.close();
    }

    /** All callers together. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void get() throws InterruptedException {
        AsyncMemcachedClient cache = Objects.requireNonNull(client);
        AtomicInteger left = new AtomicInteger(CALLS);
        CountDownLatch done = new CountDownLatch(CALLERS);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < CALLERS; i++) {
            ask(cache, left, done, failure);
        }
        if (!done.await(60, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IllegalStateException("the calls do not end well", failure.get());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its failure is handed on
    private static void ask(
            AsyncMemcachedClient cache,
            AtomicInteger left,
            CountDownLatch done,
            AtomicReference<@Nullable Throwable> failure) {
        if (left.getAndDecrement() <= 0) {
            done.countDown();
            return;
        }
        cache.get(KEY, String.class).whenComplete((value, error) -> {
            if (value == null) {
                failure.set(error == null ? new IllegalStateException("a miss") : error);
                done.countDown();
            } else {
                ask(cache, left, done, failure);
            }
        });
    }
}
