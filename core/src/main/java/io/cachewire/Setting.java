package io.cachewire;

import io.cachewire.observe.ClientListener;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a client: its name, its default, and how it is read from text and written as text. This list is the only one; {@link ClientBuilder}
 * checks ranges, {@link ClientSettings} gives typed access.
 *
 * <p>Decided in docs/decisions/0092-settings-in-one-list.md.
 *
 * @param <T> the type of its values
 */
final class Setting<T> {
    /** The waits between attempts to connect. */
    record Backoff(Duration first, Duration longest) {}

    private static final List<Setting<?>> ALL = new ArrayList<>();

    static final Setting<List<ServerAddress>> SERVERS =
            of("servers", List.of(), TextForms.SERVERS, ClientBuilder::servers);
    static final Setting<LocatorFactory> LOCATOR =
            of("locator", RoutingPreset.DEFAULT, TextForms.LOCATOR, ClientBuilder::locator);
    static final Setting<Optional<Tls>> TLS =
            of("tls", Optional.empty(), TextForms.TLS, (builder, tls) -> builder.tlsOrNone(tls.orElse(null)));
    static final Setting<Protocol> PROTOCOL =
            of("protocol", Protocol.AUTO, TextForms.of(Protocol.class), ClientBuilder::protocol);
    static final Setting<Optional<CredentialsProvider>> CREDENTIALS = of(
            "credentials",
            Optional.empty(),
            TextForms.CREDENTIALS,
            (builder, login) -> builder.credentials(login.orElse(null)));
    static final Setting<CleartextCredentials> CLEARTEXT_CREDENTIALS = of(
            "cleartextCredentials",
            CleartextCredentials.REFUSED,
            TextForms.of(CleartextCredentials.class),
            ClientBuilder::cleartextCredentials);
    static final Setting<Integer> CONNECTIONS_PER_SERVER =
            of("connectionsPerServer", 1, TextForms.INTEGER, ClientBuilder::connectionsPerServer);
    static final Setting<Optional<ClientPreset>> INTEROP = withoutText("interop", Optional::empty);
    static final Setting<List<Serde>> SERDES = withoutText("serdes", List::of);
    static final Setting<FlagScheme> FLAG_SCHEME = withoutText("flagScheme", () -> FlagScheme.DEFAULT);
    static final Setting<Compression> COMPRESSION =
            of("compression", Compression.none(), TextForms.COMPRESSION, ClientBuilder::compression);
    static final Setting<KeyEncoding> KEY_ENCODING =
            of("keyEncoding", KeyEncoding.ASCII, TextForms.of(KeyEncoding.class), ClientBuilder::keyEncoding);
    static final Setting<LongKeys> LONG_KEYS =
            of("longKeys", LongKeys.REFUSE, TextForms.of(LongKeys.class), ClientBuilder::longKeys);
    static final Setting<KeyRewriting> KEY_REWRITING = withoutText("keyRewriting", () -> KeyRewriting.NONE);
    static final Setting<String> NAMESPACE = of("namespace", "", TextForms.TEXT, ClientBuilder::namespace);
    static final Setting<NamespaceRouting> NAMESPACE_ROUTING = of(
            "namespaceRouting",
            NamespaceRouting.HASHED,
            TextForms.of(NamespaceRouting.class),
            ClientBuilder::namespaceRouting);
    static final Setting<Expiry> DEFAULT_EXPIRY =
            of("defaultExpiry", Expiry.never(), TextForms.EXPIRY, ClientBuilder::defaultExpiry);
    static final Setting<Duration> REQUEST_TIMEOUT =
            of("requestTimeout", Duration.ofMillis(500), TextForms.DURATION, ClientBuilder::requestTimeout);
    static final Setting<Duration> CONNECT_TIMEOUT =
            of("connectTimeout", Duration.ofSeconds(1), TextForms.DURATION, ClientBuilder::connectTimeout);
    static final Setting<Duration> STALL_TIMEOUT =
            of("stallTimeout", Duration.ofSeconds(2), TextForms.DURATION, ClientBuilder::stallTimeout);
    static final Setting<Backoff> BACKOFF = of(
            "backoff",
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2)),
            TextForms.BACKOFF,
            (builder, waits) -> builder.backoff(waits.first(), waits.longest()));
    static final Setting<Integer> MAX_PENDING_REQUESTS =
            of("maxPendingRequests", 16 * 1024, TextForms.INTEGER, ClientBuilder::maxPendingRequests);
    static final Setting<Integer> MAX_IN_FLIGHT =
            of("maxInFlight", 1_000_000, TextForms.INTEGER, ClientBuilder::maxInFlight);
    static final Setting<Long> MAX_PENDING_BYTES =
            of("maxPendingBytes", 64L << 20, TextForms.BYTES, ClientBuilder::maxPendingBytes);
    static final Setting<Long> MEMORY_BUDGET = new Setting<>(
            "memoryBudget",
            () -> Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4),
            TextForms.BYTES,
            ClientBuilder::memoryBudget);
    static final Setting<Integer> MAX_VALUE_BYTES =
            of("maxValueBytes", 1 << 20, TextForms.FEWER_BYTES, ClientBuilder::maxValueBytes);
    static final Setting<Integer> UPDATE_ATTEMPTS =
            of("updateAttempts", 100, TextForms.INTEGER, ClientBuilder::updateAttempts);
    static final Setting<Optional<Gutter>> GUTTER =
            of("gutter", Optional.empty(), TextForms.GUTTER, (builder, pool) -> pool.ifPresent(builder::gutter));
    static final Setting<FailureMode> FAILURE_MODE =
            of("failureMode", FailureMode.THROW, TextForms.of(FailureMode.class), ClientBuilder::failureMode);
    static final Setting<Undecodable> UNDECODABLE =
            of("undecodable", Undecodable.THROW, TextForms.of(Undecodable.class), ClientBuilder::undecodable);
    static final Setting<WriteFailures> WRITE_FAILURES =
            of("writeFailures", WriteFailures.THROW, TextForms.of(WriteFailures.class), ClientBuilder::writeFailures);
    static final Setting<Integer> FAILURE_LIMIT = of("failureLimit", 3, TextForms.INTEGER, ClientBuilder::failureLimit);
    static final Setting<RetryPolicy> RETRY_POLICY =
            of("retryPolicy", RetryPolicy.standard(), TextForms.RETRIES, ClientBuilder::retryPolicy);
    static final Setting<Executor> CALLBACK_EXECUTOR = withoutText("callbackExecutor", Setting::commonPool);
    static final Setting<List<ClientListener>> LISTENERS = withoutText("listeners", List::of);

    private final String name;
    private final int index;
    private final Supplier<T> initial;
    private final @Nullable TextForm<T> text;
    private final BiConsumer<ClientBuilder<?>, T> setter;

    private Setting(
            String name, Supplier<T> initial, @Nullable TextForm<T> text, BiConsumer<ClientBuilder<?>, T> setter) {
        this.name = name;
        this.index = ALL.size();
        this.initial = initial;
        this.text = text;
        this.setter = setter;
        ALL.add(this);
    }

    private static <T> Setting<T> of(String name, T initial, TextForm<T> text, BiConsumer<ClientBuilder<?>, T> setter) {
        return new Setting<>(name, () -> initial, text, setter);
    }

    private static <T> Setting<T> withoutText(String name, Supplier<T> initial) {
        return new Setting<>(name, initial, null, (builder, value) -> {});
    }

    /** A common pool without workers runs nothing, and says that its parallelism is 1. Then the one that CompletableFuture has. */
    private static Executor commonPool() {
        Integer workers = Integer.getInteger("java.util.concurrent.ForkJoinPool.common.parallelism");
        return workers == null || workers > 0 ? ForkJoinPool.commonPool() : new CompletableFuture<>().defaultExecutor();
    }

    /** Every setting, in the order of its {@link #index}. */
    static List<Setting<?>> all() {
        return ALL;
    }

    /** As the builder's method is called. */
    String name() {
        return name;
    }

    int index() {
        return index;
    }

    T initial() {
        return initial.get();
    }

    /** Null when no text can say it. */
    @Nullable
    TextForm<T> text() {
        return text;
    }

    /** Sets it through the builder's method, which checks the range. */
    void set(ClientBuilder<?> builder, T value) {
        setter.accept(builder, value);
    }
}
