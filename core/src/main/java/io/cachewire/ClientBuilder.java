package io.cachewire;

import io.cachewire.internal.cluster.Clusters;
import io.cachewire.internal.observe.ObservedEngine;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.Operations;
import io.cachewire.internal.operation.Scope;
import io.cachewire.observe.ClientListener;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a client and builds it. Not thread-safe. Every setting has a default but the servers; each method checks its
 * argument at once and throws {@link IllegalRequestException} when it is out of range. Building opens no connection.
 *
 * @param <C> the face that {@link #build} returns
 */
public final class ClientBuilder<C> {
    /** What a face is made of. */
    @FunctionalInterface
    interface Face<C> {
        C of(Engine engine, Operations operations, ClientSettings settings);
    }

    private static final int MAX_IN_FLIGHT = 1_000_000;
    private static final Duration MAX_TIME = Duration.ofDays(1);
    private static final int MAX_ITEM_BYTES = 1 << 30;

    private final Face<C> face;
    private ClientSettings now = ClientSettings.initial();

    ClientBuilder(Face<C> face) {
        this.face = face;
    }

    /** Takes over all settings of another client. */
    ClientBuilder<C> from(ClientSettings other) {
        now = other;
        return this;
    }

    /** The servers, each in a form that {@link ServerAddress#parse} reads. One at least, none twice. */
    public ClientBuilder<C> servers(String... addresses) {
        List<ServerAddress> parsed = new ArrayList<>();
        for (String address : addresses) {
            parsed.add(ServerAddress.parse(address));
        }
        return servers(parsed);
    }

    /** The servers. One at least, none twice. */
    public ClientBuilder<C> servers(Collection<ServerAddress> addresses) {
        return with(Setting.SERVERS, addresses.isEmpty() ? List.of() : ServerAddress.listOf(addresses));
    }

    /** Which server a key lives on. Default: the weighted ketama ring of libmemcached. */
    public ClientBuilder<C> locator(LocatorFactory factory) {
        return with(Setting.LOCATOR, Objects.requireNonNull(factory, "factory"));
    }

    /** TLS for every connection to every server; nothing is sent in clear then, whatever fails. Default: none. */
    public ClientBuilder<C> tls(Tls how) {
        return tlsOrNone(Objects.requireNonNull(how, "how"));
    }

    ClientBuilder<C> tlsOrNone(@Nullable Tls how) {
        return with(Setting.TLS, Optional.ofNullable(how));
    }

    /** All settings of a preset, which sets places, flags, value formats and keys as another client has them. */
    public ClientBuilder<C> interop(ClientPreset preset) {
        preset.applyTo(this);
        return with(Setting.INTEROP, Optional.of(preset));
    }

    /** The dialect. Default: {@link Protocol#AUTO}. */
    public ClientBuilder<C> protocol(Protocol dialect) {
        return with(Setting.PROTOCOL, Objects.requireNonNull(dialect, "dialect"));
    }

    /**
     * The login to every server, done on each new connection before anything else; null for none. With {@link Protocol#BINARY} it is
     * SASL (SCRAM-SHA-256 where the server offers it, else PLAIN), with the others that of {@code memcached -Y}. Default: none.
     */
    public ClientBuilder<C> credentials(@Nullable CredentialsProvider provider) {
        return with(Setting.CREDENTIALS, Optional.ofNullable(provider));
    }

    /** Whether a password may go over a network in clear. Default: {@link CleartextCredentials#REFUSED}. */
    public ClientBuilder<C> cleartextCredentials(CleartextCredentials policy) {
        return with(Setting.CLEARTEXT_CREDENTIALS, Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Connections to each server, 1 to 64. A call over so many keys that others should not wait behind it (1024 keys or 2 MiB for one server)
     * opens one more, which is closed after five seconds without such a call. Default: 1, which is the fastest unless large values are to pass
     * small ones.
     */
    public ClientBuilder<C> connectionsPerServer(int count) {
        require(count >= 1 && count <= 64, "connectionsPerServer must be 1 to 64, not " + count);
        return with(Setting.CONNECTIONS_PER_SERVER, count);
    }

    /** The serde for values that the raw serde does not take; replaces those given before. */
    public ClientBuilder<C> serde(Serde serde) {
        return serdes(List.of(serde));
    }

    /** The serdes, asked in this order: by type on writing, by flags on reading. Strings, byte arrays and numbers need none. */
    public ClientBuilder<C> serdes(List<? extends Serde> inOrder) {
        return with(Setting.SERDES, List.copyOf(inOrder));
    }

    /** The meaning of flags. Default: {@link FlagScheme#DEFAULT}. */
    public ClientBuilder<C> flagScheme(FlagScheme scheme) {
        return with(Setting.FLAG_SCHEME, Objects.requireNonNull(scheme, "scheme"));
    }

    /** Compression on writing; compressed values are read in any case. Default: none. */
    public ClientBuilder<C> compression(Compression how) {
        return with(Setting.COMPRESSION, Objects.requireNonNull(how, "how"));
    }

    /** Which characters keys may have. Default: printable ASCII. */
    public ClientBuilder<C> keyEncoding(KeyEncoding encoding) {
        return with(Setting.KEY_ENCODING, Objects.requireNonNull(encoding, "encoding"));
    }

    /** What becomes of keys that are too long. Default: they are refused. */
    public ClientBuilder<C> longKeys(LongKeys treatment) {
        return with(Setting.LONG_KEYS, Objects.requireNonNull(treatment, "treatment"));
    }

    /** How keys change before they are sent. Default: not at all. */
    public ClientBuilder<C> keyRewriting(KeyRewriting how) {
        return with(Setting.KEY_REWRITING, Objects.requireNonNull(how, "how"));
    }

    /** A prefix for every key; counts in its length. Default: none. */
    public ClientBuilder<C> namespace(String prefix) {
        return with(Setting.NAMESPACE, Objects.requireNonNull(prefix, "prefix"));
    }

    /** Whether the namespace is hashed along with the key. Default: it is. */
    public ClientBuilder<C> namespaceRouting(NamespaceRouting how) {
        return with(Setting.NAMESPACE_ROUTING, Objects.requireNonNull(how, "how"));
    }

    /** The expiry of writes that name none. Default: never. */
    public ClientBuilder<C> defaultExpiry(Expiry expiry) {
        return with(Setting.DEFAULT_EXPIRY, Objects.requireNonNull(expiry, "expiry"));
    }

    /** The total time of a call, from submission to the whole reply, 1 ms to 1 day. Default: 500 ms. */
    public ClientBuilder<C> requestTimeout(Duration timeout) {
        return with(Setting.REQUEST_TIMEOUT, time("requestTimeout", timeout));
    }

    /** The time for resolving, connecting and greeting, 1 ms to 1 day. Default: 1 s. */
    public ClientBuilder<C> connectTimeout(Duration timeout) {
        return with(Setting.CONNECT_TIMEOUT, time("connectTimeout", timeout));
    }

    /** A connection that owes replies and has been silent for so long is closed, 1 ms to 1 day. Default: 2 s. */
    public ClientBuilder<C> stallTimeout(Duration timeout) {
        return with(Setting.STALL_TIMEOUT, time("stallTimeout", timeout));
    }

    /** The waits between attempts to connect: from {@code first}, doubling, to {@code longest}. Default: 50 ms to 2 s. */
    public ClientBuilder<C> backoff(Duration first, Duration longest) {
        time("the first backoff", first);
        time("the longest backoff", longest);
        require(first.compareTo(longest) <= 0, "the first backoff must not exceed the longest");
        return with(Setting.BACKOFF, new Setting.Backoff(first, longest));
    }

    /** Requests that one connection may have pending, 1 to 1 000 000; one more fails as overloaded. Default: 16 384. */
    public ClientBuilder<C> maxPendingRequests(int count) {
        require(count >= 1 && count <= 1_000_000, "maxPendingRequests must be 1 to 1000000, not " + count);
        return with(Setting.MAX_PENDING_REQUESTS, count);
    }

    /**
     * Requests that one connection may have on their way to the server at once, 1 to 1 000 000; the others wait. 1 is for servers that carry out
     * the requests of a connection in another order than they were sent in; {@link Protocol#AUTO} takes it for Hazelcast. Default: all.
     */
    public ClientBuilder<C> maxInFlight(int count) {
        require(count >= 1 && count <= MAX_IN_FLIGHT, "maxInFlight must be 1 to 1000000, not " + count);
        return with(Setting.MAX_IN_FLIGHT, count);
    }

    /** Bytes that one connection may have pending, 1 KiB to 512 GiB. Default: 64 MiB. */
    public ClientBuilder<C> maxPendingBytes(long bytes) {
        require(bytes >= 1024 && bytes <= 1L << 39, "maxPendingBytes must be 1024 to 2^39, not " + bytes);
        return with(Setting.MAX_PENDING_BYTES, bytes);
    }

    /**
     * Bytes that all connections of the client together may hold of values on their way out and of replies that have come in part, 1 MiB or
     * more; 128 KiB out and 64 KiB in are free for each connection, and UDP replies do not count. A write for which there is nothing left
     * fails as overloaded; a connection whose reply finds nothing is closed. It must be {@code maxValueBytes} or more, which {@link #build}
     * checks. Default: a quarter of the heap.
     */
    public ClientBuilder<C> memoryBudget(long bytes) {
        require(bytes >= 1 << 20, "memoryBudget must be 1 MiB or more, not " + bytes);
        return with(Setting.MEMORY_BUDGET, bytes);
    }

    /**
     * The longest data block that is accepted, 1 byte to 1 GiB; the server's {@code -I}. From 1 MiB on one that is sent has to leave room for
     * its key and the item's header, at most 313 bytes. A longer block that comes is read past, up to 16 times as much, and its read fails.
     * Default: 1 MiB.
     */
    public ClientBuilder<C> maxValueBytes(int bytes) {
        require(bytes >= 1 && bytes <= MAX_ITEM_BYTES, "maxValueBytes must be 1 to 2^30, not " + bytes);
        return with(Setting.MAX_VALUE_BYTES, bytes);
    }

    /**
     * So many conflicts with other writers in a row end an {@code update}, 1 to 10 000. Between two attempts it waits for a random time, up to
     * 64 ms. Default: 100.
     */
    public ClientBuilder<C> updateAttempts(int attempts) {
        require(attempts >= 1 && attempts <= 10_000, "updateAttempts must be 1 to 10000, not " + attempts);
        return with(Setting.UPDATE_ATTEMPTS, attempts);
    }

    /** What becomes of calls whose server is out of use. Default: {@link FailureMode#THROW}. */
    public ClientBuilder<C> failureMode(FailureMode mode) {
        return with(Setting.FAILURE_MODE, Objects.requireNonNull(mode, "mode"));
    }

    /** What becomes of a read whose value cannot be decoded, as after a change of its class. Default: {@link Undecodable#THROW}. */
    public ClientBuilder<C> undecodable(Undecodable mode) {
        return with(Setting.UNDECODABLE, Objects.requireNonNull(mode, "mode"));
    }

    /** What becomes of writes that could not be sent because their server is unavailable. Default: {@link WriteFailures#THROW}. */
    public ClientBuilder<C> writeFailures(WriteFailures how) {
        return with(Setting.WRITE_FAILURES, Objects.requireNonNull(how, "how"));
    }

    /** So many failures in a row make a server dead, 1 to 1000; a refused connection does at once. Default: 3. */
    public ClientBuilder<C> failureLimit(int failures) {
        require(failures >= 1 && failures <= 1000, "failureLimit must be 1 to 1000, not " + failures);
        return with(Setting.FAILURE_LIMIT, failures);
    }

    /** The pool for the keys of dead servers; chooses {@link FailureMode#GUTTER}. Default: none. */
    public ClientBuilder<C> gutter(Gutter pool) {
        return with(Setting.GUTTER, Optional.of(pool)).failureMode(FailureMode.GUTTER);
    }

    /** Which calls without an answer are sent again. Default: {@link RetryPolicy#standard}. */
    public ClientBuilder<C> retryPolicy(RetryPolicy policy) {
        return with(Setting.RETRY_POLICY, Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Where the futures of the async face are completed, and so where values are decoded and dependent stages run. Default: the common
     * pool. Those whose answers come together are completed by one task, one after the other; when a stage blocks, the others of its task are
     * handed over within 5 ms. {@code Runnable::run} completes them on the I/O thread, which is fastest and forbids any blocking in dependent stages.
     */
    public ClientBuilder<C> callbackExecutor(Executor executor) {
        return with(Setting.CALLBACK_EXECUTOR, Objects.requireNonNull(executor, "executor"));
    }

    /** One more listener, told of every call behind those given before. */
    public ClientBuilder<C> listener(ClientListener listener) {
        List<ClientListener> more = new ArrayList<>(now.listeners());
        more.add(Objects.requireNonNull(listener, "listener"));
        return listeners(more);
    }

    /** The listeners, told of every call in this order; replaces those given before. Default: none. */
    public ClientBuilder<C> listeners(List<? extends ClientListener> inOrder) {
        return with(Setting.LISTENERS, List.copyOf(inOrder));
    }

    /**
     * Sets each setting that is named, from a text: for properties, configuration files and environment variables. A name is that of the
     * method here, or the same words with {@code -} or {@code _} between them, in any case: {@code requestTimeout}, {@code request-timeout} and
     * {@code REQUEST_TIMEOUT} are one. The forms of the texts are listed in {@code docs/settings.md}.
     *
     * @throws IllegalRequestException when a name is unknown or there twice, or a text is not in the form or the range of its setting; the
     *     message names the setting, and shows no password
     */
    public ClientBuilder<C> settings(Map<String, String> texts) {
        SettingTexts.apply(texts, this);
        return this;
    }

    /**
     * Sets what a connection string says: {@code memcached://user:password@host:port,host2;weight=2/namespace?requestTimeout=250ms}, or
     * {@code memcacheds://} for TLS. All parts but the servers may be missing. The parameters are those of {@link #settings(Map)}. A character
     * that divides parts is percent-encoded where it belongs to one.
     *
     * @throws IllegalRequestException when the text is none; the message shows no password
     */
    public ClientBuilder<C> connectionString(String text) {
        return settings(ConnectionString.parse(text));
    }

    /**
     * Sets what the environment variables say whose names begin with {@code CACHEWIRE_}: {@code CACHEWIRE_REQUEST_TIMEOUT=250ms} is what
     * {@link #settings(Map)} reads, {@code CACHEWIRE_CONNECTION_STRING} what {@link #connectionString} reads. The other variables win over it.
     *
     * @param variables usually {@code System.getenv()}
     * @throws IllegalRequestException as those two
     */
    public ClientBuilder<C> environment(Map<String, String> variables) {
        return settings(SettingTexts.ofEnvironment(variables));
    }

    /** The settings so far. */
    public ClientSettings settings() {
        return now;
    }

    /**
     * The client. It connects when it is first used, and a server that cannot be reached does not make this throw.
     *
     * <p>It has threads and sockets, so close it at the end. One that is forgotten is closed when it has been garbage-collected, with a line in the log; that may
     * take any time.
     *
     * @throws IllegalRequestException when no server was given, when one of them cannot be reached in TLS and TLS is set, or when the memory
     *     budget is less than one value may have
     * @throws ClientBrokenException when a library on the class path is missing or too old
     */
    public C build() {
        require(!now.servers().isEmpty(), "a client needs at least one server");
        requireGutter();
        require(
                now.memoryBudget() >= now.maxValueBytes(),
                "memoryBudget (" + now.memoryBudget() + " bytes) must be at least maxValueBytes (" + now.maxValueBytes()
                        + " bytes)");
        NamespaceRules.check(now.namespace(), new KeyPolicy(now.keyEncoding(), now.longKeys(), now.keyRewriting()));
        Scope scope = EngineSettings.scope(now);
        Engine engine = ObservedEngine.of(
                now.listeners(), scope.wallClock(), events -> Clusters.of(EngineSettings.cluster(now), events));
        return face.of(engine, new Operations(scope), now);
    }

    private void requireGutter() {
        if (now.failureMode() == FailureMode.GUTTER) {
            Gutter gutter = now.gutter();
            require(gutter != null, "failureMode GUTTER needs a gutter");
            List<ServerAddress> all = new ArrayList<>(now.servers());
            all.addAll(Objects.requireNonNull(gutter).servers());
            ServerAddress.listOf(all);
        }
    }

    private static Duration time(String name, Duration value) {
        boolean inRange = value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(MAX_TIME) <= 0;
        require(inRange, name + " must be 1 ms to 1 day, not " + value);
        return value;
    }

    private <T> ClientBuilder<C> with(Setting<T> setting, T value) {
        now = now.with(setting, value);
        return this;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalRequestException(message);
        }
    }
}
