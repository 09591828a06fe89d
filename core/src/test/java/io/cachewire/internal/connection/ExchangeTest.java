package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.internal.connection.Exchange.State;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every way through the states of an exchange: it ends once, and gives its budget back once. */
class ExchangeTest {
    private static final Reply HIT = new Reply.Status(Reply.Kind.HEADER, 7);
    private static final Failure LOST =
            new Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the connection broke", null);

    private final Budget budget = new Budget(10, 1 << 20);
    private final Recorded exchange = new Recorded(1000);

    static final class Recorded extends Exchange {
        final List<Object> events = new ArrayList<>();

        Recorded(long deadline) {
            super(new Request.Store(Opcode.SET, DataBlock.ofUtf8("k"), DataBlock.ofUtf8("value"), 0, 0, 0), deadline);
        }

        @Override
        protected void onReply(Reply reply) {
            events.add(reply);
        }

        @Override
        protected void onFailure(Failure failure) {
            events.add(failure.kind() + " " + failure.delivery());
        }
    }

    /** A large value, which borrows from the client's memory. */
    static final class Large extends Exchange {
        Large() {
            super(
                    new Request.Store(Opcode.SET, DataBlock.ofUtf8("k"), DataBlock.wrap(new byte[1 << 20]), 0, 0, 0),
                    1000);
        }

        @Override
        protected void onReply(Reply reply) {}

        @Override
        protected void onFailure(Failure failure) {}
    }

    @Test
    @DisplayName("S12 whatever ends a large write, what it borrowed of the client's memory comes back, once")
    void largeWritesRepay() {
        SharedMemory memory = new SharedMemory(3 << 19);
        List<Consumer<Exchange>> ends = List.of(
                Exchange::cancel,
                large -> large.expire(Long.MAX_VALUE),
                large -> large.fail(LOST),
                large -> {
                    large.take(7);
                    large.complete(HIT);
                },
                large -> {
                    large.take(7);
                    large.cancel();
                    large.complete(HIT);
                },
                large -> {
                    large.take(7);
                    large.expire(Long.MAX_VALUE);
                    large.fail(LOST);
                },
                large -> {
                    large.take(7);
                    large.fail(LOST);
                });
        for (Consumer<Exchange> end : ends) {
            Budget first = new Budget(10, 1 << 30, memory);
            Budget second = new Budget(10, 1 << 30, memory);
            Large large = new Large();
            assertTrue(large.admit(first));
            long borrowed = memory.taken();
            assertTrue(borrowed > (1 << 20) - Budget.ALLOWANCE, () -> "borrowed " + borrowed);
            assertFalse(new Large().admit(second));
            assertEquals(borrowed, memory.taken());
            assertEquals(0, second.count());
            end.accept(large);
            large.fail(LOST);
            large.cancel();
            assertEquals(0, memory.taken());
            assertEquals(0, first.count());
        }
        Large cancelledFirst = new Large();
        cancelledFirst.cancel();
        assertFalse(cancelledFirst.admit(new Budget(10, 1 << 30, memory)));
        assertEquals(0, memory.taken());
    }

    private void admit() {
        exchange.admit(budget);
        assertEquals(1, budget.count());
    }

    private void end(State state, Object... events) {
        assertEquals(List.of(events), exchange.events);
        assertEquals(state, exchange.state());
        assertEquals(0, budget.count());
        assertEquals(0, budget.bytes());
    }

    @Test
    void writtenAndAnswered() {
        admit();
        assertNotNull(exchange.take(7));
        assertEquals(7, exchange.opaque());
        exchange.complete(HIT);
        end(State.DONE, HIT);
        exchange.fail(LOST);
        exchange.expire(Long.MAX_VALUE);
        assertEquals(Delivery.ANSWERED, exchange.cancel());
        end(State.DONE, HIT);
    }

    @Test
    void cancelledBeforeItIsWritten() {
        admit();
        assertEquals(Delivery.NOT_SENT, exchange.cancel());
        assertNull(exchange.take(7));
        exchange.fail(LOST);
        end(State.WITHDRAWN);
    }

    @Test
    void cancelledAfterItIsWrittenKeepsItsPlace() {
        admit();
        exchange.take(7);
        assertEquals(Delivery.INDETERMINATE, exchange.cancel());
        assertEquals(1, budget.count());
        exchange.complete(HIT);
        end(State.ABANDONED);
    }

    @Test
    void cancelledAndThenTheConnectionBreaks() {
        admit();
        exchange.take(7);
        exchange.cancel();
        exchange.fail(LOST);
        end(State.ABANDONED);
    }

    @Test
    void expiresBeforeItIsWritten() {
        admit();
        exchange.expire(999);
        assertEquals(State.QUEUED, exchange.state());
        exchange.expire(1000);
        end(State.WITHDRAWN, "TIMEOUT NOT_SENT");
    }

    @Test
    void expiresAfterItIsWritten() {
        admit();
        exchange.take(7);
        exchange.expire(1000);
        exchange.expire(1001);
        assertEquals(1, budget.count());
        exchange.complete(HIT);
        end(State.ABANDONED, "TIMEOUT INDETERMINATE");
    }

    @Test
    void failsUnsentOrIndeterminate() {
        admit();
        exchange.fail(LOST);
        end(State.DONE, "LOST NOT_SENT");
        Recorded written = new Recorded(1000);
        written.admit(budget);
        written.take(8);
        written.fail(LOST);
        assertEquals(List.of("LOST INDETERMINATE"), written.events);
        assertEquals(0, budget.count());
    }

    @Test
    void cancelledBeforeItIsAdmittedTakesNothing() {
        exchange.cancel();
        assertFalse(exchange.admit(budget));
        end(State.WITHDRAWN);
    }

    @Test
    void holdsNoRequestOnceItHasEnded() throws ReflectiveOperationException {
        admit();
        exchange.cancel();
        var field = Exchange.class.getDeclaredField("request");
        field.setAccessible(true);
        assertNull(field.get(exchange));
    }
}
