package io.cachewire.internal.connection;

import io.cachewire.internal.protocol.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** The memory budget of one client: one counter with a bound. */
public final class SharedMemory implements MemoryBudget {
    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();

    /** An unused budget of 1 byte or more. */
    public SharedMemory(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("memory budget of " + maxBytes + " bytes");
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean tryTake(long bytes) {
        if (taken.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    @Override
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes that are taken now. */
    public long taken() {
        return taken.get();
    }

    @Override
    public String toString() {
        return taken() + " of " + maxBytes + " bytes of the client's memory budget in use";
    }
}
