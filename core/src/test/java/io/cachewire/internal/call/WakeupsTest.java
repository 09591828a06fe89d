package io.cachewire.internal.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Who is woken with whom, and who does not have to wait for it. */
class WakeupsTest {
    private static final long LONG = 200_000;

    private final ManualTurns turns = new ManualTurns();
    private final Wakeups wakeups = new Wakeups(turns);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Executor queue = tasks::add;

    /** Who went on, in order; one that was woken by itself with an exclamation mark. */
    private final List<String> log = new ArrayList<>();

    private class Sleeper implements Wakeups.Waiter {
        private final String name;
        private final Executor executor;
        private final Runnable then;
        private Wakeups.Waiter nextFailed;

        Sleeper(String name, Executor executor, Runnable then) {
            this.name = name;
            this.executor = executor;
            this.then = then;
        }

        @Override
        public Object executor() {
            return executor;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void goOn() {
            log.add(name);
            then.run();
        }

        @Override
        public void wake() {
            log.add(name + "!");
        }

        @Override
        public long deadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean hasGoneOn() {
            return log.contains(name);
        }

        @Override
        public Wakeups.Waiter nextFailed() {
            return nextFailed;
        }

        @Override
        public void nextFailed(Wakeups.Waiter next) {
            nextFailed = next;
        }
    }

    private Sleeper sleeper(String name, Runnable then) {
        return new Sleeper(name, queue, then);
    }

    /** The calls of some end in one turn: those named, the first of whom does something. */
    private void turn(Runnable first, String... names) {
        turns.take(() -> {
            for (int i = 0; i < names.length; i++) {
                wakeups.ended(sleeper(names[i], i == 0 ? first : () -> {}));
            }
        });
    }

    private void runTask() {
        tasks.remove().run();
    }

    private void ioTurn() {
        turns.take(() -> {});
    }

    @Test
    void thoseOfOneTurnAreOneTask() {
        turn(() -> {}, "a", "b", "c");
        assertEquals(List.of(), log);
        assertEquals(1, tasks.size());
        runTask();
        assertEquals(List.of("a", "b", "c"), log);
        assertEquals(List.of("close"), turns.told());
        ioTurn();
        turns.sweep();
        ioTurn();
        assertEquals(0, tasks.size());
        assertEquals(List.of("a", "b", "c"), log);
    }

    @Test
    void eachExecutorHasItsOwn() {
        Queue<Runnable> others = new ArrayDeque<>();
        Executor other = others::add;
        turns.take(() -> {
            wakeups.ended(sleeper("a", () -> {}));
            wakeups.ended(sleeper("b", () -> {}));
            wakeups.ended(new Sleeper("c", other, () -> {}));
            wakeups.ended(new Sleeper("d", other, () -> {}));
            wakeups.ended(sleeper("e", () -> {}));
        });
        assertEquals(List.of("e!"), log);
        others.remove().run();
        runTask();
        assertEquals(List.of("e!", "c", "d", "a", "b"), log);
        assertEquals(0, tasks.size() + others.size());
    }

    @Test
    void oneAloneIsWokenByItself() {
        turn(() -> {}, "a");
        turn(() -> {}, "b");
        assertEquals(List.of("a!", "b!"), log);
        assertEquals(List.of(), turns.told());
    }

    @Test
    void oneAloneThatEndsAnotherCallAtOnce() {
        turns.take(() -> wakeups.ended(new Sleeper("a", queue, () -> {}) {
            @Override
            public void wake() {
                super.wake();
                wakeups.ended(sleeper("b", () -> {}));
            }
        }));
        assertEquals(List.of("a!", "b!"), log);
    }

    @Test
    void offTheIoThreadAtOnce() {
        wakeups.ended(sleeper("a", () -> {}));
        assertEquals(List.of("a!"), log);
    }

    @Test
    void onTheIoThreadItselfAllAtOnceAndNothingIsKeptBack() {
        turns.take(() -> {
            for (String name : List.of("a", "b", "c")) {
                wakeups.ended(new Sleeper(name, Runnable::run, () -> turns.advance(LONG)));
            }
        });
        assertEquals(List.of("a", "b", "c"), log);
        assertEquals(List.of(), turns.told());
    }

    @Test
    void whatIsLeftAfterALongOneIsSharedOut() {
        turn(() -> turns.advance(LONG), "a", "b", "c", "d", "e", "f");
        runTask();
        assertEquals(List.of("a"), log);
        assertEquals(0, tasks.size());
        ioTurn();
        assertEquals(2, tasks.size());
        runTask();
        assertEquals(List.of("a", "b", "c", "d"), log);
        runTask();
        assertEquals(List.of("a", "b", "c", "d", "e", "f"), log);
    }

    @Test
    void requestsAreWrittenWhenTheyHaveWaited() {
        turn(() -> turns.advance(20_000), "a", "b");
        runTask();
        assertEquals(List.of("write", "close"), turns.told());
    }

    @Test
    void oneThatIsAboutToWaitLetsTheOthersGoOn() {
        turn(
                () -> {
                    wakeups.beforeWaiting();
                    assertEquals(List.of("write"), turns.told());
                    ioTurn();
                    log.add("has waited");
                },
                "a",
                "b",
                "c");
        runTask();
        // halves of one each
        assertEquals(List.of("a", "b!", "c!", "has waited"), log);
    }

    @Test
    void whatATaskThatDoesNotComeBackHasLeftIsWokenOneByOne() {
        turn(
                () -> {
                    turns.sweep();
                    ioTurn();
                    log.add("has come back");
                },
                "a",
                "b",
                "c");
        turns.sweep();
        ioTurn();
        assertEquals(List.of(), log);
        runTask();
        assertEquals(List.of("a", "b!", "c!", "has come back"), log);
    }

    @Test
    void anExecutorThatRefuses() {
        turns.take(() -> {
            for (String name : List.of("a", "b")) {
                wakeups.ended(new Sleeper(
                        name,
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        () -> {}));
            }
        });
        assertEquals(List.of("a!", "b!"), log);
    }

    @Test
    void whenNoSweepComesAnyMore() {
        turns.close();
        turn(() -> {}, "a", "b");
        runTask();
        assertEquals(List.of("a!", "b!"), log);
    }

    @Test
    void oneThatTheExecutorDropsIsNotLookedFor() {
        turn(() -> {}, "a", "b");
        tasks.clear();
        assertEquals(0, turns.sweep());
    }

    @Test
    void whileLongOnesAreFrequentAllAreWokenOneByOne() {
        for (int i = 0; i < 11; i++) {
            assertEquals(List.of(), log, "group " + i);
            turn(() -> turns.advance(LONG), "a", "b");
            runTask();
            ioTurn();
            assertEquals(List.of("a", "b!"), log);
            log.clear();
        }
        for (int i = 0; i < 1_000; i++) {
            turn(() -> {}, "a", "b");
            assertEquals(List.of("a!", "b!"), log);
            log.clear();
        }
        // tried again; one is enough now
        turn(() -> turns.advance(LONG), "a", "b");
        assertEquals(List.of(), log);
        runTask();
        ioTurn();
        log.clear();
        turn(() -> {}, "a", "b");
        assertEquals(List.of("a!", "b!"), log);
    }

    @Test
    void aFewLongOnesChangeNothing() {
        for (int i = 0; i < 1_000; i++) {
            int group = i;
            turn(() -> turns.advance(group % 5 == 0 ? LONG : 0), "a", "b");
            assertEquals(1, tasks.size());
            runTask();
            ioTurn();
        }
    }

    @Test
    void keepsBackForItsOwnExecutorOnly() {
        turn(
                () -> {
                    assertNotNull(wakeups.hold(queue));
                    assertNull(wakeups.hold((Executor) Runnable::run));
                    assertNull(wakeups.hold(null));
                },
                "a",
                "b");
        runTask();
        assertNull(wakeups.hold(queue));
        assertEquals(List.of("hold true", "close"), turns.told());
    }

    // ---- executors that throw, and executors that do not run what they have ----

    private static final long ROUND = 150_000_000;
    private static final long GRACE = 50_000_000;

    /** Cannot be woken as often as given. */
    private class Hard extends Sleeper {
        private int failures;

        Hard(String name, int failures) {
            super(
                    name,
                    task -> {
                        throw new OutOfMemoryError("unable to create native thread");
                    },
                    () -> {});
            this.failures = failures;
        }

        @Override
        public void wake() {
            if (failures-- > 0) {
                throw new OutOfMemoryError("no thread for " + log.size());
            }
            super.wake();
        }
    }

    @Test
    void anErrorOfOnesExecutorIsItsOwn() {
        Hard hard = new Hard("a", 1);
        turns.take(() -> {
            wakeups.ended(hard);
            wakeups.ended(sleeper("b", () -> {}));
            wakeups.ended(sleeper("c", () -> {}));
        });
        runTask();
        assertEquals(List.of("b", "c"), log);
        turns.sweep();
        turns.runElsewhere();
        assertEquals(List.of("b", "c", "a!"), log);
        turns.sweep();
        assertEquals(0, turns.runElsewhere());
    }

    @Test
    void aGroupWhoseExecutorThrowsAnErrorIsWokenOneByOne() {
        Executor broken = task -> {
            throw new StackOverflowError("planted");
        };
        turns.take(() -> {
            wakeups.ended(new Sleeper("a", broken, () -> {}));
            wakeups.ended(new Sleeper("b", broken, () -> {}));
        });
        assertEquals(List.of("a!", "b!"), log);
    }

    @Test
    void oneThatCanNeverBeWokenGoesOnElsewhere() {
        turns.take(() -> wakeups.ended(new Hard("a", Integer.MAX_VALUE)));
        for (int i = 0; i < 3; i++) {
            turns.sweep();
            turns.runElsewhere();
        }
        assertEquals(List.of(), log);
        turns.advance(ROUND);
        turns.sweep();
        turns.runElsewhere();
        assertEquals(List.of("a"), log);
    }

    @Test
    void oneOfAGroupThatThrowsKeepsNoneOfTheOthers() {
        turn(
                () -> {
                    throw new OutOfMemoryError("planted");
                },
                "a",
                "b",
                "c");
        runTask();
        assertEquals(List.of("a", "b", "c"), log);
    }

    /** Has to have gone on at a time. */
    private class Due extends Sleeper {
        private final long deadline;

        Due(String name, long deadline) {
            super(name, queue, () -> {});
            this.deadline = deadline;
        }

        @Override
        public long deadline() {
            return deadline;
        }
    }

    /** The sweep rests when the last reply has come, which may be before its caller is handed over. */
    @Test
    void whatIsHandedOverWakesTheSweep() {
        turns.take(() -> wakeups.ended(new Due("a", 10)));
        assertEquals(1, turns.takeArmed());
        turns.take(() -> {
            wakeups.ended(new Due("b", 10));
            wakeups.ended(new Due("c", 10));
        });
        assertEquals(0, turns.takeArmed(), "it looks already");
        turns.advance(GRACE + 20);
        turns.sweep();
        ioTurn();
        turns.runElsewhere();
        assertEquals(List.of("a!", "a", "b", "c"), log);
        turns.take(() -> {
            wakeups.ended(new Due("d", 2 * GRACE));
            wakeups.ended(new Due("e", 2 * GRACE));
        });
        assertEquals(1, turns.takeArmed());
        turns.advance(4 * GRACE);
        turns.sweep();
        ioTurn();
        turns.runElsewhere();
        // off the I/O thread
        wakeups.ended(new Due("f", 9 * GRACE));
        ioTurn();
        assertEquals(1, turns.takeArmed());
    }

    @Test
    void whatAnExecutorDoesNotRunUntilItsDeadlineGoesOnElsewhere() {
        turns.advance(1);
        turns.take(() -> {
            wakeups.ended(new Due("a", 10));
            wakeups.ended(new Due("b", 10));
        });
        turns.take(() -> wakeups.ended(new Due("c", 2 * GRACE)));
        assertEquals(List.of("c!"), log);
        turns.advance(GRACE);
        turns.sweep();
        ioTurn();
        assertEquals(0, turns.runElsewhere());
        turns.advance(10);
        turns.sweep();
        ioTurn();
        turns.runElsewhere();
        assertEquals(List.of("c!", "a", "b"), log);
        turns.advance(4 * GRACE);
        turns.sweep();
        ioTurn();
        turns.runElsewhere();
        assertEquals(List.of("c!", "a", "b", "c"), log);
        // late, and nothing is left
        runTask();
        assertEquals(List.of("c!", "a", "b", "c"), log);
    }
}
