package io.cachewire.internal.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ModelCheck;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One call of several operations ends once, and no call that comes of it is left behind, whatever fails or is cancelled when. */
class MultiCallLincheckTest {
    /** One operation is answered, the other fails and goes on; somebody may cancel. */
    public static class Ends {
        private final MultiCallTest.Multi call = new MultiCallTest.Multi(2);
        private final ManualCall own = new ManualCall();
        private final AtomicInteger told = new AtomicInteger();
        private volatile boolean answered;
        private volatile boolean failed;

        /** As a fresh one that was submitted. */
        public Ends() {
            call.onEnd(told::incrementAndGet);
            call.submitted();
        }

        @Operation(runOnce = true)
        public void answer() {
            call.answer(0, 1);
            answered = true;
        }

        @Operation(runOnce = true)
        public void fail() {
            call.fail(1, own);
            failed = true;
        }

        @Operation(runOnce = true)
        public void reply() {
            own.endWith("own");
        }

        @Operation(runOnce = true)
        public void cancel() {
            call.cancel();
        }

        @Validate
        public void nothingIsLeftBehind() {
            boolean all = answered && failed && own.isDone();
            if (call.isDone() != (all || call.isCancelled()) || told.get() != (call.isDone() ? 1 : 0)) {
                throw new IllegalStateException("done " + call.isDone() + ", told " + told);
            }
            if (call.isCancelled() && failed && !own.isDone()) {
                throw new IllegalStateException("a call outlives the whole");
            }
        }
    }

    /** Asks whether the whole was cancelled before its call can be seen. */
    public static class AsksTooEarly {
        private final ManualCall whole = new ManualCall();
        private volatile @Nullable ManualCall own;

        @Operation(runOnce = true)
        public void fail() {
            if (!whole.isDone()) {
                own = new ManualCall();
            }
        }

        @Operation(runOnce = true)
        public void cancel() {
            whole.cancel();
            ManualCall seen = own;
            if (seen != null) {
                seen.cancel();
            }
        }

        @Validate
        public void nothingIsLeftBehind() {
            ManualCall seen = own;
            if (whole.isCancelled() && seen != null && !seen.isDone()) {
                throw new IllegalStateException("a call outlives the whole");
            }
        }
    }

    private static void cancelledWhileItFails() {
        MultiCallTest.Multi call = new MultiCallTest.Multi(2);
        call.submitted();
        ManualCall own = new ManualCall();
        Thread failing = new Thread(() -> call.fail(1, own));
        failing.start();
        call.cancel();
        join(failing);
        assertTrue(own.isCancelled());
    }

    private static void answeredWhileItFails() {
        MultiCallTest.Multi call = new MultiCallTest.Multi(2);
        ManualCall own = new ManualCall();
        Thread answering = new Thread(() -> call.answer(0, 1));
        answering.start();
        call.fail(1, own);
        own.endWith("own");
        call.submitted();
        join(answering);
        assertEquals("END for 0 of 2;decoded own;", call.result());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("S23 a read of many keys ends once, and nothing of it outlives its cancel")
    void ends() {
        ModelCheck.passes(Ends.class);
        ModelCheck.passes(MultiCallLincheckTest::cancelledWhileItFails);
        ModelCheck.passes(MultiCallLincheckTest::answeredWhileItFails);
    }

    @Test
    @DisplayName("S23 a call that is made just when the whole is cancelled is caught when it goes on")
    void asksTooEarly() {
        ModelCheck.catches(AsksTooEarly.class);
    }
}
