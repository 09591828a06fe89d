package io.cachewire.internal.observe;

import io.cachewire.ClusterView;
import io.cachewire.IllegalRequestException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerState;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import io.cachewire.internal.call.Wakeups;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.Events;
import io.cachewire.internal.operation.LineSource;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.ServerVersions;
import io.cachewire.internal.protocol.line.LineCommand;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose calls are told to listeners. It stands in front of the client's engine where there is a listener, and only there: without one
 * nothing on the way of a call knows of it. Decided in docs/decisions/0082-listeners-in-front.md.
 */
public final class ObservedEngine implements Engine {
    private final Engine engine;
    private final Listeners listeners;

    private ObservedEngine(Engine engine, Listeners listeners) {
        this.engine = engine;
        this.listeners = listeners;
    }

    /**
     * The engine of a client with these listeners; the plain one when there are none.
     *
     * @param make makes it, to tell its events there
     */
    public static Engine of(List<ClientListener> all, InstantSource clock, Function<Events, Engine> make) {
        if (all.isEmpty()) {
            return make.apply(Events.NONE);
        }
        Listeners listeners = Listeners.none(clock);
        for (ClientListener listener : all) {
            listeners = listeners.with(listener);
        }
        return new ObservedEngine(make.apply(new EventThread(listeners)), listeners);
    }

    /** The engine with this listener besides those that it has. */
    public static Engine of(Engine engine, ClientListener listener, InstantSource clock) {
        return engine instanceof ObservedEngine observed
                ? new ObservedEngine(observed.engine, observed.listeners.with(listener))
                : new ObservedEngine(engine, Listeners.none(clock).with(listener));
    }

    @Override
    public <R extends @Nullable Object> Call<R> submit(Operation<R> operation) {
        return observed(operation, () -> engine.submit(operation));
    }

    @Override
    public <R extends @Nullable Object> Call<R> submit(Operation<R> operation, Function<Engine, Call<R>> way) {
        return observed(operation, () -> way.apply(engine));
    }

    @Override
    public <R extends @Nullable Object> Call<R> submitTo(ServerAddress server, Operation<R> operation) {
        return observed(operation, () -> engine.submitTo(server, operation));
    }

    private <R extends @Nullable Object> Call<R> observed(Operation<R> operation, Supplier<Call<R>> submit) {
        if (!listeners.hear()) {
            return submit.get();
        }
        Watch watch = watch(operation, operation.key() == null ? 0 : 1, sent(operation));
        return new OneCall<>(submitted(submit, watch), operation, watch).begun();
    }

    /** Each server's part is a call. */
    @Override
    public <R extends @Nullable Object> Map<ServerAddress, Call<R>> submitToEach(Operation<R> operation) {
        if (!listeners.hear()) {
            return engine.submitToEach(operation);
        }
        Map<ServerAddress, Call<R>> calls = new LinkedHashMap<>();
        for (ServerState state : engine.cluster().servers()) {
            try {
                calls.put(state.address(), submitTo(state.address(), operation));
            } catch (IllegalRequestException e) {
                // taken off the list since: it is none of the client's servers
            }
        }
        return calls;
    }

    @Override
    public <P extends @Nullable Object, R extends @Nullable Object> Call<R> submitAll(
            List<? extends Operation<P>> operations, Function<? super Outcomes<P>, ? extends R> combine) {
        if (operations.isEmpty() || !listeners.hear()) {
            return engine.submitAll(operations, combine);
        }
        ManyCall.Tally<P> tally = new ManyCall.Tally<>(operations);
        long sent = 0;
        for (Operation<P> operation : operations) {
            sent += sent(operation);
        }
        Watch watch = watch(operations.get(0), operations.size(), sent);
        Supplier<Call<R>> submit =
                () -> engine.submitAll(operations, outcomes -> combine.apply(tally.counting(outcomes)));
        return new ManyCall<>(submitted(submit, watch), tally, watch).begun();
    }

    @Override
    public void submitQuietly(Operation<?> operation) {
        if (!listeners.hear()) {
            engine.submitQuietly(operation);
            return;
        }
        Watch watch = watch(operation, 1, sent(operation));
        submitted(
                () -> {
                    engine.submitQuietly(operation);
                    return operation;
                },
                watch);
        watch.ended(Outcome.SENT, null, Watch.Facts.NONE);
    }

    private Watch watch(Operation<?> operation, int keyCount, long sent) {
        CallStart call = new CallStart(operation.verb(), operation.namespace(), keyCount);
        return new Watch(listeners, call, sent, engine.wakeups());
    }

    private static long sent(Operation<?> operation) {
        var data = operation.request().data();
        return data == null ? 0 : data.length();
    }

    /** What is thrown here ends the call. */
    private static <T> T submitted(Supplier<T> submit, Watch watch) {
        try {
            return submit.get();
        } catch (Throwable e) {
            watch.ended(Outcome.ERROR, e, Watch.Facts.NONE);
            throw e;
        }
    }

    @Override
    public ServerAddress serverOf(Operation<?> operation) {
        return engine.serverOf(operation);
    }

    @Override
    public LineSource open(ServerAddress server, LineCommand command, @Nullable Duration timeLimit) {
        return engine.open(server, command, timeLimit);
    }

    @Override
    public @Nullable Boolean hasProvenMeta(ServerAddress server) {
        return engine.hasProvenMeta(server);
    }

    @Override
    public ServerVersions versions() {
        return engine.versions();
    }

    @Override
    public ClusterView cluster() {
        return engine.cluster();
    }

    @Override
    public void checkMayBlock() {
        engine.checkMayBlock();
    }

    @Override
    public Wakeups wakeups() {
        return engine.wakeups();
    }

    @Override
    public void disconnectAll() {
        engine.disconnectAll();
    }

    @Override
    public void connectAll() {
        engine.connectAll();
    }

    @Override
    public Call<Boolean> drain(Duration limit) {
        return engine.drain(limit);
    }

    @Override
    public void close() {
        engine.close();
    }
}
