package io.cachewire.internal.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.internal.operation.BatchCall;
import io.cachewire.internal.operation.ManualCall;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a call ends, and who is told. */
@Timeout(20)
class CallTest {
    private final ManualCall call = new ManualCall();

    @Test
    void endsOnce() {
        assertThrows(IllegalStateException.class, call::result);
        assertTrue(call.endWith("a"));
        assertFalse(call.endWith("b"));
        assertFalse(call.cancel());
        assertEquals("decoded a", call.result());
        assertEquals(0, call.withdrawn.get());
    }

    @Test
    void cancelWithdrawsOnce() {
        assertTrue(call.cancel());
        assertFalse(call.cancel());
        assertFalse(call.endWith("late"));
        assertEquals(1, call.withdrawn.get());
        assertThrows(CancellationException.class, call::result);
    }

    @Test
    void tellsTheListenerOnceWhetherItComesBeforeOrAfter() {
        AtomicInteger told = new AtomicInteger();
        call.onEnd(told::incrementAndGet);
        assertEquals(0, told.get());
        call.endWith("a");
        call.endWith("b");
        assertEquals(1, told.get());
        call.onEnd(told::incrementAndGet);
        assertEquals(2, told.get());
    }

    @Test
    void wakesAWaitingThread() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                call.await();
                result.complete(call.result());
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        call.endWith("a");
        assertEquals("decoded a", result.get(10, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheCall() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                call.await();
                interrupted.complete(false);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        assertTrue(interrupted.get(10, TimeUnit.SECONDS));
        assertFalse(call.isDone());
    }

    @Test
    void aBatchEndsWithItsLastPart() {
        ManualCall other = new ManualCall();
        BatchCall<String, String> batch =
                new BatchCall<>(List.of(call, other), all -> all.result(0) + ", " + all.result(1));
        call.endWith("a");
        assertFalse(batch.isDone());
        other.endWith("b");
        assertEquals("decoded a, decoded b", batch.result());
        assertEquals("nothing", new BatchCall<>(List.of(), all -> "nothing").result());
    }

    @Test
    void cancellingABatchCancelsItsParts() {
        ManualCall other = new ManualCall();
        BatchCall<String, String> batch = new BatchCall<>(List.of(call, other), all -> "never");
        call.endWith("a");
        assertTrue(batch.cancel());
        assertEquals(0, call.withdrawn.get());
        assertEquals(1, other.withdrawn.get());
    }
}
