package io.cachewire;

import io.cachewire.internal.cluster.Clusters;
import io.cachewire.internal.observe.ObservedEngine;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.Operations;
import io.cachewire.internal.operation.Scope;
import io.cachewire.observe.ClientListener;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
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

    private static final int UNBOUNDED = 1_000_000;
    private static final Duration MAX_TIME = Duration.ofDays(1);
    private static final int MAX_ITEM_BYTES = 1 << 30;

    private final Face<C> face;
    private List<ServerAddress> servers = List.of();
    private LocatorFactory locator = RoutingPreset.DEFAULT;
    private @Nullable Tls tls;
    private Protocol protocol = Protocol.AUTO;
    private @Nullable CredentialsProvider credentials;
    private CleartextCredentials cleartextCredentials = CleartextCredentials.REFUSED;
    private int connectionsPerServer = 1;
    private @Nullable ClientPreset interop;
    private List<Serde> serdes = List.of();
    private FlagScheme flagScheme = FlagScheme.DEFAULT;
    private Compression compression = Compression.none();
    private KeyEncoding keyEncoding = KeyEncoding.ASCII;
    private LongKeys longKeys = LongKeys.REFUSE;
    private KeyRewriting keyRewriting = KeyRewriting.NONE;
    private String namespace = "";
    private NamespaceRouting namespaceRouting = NamespaceRouting.HASHED;
    private Expiry defaultExpiry = Expiry.never();
    private Duration requestTimeout = Duration.ofMillis(500);
    private Duration connectTimeout = Duration.ofSeconds(1);
    private Duration stallTimeout = Duration.ofSeconds(2);
    private Duration minBackoff = Duration.ofMillis(50);
    private Duration maxBackoff = Duration.ofSeconds(2);
    private int maxPendingRequests = 16 * 1024;
    private int maxInFlight = UNBOUNDED;
    private long maxPendingBytes = 64L << 20;
    private long memoryBudget = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4);
    private int maxValueBytes = 1 << 20;
    private int updateAttempts = 100;
    private FailureMode failureMode = FailureMode.THROW;
    private Undecodable undecodable = Undecodable.THROW;
    private WriteFailures writeFailures = WriteFailures.THROW;
    private int failureLimit = 3;
    private @Nullable Gutter gutter;
    private RetryPolicy retryPolicy = RetryPolicy.standard();
    private Executor callbackExecutor = defaultExecutor();
    private List<ClientListener> listeners = List.of();

    ClientBuilder(Face<C> face) {
        this.face = face;
    }

    /** A common pool without workers runs nothing, and says that its parallelism is 1. Then the one that CompletableFuture has. */
    private static Executor defaultExecutor() {
        Integer workers = Integer.getInteger("java.util.concurrent.ForkJoinPool.common.parallelism");
        return workers == null || workers > 0 ? ForkJoinPool.commonPool() : new CompletableFuture<>().defaultExecutor();
    }

    /** Takes over all settings of another client. */
    ClientBuilder<C> from(ClientSettings other) {
        servers = other.servers();
        locator = other.locator();
        tls = other.tls();
        protocol = other.protocol();
        credentials = other.credentials();
        cleartextCredentials = other.cleartextCredentials();
        connectionsPerServer = other.connectionsPerServer();
        interop = other.interop();
        serdes = other.serdes();
        flagScheme = other.flagScheme();
        compression = other.compression();
        keyEncoding = other.keyEncoding();
        longKeys = other.longKeys();
        keyRewriting = other.keyRewriting();
        namespace = other.namespace();
        namespaceRouting = other.namespaceRouting();
        defaultExpiry = other.defaultExpiry();
        requestTimeout = other.requestTimeout();
        connectTimeout = other.connectTimeout();
        stallTimeout = other.stallTimeout();
        minBackoff = other.minBackoff();
        maxBackoff = other.maxBackoff();
        maxPendingRequests = other.maxPendingRequests();
        maxInFlight = other.maxInFlight();
        maxPendingBytes = other.maxPendingBytes();
        memoryBudget = other.memoryBudget();
        maxValueBytes = other.maxValueBytes();
        updateAttempts = other.updateAttempts();
        failureMode = other.failureMode();
        undecodable = other.undecodable();
        writeFailures = other.writeFailures();
        failureLimit = other.failureLimit();
        gutter = other.gutter();
        retryPolicy = other.retryPolicy();
        callbackExecutor = other.callbackExecutor();
        listeners = other.listeners();
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
        servers = addresses.isEmpty() ? List.of() : ServerAddress.listOf(addresses);
        return this;
    }

    /** Which server a key lives on. Default: the weighted ketama ring of libmemcached. */
    public ClientBuilder<C> locator(LocatorFactory factory) {
        locator = Objects.requireNonNull(factory, "factory");
        return this;
    }

    /** TLS for every connection to every server; nothing is sent in clear then, whatever fails. Default: none. */
    public ClientBuilder<C> tls(Tls how) {
        tls = Objects.requireNonNull(how, "how");
        return this;
    }

    ClientBuilder<C> withoutTls() {
        tls = null;
        return this;
    }

    /** All settings of a preset, which sets places, flags, value formats and keys as another client has them. */
    public ClientBuilder<C> interop(ClientPreset preset) {
        preset.applyTo(this);
        interop = preset;
        return this;
    }

    /** The dialect. Default: {@link Protocol#AUTO}. */
    public ClientBuilder<C> protocol(Protocol dialect) {
        protocol = Objects.requireNonNull(dialect, "dialect");
        return this;
    }

    /**
     * The login to every server, done on each new connection before anything else; null for none. With {@link Protocol#BINARY} it is
     * SASL (SCRAM-SHA-256 where the server offers it, else PLAIN), with the others that of {@code memcached -Y}. Default: none.
     */
    public ClientBuilder<C> credentials(@Nullable CredentialsProvider provider) {
        credentials = provider;
        return this;
    }

    /** Whether a password may go over a network in clear. Default: {@link CleartextCredentials#REFUSED}. */
    public ClientBuilder<C> cleartextCredentials(CleartextCredentials policy) {
        cleartextCredentials = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Connections to each server, 1 to 64. A call over so many keys that others should not wait behind it (1024 keys or 2 MiB for one server)
     * opens one more, which is closed after five seconds without such a call. Default: 1, which is the fastest unless large values are to pass
     * small ones.
     */
    public ClientBuilder<C> connectionsPerServer(int count) {
        require(count >= 1 && count <= 64, "connectionsPerServer must be 1 to 64, not " + count);
        connectionsPerServer = count;
        return this;
    }

    /** The serde for values that the raw serde does not take; replaces those given before. */
    public ClientBuilder<C> serde(Serde serde) {
        return serdes(List.of(serde));
    }

    /** The serdes, asked in this order: by type on writing, by flags on reading. Strings, byte arrays and numbers need none. */
    public ClientBuilder<C> serdes(List<? extends Serde> inOrder) {
        serdes = List.copyOf(inOrder);
        return this;
    }

    /** The meaning of flags. Default: {@link FlagScheme#DEFAULT}. */
    public ClientBuilder<C> flagScheme(FlagScheme scheme) {
        flagScheme = Objects.requireNonNull(scheme, "scheme");
        return this;
    }

    /** Compression on writing; compressed values are read in any case. Default: none. */
    public ClientBuilder<C> compression(Compression how) {
        compression = Objects.requireNonNull(how, "how");
        return this;
    }

    /** Which characters keys may have. Default: printable ASCII. */
    public ClientBuilder<C> keyEncoding(KeyEncoding encoding) {
        keyEncoding = Objects.requireNonNull(encoding, "encoding");
        return this;
    }

    /** What becomes of keys that are too long. Default: they are refused. */
    public ClientBuilder<C> longKeys(LongKeys treatment) {
        longKeys = Objects.requireNonNull(treatment, "treatment");
        return this;
    }

    /** How keys change before they are sent. Default: not at all. */
    public ClientBuilder<C> keyRewriting(KeyRewriting how) {
        keyRewriting = Objects.requireNonNull(how, "how");
        return this;
    }

    /** A prefix for every key; counts in its length. Default: none. */
    public ClientBuilder<C> namespace(String prefix) {
        namespace = Objects.requireNonNull(prefix, "prefix");
        return this;
    }

    /** Whether the namespace is hashed along with the key. Default: it is. */
    public ClientBuilder<C> namespaceRouting(NamespaceRouting how) {
        namespaceRouting = Objects.requireNonNull(how, "how");
        return this;
    }

    /** The expiry of writes that name none. Default: never. */
    public ClientBuilder<C> defaultExpiry(Expiry expiry) {
        defaultExpiry = Objects.requireNonNull(expiry, "expiry");
        return this;
    }

    /** The total time of a call, from submission to the whole reply, 1 ms to 1 day. Default: 500 ms. */
    public ClientBuilder<C> requestTimeout(Duration timeout) {
        requestTimeout = time("requestTimeout", timeout);
        return this;
    }

    /** The time for resolving, connecting and greeting, 1 ms to 1 day. Default: 1 s. */
    public ClientBuilder<C> connectTimeout(Duration timeout) {
        connectTimeout = time("connectTimeout", timeout);
        return this;
    }

    /** A connection that owes replies and has been silent for so long is closed, 1 ms to 1 day. Default: 2 s. */
    public ClientBuilder<C> stallTimeout(Duration timeout) {
        stallTimeout = time("stallTimeout", timeout);
        return this;
    }

    /** The waits between attempts to connect: from {@code first}, doubling, to {@code longest}. Default: 50 ms to 2 s. */
    public ClientBuilder<C> backoff(Duration first, Duration longest) {
        time("the first backoff", first);
        time("the longest backoff", longest);
        require(first.compareTo(longest) <= 0, "the first backoff must not exceed the longest");
        minBackoff = first;
        maxBackoff = longest;
        return this;
    }

    /** Requests that one connection may have pending, 1 to 1 000 000; one more fails as overloaded. Default: 16 384. */
    public ClientBuilder<C> maxPendingRequests(int count) {
        require(count >= 1 && count <= 1_000_000, "maxPendingRequests must be 1 to 1000000, not " + count);
        maxPendingRequests = count;
        return this;
    }

    /**
     * Requests that one connection may have on their way to the server at once, 1 to 1 000 000; the others wait. 1 is for servers that carry out
     * the requests of a connection in another order than they were sent in; {@link Protocol#AUTO} takes it for Hazelcast. Default: all.
     */
    public ClientBuilder<C> maxInFlight(int count) {
        require(count >= 1 && count <= UNBOUNDED, "maxInFlight must be 1 to 1000000, not " + count);
        maxInFlight = count;
        return this;
    }

    /** Bytes that one connection may have pending, 1 KiB to 512 GiB. Default: 64 MiB. */
    public ClientBuilder<C> maxPendingBytes(long bytes) {
        require(bytes >= 1024 && bytes <= 1L << 39, "maxPendingBytes must be 1024 to 2^39, not " + bytes);
        maxPendingBytes = bytes;
        return this;
    }

    /**
     * Bytes that all connections of the client together may hold of values on their way out and of replies that have come in part, 1 MiB or
     * more; 128 KiB out and 64 KiB in are free for each connection, and UDP replies do not count. A write for which there is nothing left
     * fails as overloaded; a connection whose reply finds nothing is closed. It must be {@code maxValueBytes} or more, which {@link #build}
     * checks. Default: a quarter of the heap.
     */
    public ClientBuilder<C> memoryBudget(long bytes) {
        require(bytes >= 1 << 20, "memoryBudget must be 1 MiB or more, not " + bytes);
        memoryBudget = bytes;
        return this;
    }

    /**
     * The longest data block that is accepted, 1 byte to 1 GiB; the server's {@code -I}. From 1 MiB on one that is sent has to leave room for
     * its key and the item's header, at most 313 bytes. A longer block that comes is read past, up to 16 times as much, and its read fails.
     * Default: 1 MiB.
     */
    public ClientBuilder<C> maxValueBytes(int bytes) {
        require(bytes >= 1 && bytes <= MAX_ITEM_BYTES, "maxValueBytes must be 1 to 2^30, not " + bytes);
        maxValueBytes = bytes;
        return this;
    }

    /**
     * So many conflicts with other writers in a row end an {@code update}, 1 to 10 000. Between two attempts it waits for a random time, up to
     * 64 ms. Default: 100.
     */
    public ClientBuilder<C> updateAttempts(int attempts) {
        require(attempts >= 1 && attempts <= 10_000, "updateAttempts must be 1 to 10000, not " + attempts);
        updateAttempts = attempts;
        return this;
    }

    /** What becomes of calls whose server is out of use. Default: {@link FailureMode#THROW}. */
    public ClientBuilder<C> failureMode(FailureMode mode) {
        failureMode = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /** What becomes of a read whose value cannot be decoded, as after a change of its class. Default: {@link Undecodable#THROW}. */
    public ClientBuilder<C> undecodable(Undecodable mode) {
        undecodable = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /** What becomes of writes that could not be sent because their server is unavailable. Default: {@link WriteFailures#THROW}. */
    public ClientBuilder<C> writeFailures(WriteFailures how) {
        writeFailures = Objects.requireNonNull(how, "how");
        return this;
    }

    /** So many failures in a row make a server dead, 1 to 1000; a refused connection does at once. Default: 3. */
    public ClientBuilder<C> failureLimit(int failures) {
        require(failures >= 1 && failures <= 1000, "failureLimit must be 1 to 1000, not " + failures);
        failureLimit = failures;
        return this;
    }

    /** The pool for the keys of dead servers; chooses {@link FailureMode#GUTTER}. Default: none. */
    public ClientBuilder<C> gutter(Gutter pool) {
        gutter = pool;
        return failureMode(FailureMode.GUTTER);
    }

    /** Which calls without an answer are sent again. Default: {@link RetryPolicy#standard}. */
    public ClientBuilder<C> retryPolicy(RetryPolicy policy) {
        retryPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Where the futures of the async face are completed, and so where values are decoded and dependent stages run. Default: the common
     * pool. Those whose answers come together are completed by one task, one after the other; when a stage blocks, the others of its task are
     * handed over within 5 ms. {@code Runnable::run} completes them on the I/O thread, which is fastest and forbids any blocking in dependent stages.
     */
    public ClientBuilder<C> callbackExecutor(Executor executor) {
        callbackExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /** One more listener, told of every call behind those given before. */
    public ClientBuilder<C> listener(ClientListener listener) {
        List<ClientListener> more = new ArrayList<>(listeners);
        more.add(Objects.requireNonNull(listener, "listener"));
        return listeners(more);
    }

    /** The listeners, told of every call in this order; replaces those given before. Default: none. */
    public ClientBuilder<C> listeners(List<? extends ClientListener> inOrder) {
        listeners = List.copyOf(inOrder);
        return this;
    }

    /** The settings so far. */
    public ClientSettings settings() {
        return new ClientSettings(
                servers,
                locator,
                tls,
                protocol,
                credentials,
                cleartextCredentials,
                connectionsPerServer,
                interop,
                serdes,
                flagScheme,
                compression,
                keyEncoding,
                longKeys,
                keyRewriting,
                namespace,
                namespaceRouting,
                defaultExpiry,
                requestTimeout,
                connectTimeout,
                stallTimeout,
                minBackoff,
                maxBackoff,
                maxPendingRequests,
                maxInFlight,
                maxPendingBytes,
                memoryBudget,
                maxValueBytes,
                updateAttempts,
                failureMode,
                undecodable,
                writeFailures,
                failureLimit,
                gutter,
                retryPolicy,
                callbackExecutor,
                listeners);
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
        require(!servers.isEmpty(), "a client needs at least one server");
        requireGutter();
        require(
                memoryBudget >= maxValueBytes,
                "a memoryBudget of " + memoryBudget + " bytes never lets a value of maxValueBytes, " + maxValueBytes
                        + ", pass");
        NamespaceRules.check(namespace, new KeyPolicy(keyEncoding, longKeys, keyRewriting));
        ClientSettings now = settings();
        Scope scope = EngineSettings.scope(now);
        Engine engine = ObservedEngine.of(
                listeners, scope.wallClock(), events -> Clusters.of(EngineSettings.cluster(now), events));
        return face.of(engine, new Operations(scope), now);
    }

    private void requireGutter() {
        if (failureMode == FailureMode.GUTTER) {
            require(gutter != null, "failureMode GUTTER needs a gutter");
            List<ServerAddress> all = new ArrayList<>(servers);
            all.addAll(Objects.requireNonNull(gutter).servers());
            ServerAddress.listOf(all);
        }
    }

    private static Duration time(String name, Duration value) {
        boolean inRange = value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(MAX_TIME) <= 0;
        require(inRange, name + " must be 1 ms to 1 day, not " + value);
        return value;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalRequestException(message);
        }
    }
}
