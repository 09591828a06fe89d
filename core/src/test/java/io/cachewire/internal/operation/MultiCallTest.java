package io.cachewire.internal.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.protocol.Reply;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** How one call of several operations ends: some answered together, some as calls of their own. */
class MultiCallTest {
    private static final Reply MISS = new Reply.Status(Reply.Kind.END, 1);

    static final class Multi extends MultiCall<String, String> {
        private final int size;

        Multi(int size) {
            super(size, outcomes -> {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < size; i++) {
                    all.append(outcomes.result(i)).append(';');
                }
                return all.toString();
            });
            this.size = size;
        }

        void submitted() {
            ended(1);
        }

        void answer(int from, int to) {
            for (int i = from; i < to; i++) {
                answered(i, MISS);
            }
            ended(to - from);
        }

        void fail(int index, Call<String> call) {
            becomes(index, call);
        }

        @Override
        protected String result(int index, Reply reply) {
            return reply.kind() + " for " + index + " of " + size;
        }
    }

    @Test
    void endsWithTheLastOfItsOperations() {
        Multi call = new Multi(3);
        ManualCall own = new ManualCall();
        call.fail(1, own);
        call.answer(0, 1);
        call.answer(2, 3);
        call.submitted();
        assertFalse(call.isDone());
        own.endWith("own");
        assertEquals("END for 0 of 3;decoded own;END for 2 of 3;", call.result());
    }

    @Test
    void doesNotEndBeforeItIsSubmitted() {
        Multi call = new Multi(1);
        call.answer(0, 1);
        assertFalse(call.isDone());
        call.submitted();
        assertTrue(call.isDone());
    }

    @Test
    void withoutOperationsItEndsAtOnce() {
        Multi call = new Multi(0);
        call.submitted();
        assertEquals("", call.result());
    }

    @Test
    void cancellingCancelsWhatHasBecomeACall() {
        Multi call = new Multi(3);
        ManualCall open = new ManualCall();
        ManualCall ended = new ManualCall();
        call.fail(0, open);
        call.fail(1, ended);
        call.submitted();
        ended.endWith("before");
        assertTrue(call.cancel());
        assertTrue(open.isCancelled());
        assertFalse(ended.isCancelled());
        assertThrows(CancellationException.class, call::result);
        ManualCall late = new ManualCall();
        call.fail(2, late);
        assertTrue(late.isCancelled());
    }
}
