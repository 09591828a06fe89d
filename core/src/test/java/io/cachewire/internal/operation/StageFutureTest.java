package io.cachewire.internal.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.fixture.Daemon;
import io.cachewire.internal.call.ManualTurns;
import io.cachewire.internal.call.Wakeups;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread that completes futures and waits for one of them keeps back nothing meanwhile. */
class StageFutureTest {
    private final ManualTurns turns = new ManualTurns();
    private final Wakeups wakeups = new Wakeups(turns);
    private final StageFuture<String> future = new StageFuture<>(wakeups);

    private interface Wait {
        String on(CompletableFuture<String> future) throws Exception;
    }

    static Stream<Wait> waits() {
        return Stream.of(CompletableFuture::join, CompletableFuture::get, future -> future.get(10, TimeUnit.SECONDS));
    }

    /** Waits on a thread that completes futures. */
    private void inAGroup(Callable<?> wait) {
        List<Object> results = new CopyOnWriteArrayList<>();
        turns.take(() -> {
            wakeups.ended(new Completing(() -> results.add(wait.call())));
            wakeups.ended(new Completing(() -> null));
        });
        assertEquals(List.of("v"), results);
    }

    private record Completing(Callable<?> stage) implements Wakeups.Waiter {
        @Override
        public Object executor() {
            return Completing.class;
        }

        @Override
        public void execute(Runnable task) {
            Thread thread = Daemon.of("completes futures", task);
            thread.start();
            try {
                // a wait that does not write does not end
                thread.join(10_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void goOn() {
            try {
                stage.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void wake() {}

        @Override
        public long deadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean hasGoneOn() {
            return false;
        }

        @Override
        public Wakeups.Waiter nextFailed() {
            return null;
        }

        @Override
        public void nextFailed(Wakeups.Waiter next) {
            throw new AssertionError("one that could not be woken");
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void writesFirst(Wait wait) {
        turns.onWrite(() -> future.complete("v"));
        inAGroup(() -> wait.on(future));
        assertEquals(List.of("write", "close"), turns.told());
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aDependentStageToo(Wait wait) {
        turns.onWrite(() -> future.complete("a value"));
        inAGroup(() -> wait.on(future.thenApply(value -> value.substring(2, 3)).thenApply(value -> value)));
        assertEquals(List.of("write", "close"), turns.told());
    }

    @ParameterizedTest
    @MethodSource("waits")
    void nothingIsWrittenForOneThatIsThere(Wait wait) {
        future.complete("v");
        inAGroup(() -> wait.on(future));
        assertEquals(List.of("close"), turns.told());
    }

    @Test
    void elsewhereItJustWaits() throws Exception {
        future.completeOnTimeout("v", 1, TimeUnit.MILLISECONDS);
        assertEquals("v", future.get());
        assertEquals(List.of(), turns.told());
    }
}
