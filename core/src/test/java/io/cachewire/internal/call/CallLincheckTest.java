package io.cachewire.internal.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ModelCheck;
import io.cachewire.internal.operation.BatchCall;
import io.cachewire.internal.operation.ManualCall;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A call ends once, its one waiter is told once, and no order of ending and waiting leaves the waiter behind. */
class CallLincheckTest {
    /** Reply, failure and cancel race; a listener comes at some time. */
    public static class Ends {
        private final ManualCall call = new ManualCall();
        private final AtomicInteger told = new AtomicInteger();
        private volatile int listeners;

        @Operation
        public boolean reply() {
            return call.endWith("reply");
        }

        @Operation
        public boolean cancel() {
            return call.cancel();
        }

        @Operation(runOnce = true)
        public void listen() {
            listeners = 1;
            call.onEnd(told::incrementAndGet);
        }

        @Operation
        public boolean isCancelled() {
            return call.isCancelled();
        }

        @Operation
        public String result() {
            return call.isDone() && !call.isCancelled() ? call.result() : "none";
        }

        @Validate
        public void eachIsToldOnce() {
            int due = call.isDone() ? listeners : 0;
            if (told.get() != due || call.withdrawn.get() != (call.isCancelled() ? 1 : 0)) {
                throw new IllegalStateException("told " + told + " times, withdrawn " + call.withdrawn);
            }
        }
    }

    /** Tells its listener from whoever looks, the one that ends and the one that listens. */
    public static class TellsTwice {
        private volatile boolean done;
        private volatile @Nullable Runnable listener;
        private final AtomicInteger told = new AtomicInteger();
        private volatile int listeners;

        @Operation(runOnce = true)
        public void reply() {
            done = true;
            Runnable waiting = listener;
            if (waiting != null) {
                waiting.run();
            }
        }

        @Operation(runOnce = true)
        public void listen() {
            listeners = 1;
            listener = told::incrementAndGet;
            if (done) {
                told.incrementAndGet();
            }
        }

        @Validate
        public void eachIsToldOnce() {
            if (told.get() != (done ? listeners : 0)) {
                throw new IllegalStateException("told " + told + " times");
            }
        }
    }

    private static void awaits(ManualCall call, Runnable end) {
        Thread ending = new Thread(end);
        ending.start();
        try {
            call.await();
            assertTrue(call.isDone());
            ending.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes it for the end when it is woken. */
    private static void takesAnyWakingForTheEnd() {
        AtomicBoolean done = new AtomicBoolean();
        Thread waiter = Thread.currentThread();
        Thread ending = new Thread(() -> {
            LockSupport.unpark(waiter);
            done.set(true);
        });
        ending.start();
        if (!done.get()) {
            LockSupport.park();
        }
        assertTrue(done.get());
    }

    private static void batch() {
        ManualCall one = new ManualCall();
        ManualCall other = new ManualCall();
        Thread reply = new Thread(() -> one.endWith("a"));
        reply.start();
        BatchCall<String, String> batch =
                new BatchCall<>(List.of(one, other), all -> all.result(0) + ", " + all.result(1));
        other.endWith("b");
        try {
            batch.await();
            reply.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals("decoded a, decoded b", batch.result());
    }

    @Test
    @DisplayName("S23 reply, cancel and listener in any order end a call once and tell once")
    void ends() {
        ModelCheck.passes(Ends.class);
    }

    @Test
    @DisplayName("S23 a call that tells its listener from both sides is caught")
    void tellsTwice() {
        ModelCheck.catches(TellsTwice.class);
    }

    @Test
    @DisplayName("S23 a thread that waits for a call is woken, whatever ends it and when")
    void wakes() {
        ModelCheck.passes(() -> {
            ManualCall call = new ManualCall();
            awaits(call, () -> call.endWith("reply"));
        });
        ModelCheck.passes(() -> {
            ManualCall call = new ManualCall();
            awaits(call, call::cancel);
        });
        ModelCheck.passes(CallLincheckTest::batch);
    }

    @Test
    @DisplayName("S23 a wait that takes any waking for the end is caught")
    void wakesTooEarly() {
        ModelCheck.catches(CallLincheckTest::takesAnyWakingForTheEnd);
    }
}
