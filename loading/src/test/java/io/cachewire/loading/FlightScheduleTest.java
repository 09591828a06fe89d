package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.loading.Flight.Boarding;
import io.cachewire.loading.Flight.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every order in which three callers, the polls and the timer can do what they do to one flight: join, win, take over, finish, fail, leave. The
 * transitions are atomic, so orders are all that there is.
 */
final class FlightScheduleTest {
    private static final int CALLERS = 3;
    private static final int STEPS = 7;
    private static final int ALL = Integer.MAX_VALUE;

    private enum Move {
        JOIN_TO_WAIT,
        JOIN_TO_LOAD,
        LEAVE,
        BEGIN_END,
        FINISH,
        POLL_STARTS,
        POLL_FOUND,
        POLL_WON,
        OVERDUE,
        EXPIRE
    }

    private record Step(Move move, int caller) {}

    private static final class Caller {
        Seat<String> seat = new Seat<>(null);
        boolean isAboard;
        boolean isGone;
        boolean isLoading;
        boolean isEnding;
        int told;
    }

    /** One run of a schedule, checked at each step. */
    private static final class World {
        final Flight<String> flight = new Flight<>("k");
        final List<Caller> callers = new ArrayList<>();
        final Map<Lease, Integer> settled = new HashMap<>();
        int leases;
        int polls;
        int endings;
        boolean isPollWanted;

        World() {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(new Caller());
            }
        }

        boolean may(Step step) {
            Caller caller = callers.get(step.caller());
            return switch (step.move()) {
                case JOIN_TO_WAIT, JOIN_TO_LOAD -> !caller.isAboard && !caller.isGone;
                case LEAVE -> caller.isAboard && !caller.isGone && !caller.isEnding;
                case BEGIN_END -> caller.isLoading && !caller.isEnding && !caller.isGone;
                case FINISH -> caller.isEnding;
                case POLL_STARTS, POLL_WON, OVERDUE -> step.caller() == 0 && isPollWanted;
                case POLL_FOUND -> step.caller() == 0 && polls > 0;
                case EXPIRE -> step.caller() == 0 && flight.loads() > 0;
            };
        }

        void run(Step step) {
            Caller caller = callers.get(step.caller());
            switch (step.move()) {
                case JOIN_TO_WAIT -> board(caller, flight.join(caller.seat, 0));
                case JOIN_TO_LOAD -> {
                    Lease lease = lease();
                    Boarding<String> boarding = flight.joinToLoad(caller.seat, lease, lease.cas());
                    if (!boarding.isAboard()) {
                        // the caller begins another flight with it
                        settled.merge(lease, 1, Integer::sum);
                    }
                    board(caller, boarding);
                }
                case LEAVE -> {
                    caller.isGone = true;
                    caller.isLoading = false;
                    heed(flight.leave(caller.seat));
                }
                case BEGIN_END -> {
                    caller.isLoading = false;
                    if (flight.beginEnd(caller.seat)) {
                        caller.isEnding = true;
                        Lease lease = flight.leaseToStore();
                        if (lease != null) {
                            settled.merge(lease, 1, Integer::sum);
                        }
                    } else {
                        caller.isGone = true;
                    }
                }
                case FINISH -> {
                    caller.isEnding = false;
                    caller.isGone = true;
                    heed(flight.finish(new Turn.Done<>("value")));
                }
                case POLL_STARTS -> polls = flight.pollStarts();
                case POLL_FOUND -> heed(flight.found(polls, new Turn.Done<>("value")));
                case POLL_WON -> {
                    Lease lease = lease();
                    List<Effect<String>> effects = flight.won(lease);
                    if (effects == null) {
                        settled.merge(lease, 1, Integer::sum);
                    } else {
                        heed(effects);
                    }
                }
                case OVERDUE -> heed(flight.overdue());
                case EXPIRE -> heed(flight.expire(flight.loads(), new Turn.Failed<>(new IllegalStateException())));
            }
            check();
        }

        private Lease lease() {
            leases++;
            return new Lease(Lease.Kind.PLACEHOLDER, leases, 0);
        }

        private void board(Caller caller, Boarding<String> boarding) {
            caller.isAboard = boarding.isAboard();
            caller.isGone = !boarding.isAboard();
            heed(boarding.effects());
        }

        private void heed(List<Effect<String>> effects) {
            for (Effect<String> effect : effects) {
                if (effect instanceof Flight.Tell<String> tell) {
                    Caller told = callers.stream()
                            .filter(caller -> caller.seat == tell.seat())
                            .findAny()
                            .orElseThrow();
                    assertTrue(told.isAboard && !told.isGone, "told after it has left");
                    told.told++;
                    if (tell.turn() instanceof Turn.Load<String>) {
                        told.isLoading = true;
                    } else {
                        told.isGone = true;
                    }
                } else if (effect instanceof Flight.GiveBack<String> back) {
                    settled.merge(back.lease(), 1, Integer::sum);
                } else if (effect instanceof Flight.Ended<String>) {
                    endings++;
                    isPollWanted = false;
                } else {
                    isPollWanted = true;
                }
            }
        }

        private void check() {
            assertTrue(callers.stream().allMatch(caller -> caller.told <= 1), "told twice");
            assertTrue(endings <= 1, "ended twice");
            settled.values().forEach(count -> assertEquals(1, count, "a lease was settled twice"));
            boolean isExpired = flight.state() == Flight.State.ENDED;
            long loading = callers.stream()
                    .filter(caller -> caller.isLoading || caller.isEnding)
                    .count();
            assertTrue(isExpired || loading <= 1, "two loads at once");
            assertEquals(flight.state() == Flight.State.ENDED, endings == 1);
        }

        /** Lets everybody come to an end; then nobody waits and no lease is left. */
        void close() {
            for (int round = 0; round < 4 * CALLERS; round++) {
                if (flight.state() == Flight.State.POLLING && isPollWanted) {
                    run(new Step(Move.POLL_STARTS, 0));
                    run(new Step(Move.POLL_FOUND, 0));
                }
                for (int i = 0; i < CALLERS; i++) {
                    for (Move move : List.of(Move.BEGIN_END, Move.FINISH)) {
                        Step step = new Step(move, i);
                        if (may(step)) {
                            run(step);
                        }
                    }
                }
            }
            assertTrue(callers.stream().allMatch(caller -> !caller.isAboard || caller.isGone), "somebody still waits");
            assertEquals(leases, settled.size(), "a lease is lost");
        }
    }

    private int schedules;

    private void explore(List<Step> done) {
        World world = replay(done);
        schedules++;
        if (done.size() == STEPS) {
            world.close();
            return;
        }
        for (Move move : Move.values()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                Step step = new Step(move, caller);
                if (world.may(step)) {
                    done.add(step);
                    explore(done);
                    done.remove(done.size() - 1);
                }
            }
        }
    }

    private static World replay(List<Step> steps) {
        World world = new World();
        try {
            for (Step step : steps) {
                world.run(step);
            }
            return world;
        } catch (AssertionError e) {
            throw new AssertionError(steps + ": " + e.getMessage(), e);
        }
    }

    @Test
    void everyOrderOfThreeCallersEndsForAll() {
        explore(new ArrayList<>());
        assertTrue(schedules > 100_000, "only " + schedules);
    }

    @Test
    void whoeverComesAfterAPollHasStartedIsNotToldWhatItFound() {
        Flight<String> flight = new Flight<>("k");
        Seat<String> early = new Seat<>(null);
        Seat<String> late = new Seat<>(null);
        flight.join(early, 1);
        int poll = flight.pollStarts();
        flight.join(late, 1);
        List<Effect<String>> effects = flight.found(poll, new Turn.Done<>("old"));
        assertEquals(List.of(new Flight.Tell<>(early, new Turn.Done<>("old")), new Flight.Poll<>()), effects);
        int next = flight.pollStarts();
        assertEquals(
                List.of(new Flight.Tell<>(late, new Turn.Done<>("new")), new Flight.Ended<>()),
                flight.found(next, new Turn.Done<>("new")));
    }

    @Test
    void whoeverSeesAnotherLeaseDoesNotJoinTheOldLoad() {
        Flight<String> flight = new Flight<>("k");
        assertTrue(flight.joinToLoad(new Seat<>(null), new Lease(Lease.Kind.PLACEHOLDER, 7, 0), 7)
                .isAboard());
        assertTrue(flight.join(new Seat<>(null), 7).isAboard());
        assertFalse(flight.join(new Seat<>(null), 8).isAboard());
        assertFalse(flight.joinToLoad(new Seat<>(null), new Lease(Lease.Kind.PLACEHOLDER, 9, 0), 9)
                .isAboard());
    }

    @Test
    void aLoadThatWasOutdatedIsJoinedByNobodyAndStoresNothing() {
        Flight<String> flight = new Flight<>("k");
        Seat<String> loader = new Seat<>(null);
        flight.joinToLoad(loader, new Lease(Lease.Kind.PLACEHOLDER, 7, 0), 7);
        flight.outdate();
        assertFalse(flight.join(new Seat<>(null), 7).isAboard());
        assertTrue(flight.beginEnd(loader));
        assertEquals(null, flight.leaseToStore());
        assertNotNull(flight.leaseHeld());
    }
}
