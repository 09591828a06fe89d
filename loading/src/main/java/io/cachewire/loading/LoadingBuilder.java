package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.ClientSettings;
import io.cachewire.Escaped;
import io.cachewire.Protocol;
import io.cachewire.ValueType;
import io.cachewire.serde.Format;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a view. Not for use by several threads. Times count in whole seconds on the server, and are rounded up.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @param <C> the face that is built
 */
public final class LoadingBuilder<K, V, C> {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AsyncMemcachedClient client;
    private final String prefix;
    private final ValueType<V> type;
    private final Function<LoadingEngine<K, V>, C> face;

    private Function<? super K, ? extends CharSequence> name = Object::toString;
    private @Nullable Duration ttl;
    private double jitter = 0.1;
    private @Nullable Duration refreshAhead;
    private RefreshMode refreshMode = RefreshMode.BEHIND;
    private @Nullable Boolean leases;
    private Duration lease = Duration.ofSeconds(10);
    private @Nullable Predicate<? super String> leaseFor;
    private @Nullable Duration maxWait;
    private WaitOver waitOver = WaitOver.LOAD_WITHOUT_STORING;
    private @Nullable Duration loadTimeout;
    private @Nullable Duration softTimeout;
    private @Nullable Duration failSafe;
    private Duration throttle = Duration.ofSeconds(30);
    private boolean fleetThrottle;
    private @Nullable Duration absent;
    private @Nullable Duration staleFor;
    private boolean forgettable;
    private Duration generationCheck = SECOND;
    private Duration generationOutage = Duration.ZERO;
    private @Nullable NearSettings near;
    private CacheErrors cacheErrors = CacheErrors.LOAD;
    private int maxFlights = 10_000;
    private LoadingListener listener = new LoadingListener() {};
    private @Nullable Executor refreshExecutor;

    LoadingBuilder(
            AsyncMemcachedClient client, String prefix, ValueType<V> type, Function<LoadingEngine<K, V>, C> face) {
        this.client = Objects.requireNonNull(client, "client");
        this.prefix = requireName(prefix);
        this.type = Objects.requireNonNull(type, "type");
        this.face = face;
    }

    static String requireName(String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (prefix.charAt(i) <= ' ' || prefix.charAt(i) == 0x7f) {
                throw new IllegalArgumentException(
                        "the prefix of a view has no blanks or control characters: \"" + Escaped.text(prefix) + '"');
            }
        }
        return prefix;
    }

    /** What a key is called behind the prefix. Default: its {@code toString}. */
    public LoadingBuilder<K, V, C> keyName(Function<? super K, ? extends CharSequence> text) {
        name = Objects.requireNonNull(text, "text");
        return this;
    }

    /** How long a value is fresh. Default: for ever. */
    public LoadingBuilder<K, V, C> ttl(Duration time) {
        ttl = requirePositive("ttl", time);
        return this;
    }

    /** The share of each time to live that is taken off at random, so that what was loaded together does not end together: 0 to 0.9. Default: 0.1. */
    public LoadingBuilder<K, V, C> jitter(double share) {
        if (!(share >= 0 && share <= 0.9)) {
            throw new IllegalArgumentException("jitter must be 0 to 0.9, not " + share);
        }
        jitter = share;
        return this;
    }

    /** With less than this left, one caller of the fleet reloads while all others use what is there. Needs a {@code ttl}. Default: off. */
    public LoadingBuilder<K, V, C> refreshAhead(Duration time) {
        refreshAhead = requirePositive("refreshAhead", time);
        return this;
    }

    /** Whether the caller that reloads early returns what is there or waits for the new value. Default: {@link RefreshMode#BEHIND}. */
    public LoadingBuilder<K, V, C> refreshMode(RefreshMode mode) {
        refreshMode = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /**
     * Whether one caller of the fleet loads a missing value. Without leases each process loads by itself, and an invalidation during a load may be
     * undone. Default: on, and off for a client with the flags of another one, whose readers would take a placeholder for an empty value.
     */
    public LoadingBuilder<K, V, C> leases(boolean on) {
        leases = on;
        return this;
    }

    /** How long the one caller that loads has the turn, 1 s or more. Default: 10 s. */
    public LoadingBuilder<K, V, C> lease(Duration time) {
        if (time.compareTo(SECOND) < 0) {
            throw new IllegalArgumentException("a lease is 1 s or more, not " + time);
        }
        lease = wholeSeconds(time);
        return this;
    }

    /** For which keys, as they are sent, there are leases: each absent key that is asked for costs the server an empty item. Default: all. */
    public LoadingBuilder<K, V, C> leaseFor(Predicate<? super String> keys) {
        leaseFor = Objects.requireNonNull(keys, "keys");
        return this;
    }

    /** How long a caller waits for another process that loads. Default: the lease. */
    public LoadingBuilder<K, V, C> maxWait(Duration time) {
        maxWait = requirePositive("maxWait", time);
        return this;
    }

    /** What a caller does then. Default: {@link WaitOver#LOAD_WITHOUT_STORING}. */
    public LoadingBuilder<K, V, C> waitOver(WaitOver then) {
        waitOver = Objects.requireNonNull(then, "then");
        return this;
    }

    /** How long other callers of this process wait for a load; a suspended load is cancelled then. At most the lease. Default: the lease. */
    public LoadingBuilder<K, V, C> loadTimeout(Duration time) {
        loadTimeout = requirePositive("loadTimeout", time);
        return this;
    }

    /** After this time a caller is given an old value, if there is one, while the load continues. Default: off. */
    public LoadingBuilder<K, V, C> softTimeout(Duration time) {
        softTimeout = requirePositive("softTimeout", time);
        return this;
    }

    /**
     * How long a value is kept after its end, to be served when loading fails. Plain reads of the key, by any client, see such values as good.
     * Needs a {@code ttl} and the meta protocol. Default: off.
     */
    public LoadingBuilder<K, V, C> failSafe(Duration time) {
        failSafe = wholeSeconds(requirePositive("failSafe", time));
        return this;
    }

    /** How long after a failure no new load of the key is begun in this process while an old value is there. Default: 30 s. */
    public LoadingBuilder<K, V, C> throttle(Duration time) {
        throttle = requirePositive("throttle", time);
        return this;
    }

    /** Whether a winner that failed keeps the turn, so that no other process tries for the time of a lease. Default: off. */
    public LoadingBuilder<K, V, C> fleetThrottle(boolean on) {
        fleetThrottle = on;
        return this;
    }

    /** How long it is remembered that a loader found nothing, or that null was put. Needs our flag scheme. Default: not at all. */
    public LoadingBuilder<K, V, C> absent(Duration time) {
        absent = requirePositive("absent", time);
        return this;
    }

    /** {@code invalidate} leaves the value for so long, for all but the one caller that reloads. Needs the meta protocol. Default: it deletes. */
    public LoadingBuilder<K, V, C> staleFor(Duration time) {
        staleFor = requirePositive("staleFor", time);
        return this;
    }

    /**
     * Whether all values of the view can be forgotten together, by {@code invalidateAll}. Keys are then sent as the prefix, a generation of 16
     * digits, a colon and the name of the key; the generation is the item {@code prefix + ":generation"}. Default: off.
     */
    public LoadingBuilder<K, V, C> forgettable(boolean on) {
        forgettable = on;
        return this;
    }

    /** For so long a process may see values after another one has called {@code invalidateAll}. It reads the generation so often. Default: 1 s. */
    public LoadingBuilder<K, V, C> generationCheck(Duration time) {
        generationCheck = requirePositive("generationCheck", time);
        return this;
    }

    /**
     * How much longer a process uses the generation that it has read last when the server that holds it cannot be asked; after that, values are
     * loaded and not stored. Default: 0 s.
     */
    public LoadingBuilder<K, V, C> generationOutage(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("generationOutage must be 0 or more, not " + time);
        }
        generationOutage = time;
        return this;
    }

    /**
     * Keeps copies of values in this process. Writes by other processes, and {@code flush_all}, are then seen within {@code staleAtMost}, and not
     * before. Default: no copies.
     *
     * @param maxBytes memory for the copies: see {@link NearSettings}
     */
    public LoadingBuilder<K, V, C> near(long maxBytes, Duration staleAtMost) {
        return near(NearSettings.of(maxBytes, staleAtMost));
    }

    /** As {@link #near(long, Duration)}, with all settings. */
    public LoadingBuilder<K, V, C> near(NearSettings how) {
        near = Objects.requireNonNull(how, "how");
        return this;
    }

    /** What becomes of a call when the cache fails. Default: {@link CacheErrors#LOAD}. */
    public LoadingBuilder<K, V, C> cacheErrors(CacheErrors how) {
        cacheErrors = Objects.requireNonNull(how, "how");
        return this;
    }

    /** How many loads may run at once; more fail with {@link LoadingOverloadedException}. Default: 10 000. */
    public LoadingBuilder<K, V, C> maxFlights(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("maxFlights must be 1 or more, not " + count);
        }
        maxFlights = count;
        return this;
    }

    /** Told of what callers do not see. Default: nobody. */
    public LoadingBuilder<K, V, C> listener(LoadingListener told) {
        listener = Objects.requireNonNull(told, "told");
        return this;
    }

    /** Where the blocking face runs loads that no caller waits for. Default: the client's callback executor. */
    public LoadingBuilder<K, V, C> refreshExecutor(Executor executor) {
        refreshExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * The view.
     *
     * @throws IllegalArgumentException when settings do not fit together, or do not fit the client's protocol or flags
     */
    public C build() {
        ClientSettings of = client.settings();
        boolean isOurs = of.flagScheme().has(Format.LEASE) && of.flagScheme().has(Format.ABSENT);
        boolean canTellTime = of.protocol() == Protocol.META || of.protocol() == Protocol.AUTO;
        require(
                loadTimeout == null || loadTimeout.compareTo(lease) <= 0,
                "loadTimeout is at most the lease: a value that is loaded later cannot be stored");
        require(ttl != null || failSafe == null, "failSafe needs a ttl");
        require(ttl != null || refreshAhead == null, "refreshAhead needs a ttl");
        require(canTellTime || failSafe == null, "failSafe needs the meta protocol, which tells how old a value is");
        require(canTellTime || staleFor == null, "staleFor needs the meta protocol, which can mark items stale");
        require(
                canTellTime || near == null || near.hotWithin() == null,
                "hotWithin needs the meta protocol, which tells when a value was asked for");
        require(
                isOurs || absent == null,
                "absent needs the flag scheme of this client, which has a mark for it; the one that was set has none");
        if (refreshAhead != null && ttl != null) {
            require(
                    ttl.compareTo(Duration.ofSeconds(2)) >= 0,
                    "refreshAhead needs a ttl of 2 s or more: the server counts in whole seconds");
            require(
                    wholeSeconds(refreshAhead).compareTo(wholeSeconds(ttl)) < 0,
                    "refreshAhead must be shorter than the ttl, in whole seconds");
        }
        LoadingSettings settings = new LoadingSettings(
                ttl,
                jitter,
                refreshAhead == null ? null : atLeastTwoSeconds(wholeSeconds(refreshAhead)),
                refreshMode,
                leases == null ? isOurs : leases,
                lease,
                leaseFor,
                maxWait == null ? lease : maxWait,
                waitOver,
                loadTimeout == null ? lease : loadTimeout,
                softTimeout,
                failSafe,
                throttle,
                fleetThrottle,
                absent,
                staleFor,
                forgettable,
                generationCheck,
                generationOutage,
                near,
                cacheErrors,
                maxFlights,
                listener,
                refreshExecutor);
        return face.apply(LoadingEngine.of(client, prefix, name, type, settings));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** A threshold of one second never makes anybody win. */
    private static Duration atLeastTwoSeconds(Duration time) {
        return time.compareTo(SECOND) > 0 ? time : Duration.ofSeconds(2);
    }

    static Duration wholeSeconds(Duration time) {
        return Duration.ofSeconds(time.getSeconds() + (time.getNano() > 0 ? 1 : 0));
    }

    static Duration requirePositive(String what, Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(what + " must be above zero, not " + time);
        }
        return time;
    }
}
