package io.cachewire.loading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of one value into this process, as a state machine: callers take seats, one of them at most loads, all are told the end. It does no
 * I/O and has no clock; its caller runs the returned effects after the lock is released. Any thread may call it.
 *
 * <p>A flight begins POLLING, while another process has the turn, or LOADING, when this one has it. A loader that leaves hands the load and the
 * lease to the caller who has waited longest; with the last caller the flight ends and the lease is given back. Every lease that a flight was
 * given is either left to {@link #beginEnd} or in exactly one {@link GiveBack}.
 *
 * @param <V> type of the value
 */
final class Flight<V> {
    enum State {
        /** Another process has the turn; the value is looked for. */
        POLLING,
        /** One of the callers loads. */
        LOADING,
        /** The load has ended, and what came of it is being stored or given back. */
        ENDING,
        /** All were told. */
        ENDED
    }

    /** What is to be done after a transition. */
    sealed interface Effect<V> {}

    /** A caller is to be told. */
    record Tell<V>(Seat<V> seat, Turn<V> turn) implements Effect<V> {}

    /** The value is to be looked for. */
    record Poll<V>() implements Effect<V> {}

    /** The lease is to be given back. */
    record GiveBack<V>(Lease lease) implements Effect<V> {}

    /** The flight is over. */
    record Ended<V>() implements Effect<V> {}

    /** How a caller comes aboard. */
    record Boarding<V>(List<Effect<V>> effects, boolean isAboard) {}

    private final String key;

    /** Flights whose values the load of this one waits for, and how often it does; guarded by {@link WaitGraph}. */
    final Map<Flight<?>, Integer> waitsFor = new HashMap<>();

    private State state = State.POLLING;
    private final LinkedHashSet<Seat<V>> waiting = new LinkedHashSet<>();
    private @Nullable Seat<V> loader;
    private @Nullable Lease lease;
    private boolean isOutdated;
    private int polls;
    private int loads;

    /** The cas unique that was seen when the flight began or was polled last; 0 for none. */
    private long seenCas;

    Flight(String key) {
        this.key = key;
    }

    /** The key as it is sent. */
    String key() {
        return key;
    }

    synchronized State state() {
        return state;
    }

    /** How often a load was begun, so that a timer knows whether its load is still the one. */
    synchronized int loads() {
        return loads;
    }

    /**
     * A caller takes a seat to wait.
     *
     * @param cas the cas unique of what the caller has seen on the server; 0 when it has seen nothing
     * @return not aboard when the flight is over, or loads what was invalidated before this caller looked
     */
    synchronized Boarding<V> join(Seat<V> seat, long cas) {
        boolean isNew = state == State.POLLING && waiting.isEmpty();
        boolean isOfOthers = state != State.POLLING && cas != 0 && cas != (lease == null ? seenCas : lease.cas());
        if (state == State.ENDED || isOutdated || isOfOthers) {
            return new Boarding<>(List.of(), false);
        }
        seat.joinedAfterPolls = polls;
        waiting.add(seat);
        if (!isNew) {
            return new Boarding<>(List.of(), true);
        }
        seenCas = cas;
        return new Boarding<>(List.of(new Poll<>()), true);
    }

    /**
     * A caller takes a seat to load, with what it has won.
     *
     * @param won the lease, or null when nothing is to be stored
     * @return aboard without a load when another one loads already with the same lease, or nothing is to be compared; not aboard when that load's
     *     lease is void now
     */
    synchronized Boarding<V> joinToLoad(Seat<V> seat, @Nullable Lease won, long cas) {
        if (state == State.POLLING && !isOutdated) {
            waiting.add(seat);
            seenCas = cas;
            return new Boarding<>(load(seat, won), true);
        }
        return join(seat, won == null ? 0 : won.cas());
    }

    /** The poll has won the turn: the caller that has waited longest loads. Returns null when no caller is waiting. */
    synchronized @Nullable List<Effect<V>> won(Lease won) {
        if (state != State.POLLING || waiting.isEmpty()) {
            return null;
        }
        seenCas = won.cas();
        return load(waiting.iterator().next(), won);
    }

    /** The longest wait is over: the caller that has waited longest loads, and nothing is stored. */
    synchronized List<Effect<V>> overdue() {
        if (state != State.POLLING || waiting.isEmpty()) {
            return List.of();
        }
        return load(waiting.iterator().next(), null);
    }

    private List<Effect<V>> load(Seat<V> seat, @Nullable Lease with) {
        waiting.remove(seat);
        state = State.LOADING;
        loader = seat;
        lease = with;
        loads++;
        return List.of(new Tell<>(seat, new Turn.Load<>(with)));
    }

    /** A caller gives up, at any moment. */
    synchronized List<Effect<V>> leave(Seat<V> seat) {
        boolean wasWaiting = waiting.remove(seat);
        if (state == State.POLLING && wasWaiting && waiting.isEmpty()) {
            state = State.ENDED;
            return List.of(new Ended<>());
        }
        if (state != State.LOADING || loader != seat) {
            return List.of();
        }
        if (!waiting.isEmpty()) {
            return load(waiting.iterator().next(), lease);
        }
        return end(new ArrayList<>());
    }

    /** The number of a poll that starts. */
    synchronized int pollStarts() {
        return ++polls;
    }

    /** What a poll saw while another process still has the turn. */
    synchronized void sawTaken(long cas) {
        if (state == State.POLLING) {
            seenCas = cas;
        }
    }

    /**
     * A poll has found the value. A caller that came after the poll had started is not told: the value may have been invalidated before.
     *
     * @return what is to be done; with a {@link Poll} when callers are left
     */
    synchronized List<Effect<V>> found(int poll, Turn<V> turn) {
        List<Effect<V>> effects = new ArrayList<>();
        if (state != State.POLLING) {
            return effects;
        }
        for (Iterator<Seat<V>> seats = waiting.iterator(); seats.hasNext(); ) {
            Seat<V> seat = seats.next();
            if (seat.joinedAfterPolls < poll) {
                seats.remove();
                effects.add(new Tell<>(seat, turn));
            }
        }
        if (waiting.isEmpty()) {
            state = State.ENDED;
            effects.add(new Ended<>());
        } else {
            effects.add(new Poll<>());
        }
        return effects;
    }

    /** The end of a load: false when the seat is not the loader any more, and its result concerns nobody else. */
    synchronized boolean beginEnd(Seat<V> seat) {
        if (state != State.LOADING || loader != seat) {
            return false;
        }
        state = State.ENDING;
        return true;
    }

    /** The lease of the load that is ending; null when nothing may be stored. */
    synchronized @Nullable Lease leaseToStore() {
        return isOutdated ? null : lease;
    }

    /** The lease of the load that is ending, to be given back. */
    synchronized @Nullable Lease leaseHeld() {
        return lease;
    }

    /** The load has ended, and the lease is used up or given back: all are told. */
    synchronized List<Effect<V>> finish(Turn<V> turn) {
        if (state != State.ENDING) {
            return List.of();
        }
        lease = null;
        List<Effect<V>> effects = new ArrayList<>();
        waiting.forEach(seat -> effects.add(new Tell<>(seat, turn)));
        return end(effects);
    }

    /** A load has taken too long: all but the loader are told, and the loader's result is its own. */
    synchronized List<Effect<V>> expire(int load, Turn<V> turn) {
        if (state != State.LOADING || loads != load) {
            return List.of();
        }
        List<Effect<V>> effects = new ArrayList<>();
        waiting.forEach(seat -> effects.add(new Tell<>(seat, turn)));
        return end(effects);
    }

    private List<Effect<V>> end(List<Effect<V>> effects) {
        state = State.ENDED;
        loader = null;
        waiting.clear();
        if (lease != null) {
            effects.add(0, new GiveBack<>(lease));
            lease = null;
        }
        effects.add(new Ended<>());
        return effects;
    }

    /** This process has written or invalidated the key: nobody else may join, and nothing is stored. */
    synchronized void outdate() {
        isOutdated = true;
    }
}
