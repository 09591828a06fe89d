package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import java.util.concurrent.atomic.AtomicInteger;

/** A call that ends when a test says so. */
public final class ManualCall extends Call<String> {
    public final AtomicInteger withdrawn = new AtomicInteger();

    /** True when it had not ended before. */
    public boolean endWith(String result) {
        return end(result);
    }

    @Override
    protected void withdraw() {
        withdrawn.incrementAndGet();
    }

    @Override
    protected String decode(Object ended) {
        return "decoded " + ended;
    }
}
