package io.cachewire.loading;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which loads of this process wait for which others, so that a cycle is an error and no dead lock. Only a load that asks for a key that has to be
 * loaded, or is being loaded, comes here.
 */
final class WaitGraph {
    /** The flights that the code on this thread loads for. */
    private static final ThreadLocal<List<Flight<?>>> CURRENT = new ThreadLocal<>();

    private WaitGraph() {}

    /** The flights that the code on this thread loads for; empty outside of a load. */
    static List<Flight<?>> current() {
        List<Flight<?>> flights = CURRENT.get();
        return flights == null ? List.of() : flights;
    }

    /** Says what the code on this thread loads for, and returns what it did before. */
    static @Nullable List<Flight<?>> enter(@Nullable List<Flight<?>> flights) {
        List<Flight<?>> before = CURRENT.get();
        if (flights == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(flights);
        }
        return before;
    }

    /**
     * Loads are about to wait for a flight.
     *
     * @throws LoadingCycleException when that would wait for one of them
     */
    static void waitFor(List<Flight<?>> waiters, Flight<?> target) {
        if (waiters.isEmpty()) {
            return;
        }
        synchronized (WaitGraph.class) {
            for (Flight<?> waiter : waiters) {
                List<String> cycle = path(target, waiter);
                if (cycle != null) {
                    cycle.add(target.key());
                    throw new LoadingCycleException(cycle);
                }
            }
            waiters.forEach(waiter -> waiter.waitsFor.merge(target, 1, Integer::sum));
        }
    }

    /** Loads do not wait for a flight any more: they were told, or have given up. Once for each {@link #waitFor}. */
    static void stoppedWaiting(List<Flight<?>> waiters, Flight<?> target) {
        synchronized (WaitGraph.class) {
            waiters.forEach(waiter ->
                    waiter.waitsFor.computeIfPresent(target, (flight, times) -> times == 1 ? null : times - 1));
        }
    }

    /** A flight is over: nobody waits for it, and its load for nobody. */
    static void ended(Flight<?> flight) {
        synchronized (WaitGraph.class) {
            flight.waitsFor.clear();
        }
    }

    /** The keys from one flight to another along what loads wait for, or null. */
    private static @Nullable List<String> path(Flight<?> from, Flight<?> to) {
        Map<Flight<?>, @Nullable Flight<?>> cameFrom = new HashMap<>();
        ArrayDeque<Flight<?>> open = new ArrayDeque<>();
        cameFrom.put(from, null);
        open.add(from);
        while (!open.isEmpty()) {
            Flight<?> flight = open.poll();
            if (flight == to) {
                List<String> keys = new ArrayList<>();
                for (Flight<?> step = flight; step != null; step = cameFrom.get(step)) {
                    keys.add(0, step.key());
                }
                return keys;
            }
            for (Flight<?> next : flight.waitsFor.keySet()) {
                if (next.state() != Flight.State.ENDED && !cameFrom.containsKey(next)) {
                    cameFrom.put(next, flight);
                    open.add(next);
                }
            }
        }
        return null;
    }
}
