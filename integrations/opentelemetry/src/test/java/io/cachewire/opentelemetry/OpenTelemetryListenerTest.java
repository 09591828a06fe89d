package io.cachewire.opentelemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ConnectionLostException;
import io.cachewire.NotANumberException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerErrorException;
import io.cachewire.fixture.Delivery;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each row of the conventions, on spans and points as an exporter gets them. */
class OpenTelemetryListenerTest {
    private static MemcachedServer server;

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();

    /** What a sampler sees when a span begins. */
    private final Queue<Attributes> atStart = new ConcurrentLinkedQueue<>();

    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .setSampler(new Recorder())
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();

    private final class Recorder implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent, String id, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
            // a copy: the span goes on with the same object
            atStart.add(attributes.toBuilder().build());
            return SamplingResult.recordAndSample();
        }

        @Override
        public String getDescription() {
            return "all";
        }
    }

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        sdk.close();
    }

    private BlockingMemcachedClient client(OpenTelemetryListener.Builder settings, ServerAddress... servers) {
        return BlockingMemcachedClient.builder()
                .servers(List.of(servers))
                .listener(settings.openTelemetry(sdk).build())
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    private BlockingMemcachedClient client(ServerAddress... servers) {
        return client(OpenTelemetryListener.builder(), servers);
    }

    private SpanData only() {
        List<SpanData> all = spans.getFinishedSpanItems();
        assertEquals(1, all.size());
        return all.get(0);
    }

    private static String text(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    private static Long number(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.longKey(key));
    }

    private MetricData duration() {
        return metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("db.client.operation.duration"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReadIsAClientSpanNamedByOperationAndServer() {
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.get("absent", String.class);
            SpanData span = only();
            assertEquals("get " + server.address(), span.getName());
            assertEquals(SpanKind.CLIENT, span.getKind());
            assertEquals("memcached", text(span, "db.system.name"));
            assertEquals("get", text(span, "db.operation.name"));
            assertEquals(server.address().host(), text(span, "server.address"));
            assertEquals(server.address().port(), number(span, "server.port"));
            assertEquals(server.address().host(), text(span, "network.peer.address"));
            assertEquals(server.address().port(), number(span, "network.peer.port"));
            assertEquals(1, number(span, "db.memcached.key_count"));
            assertEquals(0, number(span, "db.memcached.hit_count"));
            assertEquals(1, number(span, "db.memcached.miss_count"));
            assertNull(text(span, "db.query.text"));
            assertEquals(
                    "io.cachewire.opentelemetry",
                    span.getInstrumentationScopeInfo().getName());
        }
    }

    @Test
    void aMissIsNoError() {
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.get("absent", String.class);
            assertEquals(StatusCode.UNSET, only().getStatus().getStatusCode());
            assertNull(text(only(), "error.type"));
        }
    }

    @Test
    void aSamplerSeesTheOperationAndTheOnlyServer() {
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            Attributes seen = atStart.remove();
            assertEquals("memcached", seen.get(AttributeKey.stringKey("db.system.name")));
            assertEquals("get", seen.get(AttributeKey.stringKey("db.operation.name")));
            assertEquals(server.address().host(), seen.get(AttributeKey.stringKey("server.address")));
            assertEquals(server.address().port(), seen.get(AttributeKey.longKey("server.port")));
        }
    }

    @Test
    void ofSeveralServersTheSpanIsNamedByTheOneThatAnswered() {
        try (MemcachedServer second = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address(), second.address())) {
            cache.get("k", String.class);
            assertNull(atStart.remove().get(AttributeKey.stringKey("server.address")));
            assertEquals(server.address().host(), text(only(), "server.address"));
            assertTrue(only().getName().matches("get 127\\.0\\.0\\.1:\\d+"), only()::getName);
        }
    }

    @Test
    void aReadOfSeveralKeysIsNoBatch() {
        try (MemcachedServer second = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address(), second.address())) {
            cache.set("here", "v");
            spans.reset();
            cache.getAll(List.of("here", "a", "b"), String.class);
            assertEquals("get", only().getName());
            assertEquals("get", text(only(), "db.operation.name"));
            assertNull(number(only(), "db.operation.batch.size"));
            assertEquals(3, number(only(), "db.memcached.key_count"));
            assertEquals(1, number(only(), "db.memcached.hit_count"));
            assertEquals(2, number(only(), "db.memcached.miss_count"));
            assertNull(text(only(), "server.address"));
        }
    }

    @Test
    void aWriteOfSeveralKeysIsABatchAndOneOfOneKeyIsNot() {
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.setAll(Map.of("a", "1", "b", "2"));
            assertEquals("BATCH set " + server.address(), only().getName());
            assertEquals("BATCH set", text(only(), "db.operation.name"));
            assertEquals(2, number(only(), "db.operation.batch.size"));
            assertEquals(
                    1,
                    duration().getHistogramData().getPoints().iterator().next().getCount());
            spans.reset();
            cache.setAll(Map.of("a", "1"));
            assertEquals("set", text(only(), "db.operation.name"));
            assertNull(number(only(), "db.operation.batch.size"));
        }
    }

    @Test
    void repetitionsAreInsideOfOneSpan() {
        try (HostileServer hostile = HostileServer.start();
                BlockingMemcachedClient cache = client(hostile.address())) {
            cache.get("k", String.class);
            spans.reset();
            hostile.next("mg", Delivery.resetAfter(0));
            cache.get("k", String.class);
            assertEquals("get " + hostile.address(), only().getName());
        }
    }

    @Test
    void anErrorIsNamedByItsClassOrByTheServersWord() {
        try (HostileServer hostile = HostileServer.start();
                BlockingMemcachedClient cache = client(hostile.address())) {
            hostile.next("mg", turn -> turn.send("SERVER_ERROR out of memory\r\n"));
            assertThrows(ServerErrorException.class, () -> cache.get("secret", String.class));
            assertEquals("SERVER_ERROR", text(only(), "error.type"));
            assertEquals("SERVER_ERROR", text(only(), "db.response.status_code"));
            assertEquals(StatusCode.ERROR, only().getStatus().getStatusCode());
        }
        spans.reset();
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.set("word", "no number");
            spans.reset();
            assertThrows(NotANumberException.class, () -> cache.increment("word", 1));
            assertEquals("io.cachewire.NotANumberException", text(only(), "error.type"));
        }
        spans.reset();
        try (BlockingMemcachedClient cache = client(new ServerAddress("127.0.0.1", 1))) {
            assertThrows(ConnectionLostException.class, () -> cache.get("secret", String.class));
            assertEquals("io.cachewire.ConnectionLostException", text(only(), "error.type"));
            assertNull(text(only(), "db.response.status_code"));
            assertFalse(only().toString().contains("secret"), only()::toString);
        }
    }

    @Test
    void aFailureThatIsNotOursIsCalledOther() {
        OpenTelemetryListener listener = OpenTelemetryListener.create(sdk);
        CallStart call = new CallStart(Verb.GET, "", 1);
        Object token = listener.callStarted(call);
        Throwable planted = new IllegalStateException("planted");
        listener.callEnded(call, new CallEnd(Outcome.ERROR, planted, null, 1, 0, 0, 0, 0, 1000), token);
        assertEquals("_OTHER", text(only(), "error.type"));
        assertEquals("get", only().getName());
    }

    @Test
    void theCommandIsWrittenWithoutItsKeyOnDemand() {
        try (BlockingMemcachedClient cache =
                client(OpenTelemetryListener.builder().queryText(QueryText.OBFUSCATED), server.address())) {
            cache.get("secret", String.class);
            assertEquals("get ?", text(only(), "db.query.text"));
        }
    }

    @Test
    void theParentIsTheCurrentSpanOfTheThread() throws Exception {
        try (BlockingMemcachedClient cache = client(server.address())) {
            Span parent = sdk.getTracer("test").spanBuilder("parent").startSpan();
            Context.root()
                    .with(parent)
                    .wrap(() -> {
                        cache.get("k", String.class);
                        return cache.async().get("k", String.class);
                    })
                    .call()
                    .get(10, TimeUnit.SECONDS);
            List<SpanData> all = spans.getFinishedSpanItems();
            assertEquals(2, all.size());
            for (SpanData span : all) {
                assertEquals(parent.getSpanContext().getSpanId(), span.getParentSpanId());
            }
            parent.end();
        }
    }

    @Test
    void theDurationIsRecordedInSecondsWithFineBounds() {
        try (BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            cache.get("k", String.class);
            MetricData metric = duration();
            assertEquals("s", metric.getUnit());
            HistogramPointData point =
                    metric.getHistogramData().getPoints().iterator().next();
            assertEquals(2, point.getCount());
            assertTrue(point.getSum() > 0 && point.getSum() < 5, () -> "" + point.getSum());
            assertEquals(0.00005, point.getBoundaries().get(0));
            assertEquals(1.0, point.getBoundaries().get(point.getBoundaries().size() - 1));
            assertEquals(
                    Map.of(
                            "db.system.name",
                            "memcached",
                            "db.operation.name",
                            "get",
                            "server.address",
                            server.address().host(),
                            "server.port",
                            (long) server.address().port()),
                    point.getAttributes().asMap().entrySet().stream()
                            .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue)));
        }
    }

    @Test
    void errorsHaveAPointOfTheirOwn() {
        try (BlockingMemcachedClient cache = client(new ServerAddress("127.0.0.1", 1))) {
            assertThrows(ConnectionLostException.class, () -> cache.get("k", String.class));
            assertEquals(
                    "io.cachewire.ConnectionLostException",
                    duration()
                            .getHistogramData()
                            .getPoints()
                            .iterator()
                            .next()
                            .getAttributes()
                            .get(AttributeKey.stringKey("error.type")));
        }
    }

    @Test
    void spansAndTheMetricCanBeSwitchedOffAndBoundsSet() {
        var noSpans = OpenTelemetryListener.builder()
                .spans(false)
                .durationBuckets(Duration.ofMillis(1), Duration.ofSeconds(2));
        try (BlockingMemcachedClient cache = client(noSpans, server.address())) {
            cache.get("k", String.class);
            assertEquals(List.of(), spans.getFinishedSpanItems());
            assertEquals(
                    List.of(0.001, 2.0),
                    duration().getHistogramData().getPoints().iterator().next().getBoundaries());
        }
        var some = OpenTelemetryListener.builder()
                .spans(call -> call.namespace().equals("users:"))
                .durationMetric(false);
        try (BlockingMemcachedClient cache = client(some, server.address())) {
            cache.get("k", String.class);
            cache.namespace("users:").get("k", String.class);
            assertEquals(1, spans.getFinishedSpanItems().size());
            assertEquals(
                    1,
                    duration().getHistogramData().getPoints().iterator().next().getCount());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> OpenTelemetryListener.builder().durationBuckets(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> OpenTelemetryListener.builder().durationBuckets());
    }

    @Test
    void withoutAnInstanceTheGlobalOneOfTheFirstCallIsTaken() {
        GlobalOpenTelemetry.resetForTest();
        OpenTelemetryListener listener = OpenTelemetryListener.create();
        try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                        server.address().toString())
                .listener(listener)
                .build()) {
            GlobalOpenTelemetry.set(sdk);
            cache.get("k", String.class);
            assertEquals("get " + server.address(), only().getName());
        } finally {
            GlobalOpenTelemetry.resetForTest();
        }
    }

    @Test
    void serversWhoseNamesChangeAllTheTimeAreForgotten() {
        CallAttributes attributes = new CallAttributes();
        CallStart call = new CallStart(Verb.GET, "", 1);
        for (int i = 0; i < 5000; i++) {
            ServerAddress pod = new ServerAddress("pod-" + i, 11211);
            assertEquals("get pod-" + i + ":11211", attributes.of(pod).spanName(call));
        }
        ServerAddress last = new ServerAddress("pod-4999", 11211);
        assertTrue(attributes.of(last) != attributes.of(last), "not kept");
        attributes.forget();
        assertTrue(attributes.of(last) == attributes.of(last), "kept");
    }
}
