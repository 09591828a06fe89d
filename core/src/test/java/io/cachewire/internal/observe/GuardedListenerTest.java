package io.cachewire.internal.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Verb;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often a listener that throws is called. */
class GuardedListenerTest {
    private static final CallStart CALL = new CallStart(Verb.GET, "", 1);

    private final AtomicInteger asked = new AtomicInteger();
    private boolean throwsNow = true;
    private final GuardedListener guarded = new GuardedListener(
            new ClientListener() {
                @Override
                public @Nullable Object callStarted(CallStart call) {
                    asked.incrementAndGet();
                    if (throwsNow) {
                        throw new IllegalStateException("of the listener");
                    }
                    return "token";
                }
            },
            () -> Instant.EPOCH);

    @Test
    void hundredFailuresInARowEndIt() {
        for (int i = 0; i < 200; i++) {
            assertEquals(null, guarded.started(CALL));
        }
        throwsNow = false;
        assertEquals(null, guarded.started(CALL));
        assertEquals(GuardedListener.LIMIT, asked.get());
    }

    @Test
    void successForgetsTheFailuresBeforeIt() {
        for (int round = 0; round < 3; round++) {
            throwsNow = true;
            for (int i = 1; i < GuardedListener.LIMIT; i++) {
                assertEquals(null, guarded.started(CALL));
            }
            throwsNow = false;
            assertEquals("token", guarded.started(CALL));
        }
        assertEquals(3 * GuardedListener.LIMIT, asked.get());
    }
}
