package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.ClientClosedException;
import io.cachewire.IllegalKeyException;
import io.cachewire.IllegalRequestException;
import io.cachewire.MemcachedException;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.loading.Decision.Step;
import io.cachewire.loading.Flight.Boarding;
import io.cachewire.loading.Flight.Effect;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the three faces of a view share: decides after each read, keeps the flights, and does what they want done on the servers. The faces read
 * by their own clients, run the loaders of their callers and wait in their own ways. Nothing here blocks or runs a loader
 * (docs/decisions/0080-loading.md).
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@SuppressWarnings("FutureReturnValueIgnored") // the end of each stage is told by what it runs
final class LoadingEngine<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(LoadingEngine.class);
    private static final long GIVE_BACK_MILLIS = 100;
    private static final long FIRST_POLL_NANOS = 10_000_000;
    private static final long LONGEST_POLL_NANOS = 250_000_000;
    private static final double POLL_JITTER = 0.2;

    /** So often at most a value is tried to be put where there is none. */
    private static final int MAX_PUTS = 64;

    /** So many keys at most are remembered as failed, or as taken by others. */
    private static final int MAX_REMEMBERED = 100_000;

    final LoadingSettings settings;
    final ItemStore<V> store;
    private final String prefix;
    private final Function<? super K, ? extends CharSequence> name;
    private final ValueType<V> type;
    private final Time time;
    private final Executor executor;

    /** Of views whose names can be forgotten; null without. */
    private final @Nullable GenerationKey generation;

    /** Copies in this process; null without. */
    private final @Nullable NearCopies<V> near;

    private final ConcurrentHashMap<String, Flight<V>> flights = new ConcurrentHashMap<>();

    /** When a key's load may be begun again after a failure. */
    private final ConcurrentHashMap<String, Long> throttledUntil = new ConcurrentHashMap<>();

    private record Taken(long cas, long since) {}

    /** Since when others have had the turn of keys that have a value. */
    private final ConcurrentHashMap<String, Taken> taken = new ConcurrentHashMap<>();

    private final AtomicInteger running = new AtomicInteger();
    private volatile double loadNanos;

    private final LongAdder hits = new LongAdder();
    private final LongAdder nearHits = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadFailures = new LongAdder();
    private final LongAdder leases = new LongAdder();
    private final LongAdder joined = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder notStored = new LongAdder();
    private final LongAdder cacheFailures = new LongAdder();
    private final LongAdder turnsFreed = new LongAdder();

    LoadingEngine(
            String prefix,
            Function<? super K, ? extends CharSequence> name,
            ValueType<V> type,
            LoadingSettings settings,
            ItemStore<V> store,
            @Nullable GenerationKey generation,
            Time time,
            Executor executor) {
        this.prefix = prefix;
        this.name = name;
        this.type = type;
        this.settings = settings;
        this.store = store;
        this.generation = generation;
        this.time = time;
        this.near = settings.near() == null ? null : new NearCopies<>(settings.near(), settings, time);
        this.executor = executor;
    }

    static <K, V> LoadingEngine<K, V> of(
            AsyncMemcachedClient client,
            String prefix,
            Function<? super K, ? extends CharSequence> name,
            ValueType<V> type,
            LoadingSettings settings) {
        Executor executor = client.settings().callbackExecutor();
        Time time = Time.system(executor);
        GenerationKey generation = settings.forgettable()
                ? new GenerationKey(
                        client,
                        prefix,
                        settings.longestTtl(),
                        settings.generationCheck(),
                        settings.generationOutage(),
                        time)
                : null;
        return new LoadingEngine<>(
                prefix, name, type, settings, new ClientStore<>(client, type, settings), generation, time, executor);
    }

    /** Where the loaders of futures run, and loads that no thread waits for. */
    Executor executor() {
        return settings.refreshExecutor() == null ? executor : settings.refreshExecutor();
    }

    /** Runs a task later. */
    void after(Duration wait, Runnable task) {
        time.after(wait.toNanos(), task);
    }

    /** The call has been answered by a value whose time is over, or by an old one. */
    void servedStale() {
        stale.increment();
    }

    String prefix() {
        return prefix;
    }

    ValueType<V> type() {
        return type;
    }

    // ---- names ----

    /** The key as it is sent; null when the generation of names has to be asked for first: see {@link #look}. */
    @Nullable
    String wire(K key) {
        GenerationKey names = generation;
        if (names == null) {
            return prefix + name.apply(key);
        }
        long known = names.fresh();
        return known == 0 ? null : wire(name.apply(key), known);
    }

    private String wire(CharSequence text, long known) {
        return prefix + Generation.text(known) + ':' + text;
    }

    /** The copy of a key in this process; null for none. */
    @Nullable
    Cached<V> near(String wire) {
        NearCopies<V> copies = near;
        if (copies == null) {
            return null;
        }
        Cached<V> copy;
        try {
            copy = copies.get(wire, store.changes());
        } catch (SerdeException e) {
            // the read says what it is
            return null;
        }
        if (copy != null) {
            nearHits.increment();
        }
        return copy;
    }

    /** What a read has to remember whose answer may be kept in this process; null where nothing is kept. */
    NearCopies.@Nullable Ticket ticket(String wire) {
        return near == null ? null : near.ticket(wire);
    }

    /** What flights are called whose generation is not known. It is never sent. */
    private String nameless(CharSequence text) {
        return prefix + "-:" + text;
    }

    /**
     * What a caller has found who had to ask for the generation as well.
     *
     * @param wire the key as it was sent, or would be
     * @param found what was read; null when a read failed
     * @param failure why
     * @param ticket for a copy; null where nothing is kept
     */
    record Look<V>(
            String wire,
            @Nullable Reading<V> found,
            @Nullable Throwable failure,
            NearCopies.@Nullable Ticket ticket) {}

    /** Reads an item and the generation in one batch; only when the generation has changed the item is read once more. */
    CompletableFuture<Look<V>> look(K key) {
        CharSequence text = name.apply(key);
        return named(now -> readOf(wire(text, now)), this::discard)
                .exceptionally(failure -> new Look<>(nameless(text), null, ClientStore.cause(failure), null));
    }

    private CompletableFuture<Look<V>> readOf(String wire) {
        NearCopies.Ticket ticket = ticket(wire);
        return attempt(() -> store.read(wire)).handle((found, failure) -> new Look<>(wire, found, failure, ticket));
    }

    /** Reads several items, and the generation if need be, in one batch. */
    private CompletableFuture<Map<K, Look<V>>> lookAll(Set<K> keys) {
        GenerationKey names = generation;
        if (names == null) {
            return readAll(keys, text -> prefix + text);
        }
        long fresh = names.fresh();
        if (fresh != 0) {
            return readAll(keys, text -> wire(text, fresh));
        }
        return named(
                        now -> readAll(keys, text -> wire(text, now)),
                        looks -> looks.values().forEach(this::discard))
                .exceptionally(failure -> {
                    Map<K, Look<V>> looks = new LinkedHashMap<>();
                    keys.forEach(key -> looks.put(
                            key, new Look<>(nameless(name.apply(key)), null, ClientStore.cause(failure), null)));
                    return looks;
                });
    }

    private CompletableFuture<Map<K, Look<V>>> readAll(Set<K> keys, Function<CharSequence, String> wire) {
        Map<K, CompletableFuture<Look<V>>> reads = new LinkedHashMap<>();
        keys.forEach(key -> reads.put(key, readOf(wire.apply(name.apply(key)))));
        return CompletableFuture.allOf(reads.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Map<K, Look<V>> looks = new LinkedHashMap<>();
                    reads.forEach((key, read) -> looks.put(key, read.join()));
                    return looks;
                });
    }

    /**
     * Begins a call for several keys.
     *
     * @param waiters the flights that the caller loads for
     */
    CompletableFuture<Batch<K, V>> batch(Collection<? extends K> keys, List<Flight<?>> waiters) {
        Set<K> distinct = Batch.distinct(keys);
        Batch<K, V> batch = new Batch<>(this, distinct);
        Set<K> toRead = near == null ? distinct : withoutCopies(distinct, batch);
        return lookAll(toRead).thenApply(looks -> {
            try {
                looks.forEach((key, look) -> batch.add(key, start(look, waiters)));
            } catch (RuntimeException | Error e) {
                batch.leave();
                throw e;
            }
            return batch;
        });
    }

    /** Takes what is near, and gives the other keys. */
    private Set<K> withoutCopies(Set<K> keys, Batch<K, V> batch) {
        Set<K> others = new LinkedHashSet<>();
        for (K key : keys) {
            String wire = wire(key);
            Cached<V> copy = wire == null ? null : near(wire);
            if (copy == null) {
                others.add(key);
            } else {
                batch.add(key, new Start<>(copy.value(), null, false));
            }
        }
        return others;
    }

    /** Runs a read under the generation that is known and, when that has changed, once more. */
    private <R> CompletableFuture<R> named(LongFunction<CompletableFuture<R>> read, Consumer<R> discard) {
        GenerationKey names = Objects.requireNonNull(generation);
        long known = names.lastKnown();
        CompletableFuture<Long> check = names.current();
        if (known == 0) {
            return check.thenCompose(read::apply);
        }
        CompletableFuture<R> early = read.apply(known);
        return check.handle((now, failure) -> {
                    if (failure == null && now == known) {
                        return early;
                    }
                    early.thenAccept(discard);
                    return failure == null
                            ? read.apply(now)
                            : CompletableFuture.<R>failedFuture(ClientStore.cause(failure));
                })
                .thenCompose(Function.identity());
    }

    /** What was found is not used: a turn that was won goes back. */
    private void discard(Look<V> look) {
        Reading<V> found = look.found();
        if (found != null && found.turn() == Reading.Whose.MINE) {
            Lease lease = Decision.lease(found);
            quietly(look.wire(), store.giveBack(look.wire(), lease));
        }
    }

    /**
     * Runs a write under the generation that the server has after this call: items under an older one are read by nobody, so a write or delete there
     * would be none.
     */
    private <R extends @Nullable Object> CompletableFuture<R> write(
            K key, Function<String, CompletableFuture<R>> command) {
        CharSequence text = name.apply(key);
        GenerationKey names = generation;
        if (names == null) {
            return command.apply(prefix + text);
        }
        outdate(nameless(text));
        long known = names.lastKnown();
        CompletableFuture<Long> check = names.anew();
        CompletableFuture<R> result;
        if (known == 0) {
            result = check.thenCompose(now -> command.apply(wire(text, now)));
        } else {
            CompletableFuture<R> early = command.apply(wire(text, known));
            result = check.thenCompose(now -> now == known
                    ? early
                    : early.handle((done, failure) -> done).thenCompose(done -> command.apply(wire(text, now))));
        }
        return result.whenComplete((done, failure) -> outdate(nameless(text)));
    }

    /**
     * Forgets all values of the view.
     *
     * @throws IllegalStateException when the view's names carry no generation
     */
    CompletableFuture<@Nullable Void> invalidateAll() {
        GenerationKey names = generation;
        if (names == null) {
            throw new IllegalStateException("invalidateAll needs the setting forgettable");
        }
        flights.keySet().forEach(this::outdate);
        return names.forget().handle((done, failure) -> {
            flights.keySet().forEach(this::outdate);
            if (near != null) {
                near.dropAll();
            }
            if (failure != null) {
                throw new CompletionException(ClientStore.cause(failure));
            }
            return null;
        });
    }

    // ---- after a read ----

    /** What a caller does with what it has found. */
    Decision decide(String key, Reading<V> found) {
        boolean isTakenByOthers =
                found.turn() == Reading.Whose.ANOTHERS && found.content() != Reading.Content.PLACEHOLDER;
        if (isTakenByOthers) {
            watchTurn(key, found);
        }
        Decision decision = Decision.of(found, settings, isThrottled(key), isEarly(key, found));
        if (decision.step() == Step.SERVE_STALE && decision.lease() != null) {
            quietly(key, store.giveBack(key, decision.lease()));
        }
        return decision;
    }

    /** What to do when the value that was found cannot be decoded, or a serde takes it for a miss: it is replaced if it is still the same. */
    Decision replace(Reading<V> found) {
        Lease.Kind kind = found.turn() == Reading.Whose.MINE
                ? Lease.Kind.OLD_VALUE
                : found.cas() == 0 ? Lease.Kind.UNCOMPARED : Lease.Kind.UNTAKEN;
        return new Decision(Step.LOAD, new Lease(kind, found.cas(), found.changes()), false, found.cas());
    }

    /** What to do when the read failed: the value is loaded and not stored. Throws what is the caller's fault. */
    Decision withoutCache(String key, Throwable failure) {
        Throwable cause = ClientStore.cause(failure);
        if (settings.cacheErrors() == CacheErrors.THROW || !isFaultOfCache(cause)) {
            throw unchecked(cause);
        }
        cacheFailed(key, cause);
        return new Decision(Step.LOAD, null, false, 0);
    }

    private static boolean isFaultOfCache(Throwable failure) {
        return failure instanceof GenerationUnavailableException
                || failure instanceof MemcachedException
                        && !(failure instanceof IllegalKeyException
                                || failure instanceof IllegalRequestException
                                || failure instanceof ClientClosedException
                                || failure instanceof CallInterruptedException);
    }

    static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /**
     * The value of a reading that is served; null for an absent one.
     *
     * @throws SerdeException when it cannot be decoded for a reason that loading does not mend
     */
    Served<V> serve(Reading<V> found) {
        if (found.content() != Reading.Content.VALUE) {
            return new Served<>(null, true);
        }
        try {
            V value = found.value();
            return new Served<>(value, value != null);
        } catch (SerdeException e) {
            if (e.reason() == SerdeException.Reason.UNSUPPORTED_TYPE || settings.cacheErrors() == CacheErrors.THROW) {
                throw e;
            }
            String key = e.key();
            cacheFailed(key == null ? prefix : key, e);
            return new Served<>(null, false);
        }
    }

    /**
     * What became of decoding.
     *
     * @param value the value; null for an absent one
     * @param isServed false when there was nothing that could be decoded
     */
    record Served<V>(@Nullable V value, boolean isServed) {}

    private boolean isThrottled(String key) {
        if (settings.failSafe() == null) {
            return false;
        }
        Long until = throttledUntil.get(key);
        if (until == null) {
            return false;
        }
        if (time.nanos() - until < 0) {
            return true;
        }
        throttledUntil.remove(key, until);
        return false;
    }

    private void throttle(String key) {
        if (settings.failSafe() == null) {
            return;
        }
        makeRoom(throttledUntil);
        throttledUntil.put(key, time.nanos() + settings.throttle().toNanos());
    }

    private static void makeRoom(ConcurrentHashMap<?, ?> map) {
        if (map.mappingCount() >= MAX_REMEMBERED) {
            // what is forgotten costs a load or a lease's time
            map.clear();
        }
    }

    /**
     * Where nobody arbitrates, refreshing early is by chance, the likelier the longer a load takes and the nearer the end is (Vattani, Chierichetti,
     * Lowenstein: Optimal Probabilistic Cache Stampede Prevention, PVLDB 8(8), 2015).
     */
    private boolean isEarly(String key, Reading<V> found) {
        if (settings.refreshAhead() == null || settings.leases(key) || found.content() != Reading.Content.VALUE) {
            return false;
        }
        Duration fresh = found.freshFor(settings);
        return fresh != null
                && fresh.compareTo(settings.refreshAhead()) < 0
                && -Math.log(1 - time.random()) * loadNanos >= fresh.toNanos();
    }

    /** A turn that another process keeps for longer than a lease is taken from it: it has died, or its answer was lost. */
    private void watchTurn(String key, Reading<V> found) {
        Taken seen = taken.get(key);
        long now = time.nanos();
        if (seen == null || seen.cas() != found.cas()) {
            makeRoom(taken);
            taken.put(key, new Taken(found.cas(), now));
            return;
        }
        Flight<V> own = flights.get(key);
        boolean isOurs = own != null && own.state() != Flight.State.POLLING;
        if (isOurs || now - seen.since() <= settings.lease().toNanos() || !taken.remove(key, seen)) {
            return;
        }
        turnsFreed.increment();
        tellListener(listener -> listener.turnFreed(key));
        quietly(key, store.giveBack(key, new Lease(Lease.Kind.OLD_VALUE, found.cas(), found.changes())));
    }

    // ---- flights ----

    /**
     * What a call does after its read.
     *
     * @param value what it returns at once when there is no seat, or when the seat is only for a load behind it
     * @param seat where it waits; null when it is done
     * @param isBehind whether the call returns at once, and somebody else sees to the seat
     */
    record Start<V>(@Nullable V value, @Nullable Seat<V> seat, boolean isBehind) {}

    /**
     * Begins a call with what its read has found.
     *
     * @param waiters the flights that the caller loads for
     * @param ticket what was remembered before the read, for a copy; null where nothing is kept
     * @throws LoadingCycleException when a load would wait for itself
     */
    Start<V> start(String key, Reading<V> found, List<Flight<?>> waiters, NearCopies.@Nullable Ticket ticket) {
        Decision decision = decide(key, found);
        Step step = decision.step();
        Served<V> served = new Served<>(null, false);
        if (decision.mayServe()) {
            served = serve(found);
            if (!served.isServed()) {
                return new Start<>(null, enter(key, replace(found), null, waiters), false);
            }
        }
        return switch (step) {
            case SERVE -> {
                hits.increment();
                if (near != null && ticket != null) {
                    near.fill(key, found, served.value(), ticket);
                }
                yield new Start<>(served.value(), null, false);
            }
            case SERVE_STALE -> {
                stale.increment();
                yield new Start<>(served.value(), null, false);
            }
            case REFRESH -> {
                hits.increment();
                yield new Start<>(served.value(), enter(key, decision, null, List.of()), true);
            }
            case LOAD, WAIT -> new Start<>(null, enter(key, decision, served.value(), waiters), false);
        };
    }

    /** Begins a call with what it has found together with the generation. */
    Start<V> start(Look<V> look, List<Flight<?>> waiters) {
        Reading<V> found = look.found();
        Throwable failure = look.failure();
        return found != null
                ? start(look.wire(), found, waiters, look.ticket())
                : startWithoutCache(look.wire(), Objects.requireNonNull(failure), waiters);
    }

    /** Begins a call whose read has failed. */
    Start<V> startWithoutCache(String key, Throwable failure, List<Flight<?>> waiters) {
        return new Start<>(null, enter(key, withoutCache(key, failure), null, waiters), false);
    }

    /**
     * A caller takes a seat in the flight of the key, which is begun if there is none.
     *
     * @param old what may be used when there is nothing better, or null
     */
    private Seat<V> enter(String key, Decision decision, @Nullable V old, List<Flight<?>> waiters) {
        Seat<V> seat = new Seat<>(old);
        boolean isLoad = decision.step() != Step.WAIT;
        while (true) {
            Flight<V> flight = flights.computeIfAbsent(key, Flight::new);
            seat.flight = flight;
            Boarding<V> boarding = isLoad
                    ? flight.joinToLoad(seat, decision.lease(), decision.cas())
                    : flight.join(seat, decision.cas());
            if (!boarding.isAboard()) {
                flights.remove(key, flight);
                continue;
            }
            if (!isLoad || boarding.effects().isEmpty()) {
                joined.increment();
            }
            try {
                WaitGraph.waitFor(waiters, flight);
            } catch (LoadingCycleException e) {
                leave(seat);
                throw e;
            }
            if (!waiters.isEmpty()) {
                seat.waiters = waiters;
                // one that is to load goes on waiting, for its own load
                seat.turn.thenAccept(turn -> {
                    if (!(turn instanceof Turn.Load<V>)) {
                        stopWaiting(seat, flight);
                    }
                });
            }
            run(flight, boarding.effects());
            return seat;
        }
    }

    /** A caller gives up, at any moment: when it loads another one takes over, or the lease is given back. */
    void leave(Seat<V> seat) {
        Flight<V> flight = seat.flight;
        if (flight == null) {
            return;
        }
        stopWaiting(seat, flight);
        run(flight, flight.leave(seat));
        seat.turn.whenComplete((turn, failure) -> release(seat));
    }

    private static <V> void stopWaiting(Seat<V> seat, Flight<V> flight) {
        if (!seat.waiters.isEmpty() && seat.isWaitOver.compareAndSet(false, true)) {
            WaitGraph.stoppedWaiting(seat.waiters, flight);
        }
    }

    /** A load that was counted is over; once for each. */
    private void release(Seat<V> seat) {
        if (seat.isCounted.compareAndSet(true, false)) {
            running.decrementAndGet();
        }
    }

    private void run(Flight<V> flight, List<Effect<V>> effects) {
        for (Effect<V> effect : effects) {
            if (effect instanceof Flight.Tell<V> tell) {
                tell(flight, tell);
            } else if (effect instanceof Flight.Poll<V>) {
                poll(flight, new PollState(time.nanos() + settings.maxWait().toNanos(), FIRST_POLL_NANOS));
            } else if (effect instanceof Flight.GiveBack<V> back) {
                quietly(flight.key(), store.giveBack(flight.key(), back.lease()));
            } else {
                flights.remove(flight.key(), flight);
                WaitGraph.ended(flight);
            }
        }
    }

    private void tell(Flight<V> flight, Flight.Tell<V> tell) {
        Seat<V> seat = tell.seat();
        if (tell.turn() instanceof Turn.Load<V> load) {
            if (running.incrementAndGet() > settings.maxFlights()) {
                running.decrementAndGet();
                refuse(flight, seat);
                return;
            }
            seat.loadBegan = time.nanos();
            loads.increment();
            if (load.lease() != null && load.lease().isOnEmptyItem()) {
                leases.increment();
            }
            int number = flight.loads();
            time.after(settings.loadTimeout().toNanos(), () -> {
                List<Effect<V>> expired = flight.expire(number, new Turn.Failed<>(tooLate(flight.key())));
                if (!expired.isEmpty()) {
                    throttle(flight.key());
                }
                run(flight, expired);
            });
            seat.isCounted.set(true);
            if (!seat.turn.complete(load)) {
                // the caller was cancelled, and is about to leave
                release(seat);
            }
        } else if (tell.turn() instanceof Turn.Failed<V> failed && mayServe(seat, failed.failure())) {
            stale.increment();
            seat.turn.complete(new Turn.Done<>(seat.old));
        } else {
            seat.turn.complete(tell.turn());
        }
    }

    private LoadingTimeoutException tooLate(String key) {
        return new LoadingTimeoutException("the load is not done", key, settings.loadTimeout());
    }

    /** What a load ends with that was cut off. */
    LoadingTimeoutException tooLate(Seat<V> seat) {
        return tooLate(seat.key());
    }

    private static <V> boolean mayServe(Seat<V> seat, Throwable failure) {
        return seat.old != null && !(failure instanceof CancellationException) && !(failure instanceof Error);
    }

    private void refuse(Flight<V> flight, Seat<V> seat) {
        LoadingOverloadedException overloaded = new LoadingOverloadedException(settings.maxFlights());
        if (flight.beginEnd(seat)) {
            endFlight(flight, new Turn.Failed<>(overloaded), giveBack(flight));
        }
        seat.turn.complete(mayServe(seat, overloaded) ? new Turn.Done<>(seat.old) : new Turn.Failed<>(overloaded));
    }

    // ---- the end of a load ----

    /**
     * A caller has loaded; what it returns when the value is stored, or not stored.
     *
     * @param loaded what the loader gave; null for nothing
     */
    CompletableFuture<@Nullable V> loaded(Seat<V> seat, @Nullable Loaded<V> loaded) {
        release(seat);
        V value = loaded == null ? null : loaded.value();
        Flight<V> flight = seat.flight;
        if (flight == null || !flight.beginEnd(seat)) {
            notStored(flight == null ? prefix : flight.key());
            return CompletableFuture.completedFuture(value);
        }
        String key = flight.key();
        throttledUntil.remove(key);
        taken.remove(key);
        long took = time.nanos() - seat.loadBegan;
        loadNanos = 0.9 * loadNanos + 0.1 * took;
        tellListener(listener -> listener.loaded(key, took));
        CompletableFuture<?> stored;
        Lease lease = flight.leaseToStore();
        if (lease == null) {
            notStored(key);
            stored = giveBack(flight);
        } else if (value == null && settings.absent() == null) {
            stored = limited(key, store.delete(key, lease));
        } else {
            stored = store(flight, lease, value, loaded);
        }
        return stored.handle((done, failure) -> {
            if (failure != null && settings.cacheErrors() == CacheErrors.THROW) {
                run(flight, flight.finish(new Turn.Failed<>(ClientStore.cause(failure))));
                throw unchecked(ClientStore.cause(failure));
            }
            run(flight, flight.finish(new Turn.Done<>(value)));
            return value;
        });
    }

    private CompletableFuture<?> store(Flight<V> flight, Lease lease, @Nullable V value, @Nullable Loaded<V> loaded) {
        String key = flight.key();
        if (!store.isValid(lease)) {
            notStored(key);
            return CompletableFuture.completedFuture(null);
        }
        Duration ttl = value == null
                ? settings.absent()
                : loaded == null || loaded.ttl() == null ? settings.ttl() : loaded.ttl();
        return attempt(() -> store.store(key, lease, value, jittered(ttl)))
                .handle((done, failure) -> {
                    if (failure == null) {
                        if (!done) {
                            notStored(key);
                        }
                        if (near != null) {
                            near.drop(key);
                        }
                        return CompletableFuture.<@Nullable Object>completedFuture(null);
                    }
                    Throwable cause = ClientStore.cause(failure);
                    cacheFailed(key, cause);
                    CompletableFuture<?> back = limited(key, store.giveBack(key, lease));
                    return settings.cacheErrors() == CacheErrors.THROW
                            ? back.thenCompose(done2 -> CompletableFuture.<@Nullable Object>failedFuture(cause))
                            : back;
                })
                .thenCompose(next -> next);
    }

    private interface Attempt<R> {
        CompletableFuture<R> start();
    }

    /** A call that throws at once, because its value cannot be encoded, is one that failed. */
    private static <R> CompletableFuture<R> attempt(Attempt<R> call) {
        try {
            return call.start();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Nullable
    Duration jittered(@Nullable Duration ttl) {
        if (ttl == null || settings.jitter() == 0) {
            return ttl;
        }
        return Duration.ofNanos(Math.max(1, (long) (ttl.toNanos() * (1 - settings.jitter() * time.random()))));
    }

    /**
     * A caller's load has failed; what it returns in its place, or the failure.
     *
     * @param failure what the loader threw
     */
    CompletableFuture<@Nullable V> failed(Seat<V> seat, Throwable failure) {
        release(seat);
        loadFailures.increment();
        Flight<V> flight = seat.flight;
        CompletableFuture<?> back = CompletableFuture.completedFuture(null);
        if (flight != null) {
            throttle(flight.key());
            if (flight.beginEnd(seat)) {
                back = endFlight(flight, new Turn.Failed<>(failure), giveBackAfterFailure(flight));
            }
        }
        return back.handle((done, ignored) -> {
            if (!mayServe(seat, failure)) {
                throw new CompletionException(failure);
            }
            stale.increment();
            tellListener(listener -> listener.loadFailed(flight == null ? prefix : flight.key(), failure));
            return seat.old;
        });
    }

    private CompletableFuture<?> giveBackAfterFailure(Flight<V> flight) {
        Lease lease = flight.leaseHeld();
        boolean isKept = settings.fleetThrottle() && lease != null && lease.kind() == Lease.Kind.OLD_VALUE;
        return isKept ? CompletableFuture.completedFuture(null) : giveBack(flight);
    }

    private CompletableFuture<?> giveBack(Flight<V> flight) {
        Lease lease = flight.leaseHeld();
        return lease == null
                ? CompletableFuture.completedFuture(null)
                : limited(flight.key(), store.giveBack(flight.key(), lease));
    }

    private CompletableFuture<?> endFlight(Flight<V> flight, Turn<V> turn, CompletableFuture<?> before) {
        return before.handle((done, ignored) -> {
            run(flight, flight.finish(turn));
            return done;
        });
    }

    /** Waits for a lease to be given back, but not for long; a failure is only told. */
    private CompletableFuture<?> limited(String key, CompletableFuture<?> call) {
        return call.thenApply(done -> (@Nullable Object) done)
                .orTimeout(GIVE_BACK_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    cacheFailed(key, ClientStore.cause(failure));
                    return null;
                });
    }

    private void quietly(String key, CompletableFuture<?> call) {
        call.whenComplete((done, failure) -> {
            if (failure != null) {
                cacheFailed(key, ClientStore.cause(failure));
            }
        });
    }

    // ---- polling ----

    private record PollState(long deadline, long pause) {
        PollState next() {
            return new PollState(deadline, Math.min(2 * pause, LONGEST_POLL_NANOS));
        }
    }

    private void poll(Flight<V> flight, PollState state) {
        long now = time.nanos();
        long wait = (long) (state.pause() * (1 - POLL_JITTER + 2 * POLL_JITTER * time.random()));
        long left = state.deadline() - now;
        time.after(Math.max(0, Math.min(wait, left)), () -> look(flight, state.next()));
    }

    private void look(Flight<V> flight, PollState state) {
        if (flight.state() != Flight.State.POLLING) {
            return;
        }
        int number = flight.pollStarts();
        attempt(() -> store.read(flight.key())).whenComplete((found, failure) -> {
            try {
                if (failure != null) {
                    Throwable cause = ClientStore.cause(failure);
                    cacheFailed(flight.key(), cause);
                    again(flight, state, null);
                } else {
                    looked(flight, number, found, state);
                }
            } catch (RuntimeException | Error e) {
                run(flight, flight.found(Integer.MAX_VALUE, new Turn.Failed<>(e)));
            }
        });
    }

    private void looked(Flight<V> flight, int number, Reading<V> found, PollState state) {
        String key = flight.key();
        Decision decision = decide(key, found);
        switch (decision.step()) {
            case WAIT -> {
                flight.sawTaken(decision.cas());
                again(flight, state, found);
            }
            case LOAD -> take(flight, decision);
            case SERVE, SERVE_STALE, REFRESH -> {
                Served<V> served = serve(found);
                if (!served.isServed()) {
                    take(flight, replace(found));
                    return;
                }
                if (decision.step() == Step.REFRESH && decision.lease() != null) {
                    // nobody is here to load behind the others
                    quietly(key, store.giveBack(key, decision.lease()));
                }
                List<Effect<V>> effects = flight.found(number, new Turn.Done<>(served.value()));
                boolean isLeft = effects.stream().anyMatch(effect -> effect instanceof Flight.Poll<V>);
                run(
                        flight,
                        effects.stream()
                                .filter(effect -> !(effect instanceof Flight.Poll<V>))
                                .toList());
                if (isLeft) {
                    look(flight, state);
                }
            }
        }
    }

    private void take(Flight<V> flight, Decision decision) {
        Lease lease = decision.lease();
        List<Effect<V>> effects = lease == null ? flight.overdue() : flight.won(lease);
        if (effects != null) {
            run(flight, effects);
        } else if (lease != null) {
            quietly(flight.key(), store.giveBack(flight.key(), lease));
        }
    }

    private void again(Flight<V> flight, PollState state, @Nullable Reading<V> found) {
        if (time.nanos() - state.deadline() < 0) {
            poll(flight, state);
            return;
        }
        switch (settings.waitOver()) {
            case LOAD_WITHOUT_STORING -> run(flight, flight.overdue());
            case THROW ->
                run(
                        flight,
                        flight.found(
                                Integer.MAX_VALUE,
                                new Turn.Failed<>(new LoadingTimeoutException(
                                        "another process has not stored the value",
                                        flight.key(),
                                        settings.maxWait()))));
            case STALE -> {
                Served<V> served = found == null || found.content() != Reading.Content.VALUE
                        ? new Served<>(null, false)
                        : serve(found);
                if (served.isServed()) {
                    stale.increment();
                    run(flight, flight.found(Integer.MAX_VALUE, new Turn.Done<>(served.value())));
                } else {
                    run(flight, flight.overdue());
                }
            }
        }
    }

    // ---- writes of this process ----

    /**
     * Stores a value whatever is there.
     *
     * @param value the value; null is remembered where the settings say so, and otherwise invalidates
     */
    CompletableFuture<@Nullable Void> put(K key, @Nullable V value) {
        return write(key, wire -> {
            outdate(wire);
            CompletableFuture<@Nullable Void> done = value == null && settings.absent() == null
                    ? store.invalidate(wire).thenApply(any -> null)
                    : store.put(wire, value, jittered(ttl(value)));
            return done.whenComplete((any, failure) -> outdate(wire));
        });
    }

    private @Nullable Duration ttl(@Nullable V value) {
        return value == null ? settings.absent() : settings.ttl();
    }

    /** Deletes the item, or marks it stale; whether there was one. */
    CompletableFuture<Boolean> invalidate(K key) {
        return write(key, wire -> {
            outdate(wire);
            return store.invalidate(wire).whenComplete((done, failure) -> outdate(wire));
        });
    }

    /** What the server has; null for a miss. A load under way is one. */
    CompletableFuture<@Nullable Cached<V>> getIfPresent(K key) {
        CharSequence text = name.apply(key);
        if (near != null) {
            String wire = wire(key);
            Cached<V> copy = wire == null ? null : near(wire);
            if (copy != null) {
                return CompletableFuture.completedFuture(copy);
            }
        }
        CompletableFuture<Look<V>> look = generation == null
                ? peek(prefix + text)
                : named(now -> peek(wire(text, now)), unused -> {})
                        .exceptionally(failure -> new Look<>(nameless(text), null, ClientStore.cause(failure), null));
        return look.thenApply(seen -> {
            Reading<V> found = seen.found();
            if (found == null) {
                withoutCache(seen.wire(), Objects.requireNonNull(seen.failure()));
                return null;
            }
            return present(found);
        });
    }

    private CompletableFuture<Look<V>> peek(String wire) {
        return attempt(() -> store.peek(wire)).handle((found, failure) -> {
            Look<V> look = new Look<>(wire, found, failure, null);
            discard(look);
            // the turn is given back, once
            return look;
        });
    }

    /** The value that is there; null for none, and for one that may only be served when loading fails. */
    private @Nullable Cached<V> present(Reading<V> found) {
        boolean isThere = found.content() == Reading.Content.ABSENT || found.content() == Reading.Content.VALUE;
        if (!isThere || found.isExpired(settings)) {
            return null;
        }
        Served<V> served = serve(found);
        if (!served.isServed()) {
            return null;
        }
        hits.increment();
        return new Cached<>(served.value());
    }

    /**
     * Stores a value when there is none: no item, a placeholder, the mark of a load, that of absence, or a value whose time is over.
     *
     * @return null when it was stored, otherwise what is there
     */
    CompletableFuture<@Nullable Cached<V>> putIfAbsent(K key, @Nullable V value) {
        if (value == null && settings.absent() == null) {
            throw new IllegalArgumentException("a null is stored only with the setting absent");
        }
        return write(key, wire -> putIfAbsent(wire, value, 1));
    }

    private CompletableFuture<@Nullable Cached<V>> putIfAbsent(String wire, @Nullable V value, int attempt) {
        if (attempt > MAX_PUTS) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "the item \"" + wire + "\" was changed by others " + MAX_PUTS + " times"));
        }
        Duration ttl = jittered(ttl(value));
        Lease none = new Lease(Lease.Kind.NOTHING, 0, 0);
        return store.store(wire, none, value, ttl).thenCompose(added -> {
            if (added) {
                outdate(wire);
                return CompletableFuture.completedFuture(null);
            }
            return store.peek(wire).thenCompose(found -> replaceAbsent(wire, found, value, ttl, attempt));
        });
    }

    private CompletableFuture<@Nullable Cached<V>> replaceAbsent(
            String wire, Reading<V> found, @Nullable V value, @Nullable Duration ttl, int attempt) {
        boolean isRemembered = found.content() == Reading.Content.ABSENT && value == null;
        Cached<V> there = found.content() == Reading.Content.ABSENT && !isRemembered ? null : present(found);
        if (there != null || found.content() == Reading.Content.NOTHING) {
            discard(new Look<>(wire, found, null, null));
            return there != null ? CompletableFuture.completedFuture(there) : putIfAbsent(wire, value, attempt + 1);
        }
        Lease.Kind kind = found.cas() == 0 ? Lease.Kind.UNCOMPARED : Lease.Kind.UNTAKEN;
        return store.store(wire, new Lease(kind, found.cas(), found.changes()), value, ttl)
                .thenCompose(stored -> {
                    if (!stored) {
                        return putIfAbsent(wire, value, attempt + 1);
                    }
                    outdate(wire);
                    return CompletableFuture.completedFuture(null);
                });
    }

    /** The key is about to be, or was, written or invalidated here: what is being loaded is not stored, and nobody else waits for it. */
    private void outdate(String key) {
        if (near != null) {
            near.drop(key);
        }
        Flight<V> flight = flights.get(key);
        if (flight != null) {
            flight.outdate();
            flights.remove(key, flight);
        }
        throttledUntil.remove(key);
    }

    // ---- what is told and counted ----

    /** A read or write of the cache has failed, and the caller goes on without it. */
    void cacheFailed(String key, Throwable failure) {
        cacheFailures.increment();
        tellListener(listener -> listener.cacheFailed(key, failure));
    }

    private void notStored(String key) {
        notStored.increment();
        tellListener(listener -> listener.notStored(key));
    }

    /** A load that nobody waits for has failed. */
    void failedBehind(String key, Throwable failure) {
        tellListener(listener -> listener.loadFailed(key, failure));
    }

    private void tellListener(Consumer<LoadingListener> event) {
        try {
            event.accept(settings.listener());
        } catch (RuntimeException e) {
            LOG.warn("the listener of a view failed", e);
        }
    }

    LoadingStats stats() {
        return new LoadingStats(
                hits.sum(),
                nearHits.sum(),
                loads.sum(),
                loadFailures.sum(),
                leases.sum(),
                joined.sum(),
                stale.sum(),
                notStored.sum(),
                cacheFailures.sum(),
                turnsFreed.sum());
    }
}
