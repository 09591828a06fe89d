package io.cachewire.internal.observe;

import io.cachewire.ClusterView;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientEvent;
import io.cachewire.observe.ClientListener;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of a client or of a view, told in their order. Immutable. */
final class Listeners {
    /** Set while this thread runs a listener, whose own calls nobody is told of: they would be told for ever. */
    private static final ThreadLocal<Boolean> TELLS = new ThreadLocal<>();

    private final List<GuardedListener> all;
    private final InstantSource clock;

    private Listeners(List<GuardedListener> all, InstantSource clock) {
        this.all = all;
        this.clock = clock;
    }

    static Listeners none(InstantSource clock) {
        return new Listeners(List.of(), clock);
    }

    Listeners with(ClientListener listener) {
        List<GuardedListener> more = new ArrayList<>(all);
        more.add(new GuardedListener(listener, clock));
        return new Listeners(List.copyOf(more), clock);
    }

    /** Whether a call of this thread is to be told. */
    boolean hear() {
        return TELLS.get() == null;
    }

    /** What each listener wants to get back at the end, in their order. */
    List<@Nullable Object> started(CallStart call) {
        List<@Nullable Object> tokens = new ArrayList<>(all.size());
        TELLS.set(true);
        try {
            for (GuardedListener one : all) {
                tokens.add(one.started(call));
            }
        } finally {
            TELLS.remove();
        }
        return tokens;
    }

    /** On the thread that makes the client. */
    void opened(ClusterView servers) {
        toldToEach(one -> one.opened(servers));
    }

    /** On the thread of the events. */
    void happened(ClientEvent event) {
        toldToEach(one -> one.happened(event));
    }

    /** On the thread that closes the client. */
    void closed(ClusterView servers) {
        toldToEach(one -> one.closed(servers));
    }

    private void toldToEach(Consumer<GuardedListener> tell) {
        boolean isNested = !hear();
        TELLS.set(true);
        try {
            all.forEach(tell);
        } finally {
            if (!isNested) {
                TELLS.remove();
            }
        }
    }

    void ended(CallStart call, CallEnd end, List<@Nullable Object> tokens) {
        boolean isNested = !hear();
        TELLS.set(true);
        try {
            for (int i = 0; i < all.size(); i++) {
                all.get(i).ended(call, end, tokens.get(i));
            }
        } finally {
            if (!isNested) {
                TELLS.remove();
            }
        }
    }
}
