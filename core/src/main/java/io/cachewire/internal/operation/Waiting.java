package io.cachewire.internal.operation;

import io.cachewire.CallInterruptedException;
import io.cachewire.Key;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.internal.call.Call;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a thread waits for a call: nothing is submitted by the I/O thread, or by a thread that is interrupted already. */
public final class Waiting {
    private Waiting() {}

    /** Submits a call and gives its result; both as below, without a key. */
    public static <R extends @Nullable Object> R await(Engine engine, Supplier<Call<R>> submit) {
        checkMayWait(engine, null);
        return await(submit.get(), null);
    }

    /**
     * To be called before a call is submitted.
     *
     * @throws CallInterruptedException when the thread is interrupted already
     * @throws IllegalStateException on the I/O thread
     */
    public static void checkMayWait(Engine engine, @Nullable Key key) {
        engine.checkMayBlock();
        if (Thread.currentThread().isInterrupted()) {
            throw new CallInterruptedException(Delivery.NOT_SENT, key);
        }
        engine.wakeups().beforeWaiting();
    }

    /**
     * Lets a time pass between two attempts of one call.
     *
     * @throws CallInterruptedException when the thread is interrupted
     */
    public static void pause(Duration time, CharSequence key) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.NOT_SENT, key);
        }
    }

    /**
     * Waits for a call and gives its result.
     *
     * @throws CallInterruptedException when the thread is interrupted; the call is cancelled then
     */
    public static <R extends @Nullable Object> R await(Call<R> call, @Nullable Key key) {
        try {
            call.await();
        } catch (InterruptedException e) {
            call.cancel();
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.INDETERMINATE, key);
        }
        return call.result();
    }
}
