package io.cachewire.internal.connection;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.fixture.ModelCheck;
import io.cachewire.internal.protocol.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Submit, take, answer and lose come from the connection, one after the other; cancel and expire from anywhere, at any
 * time. Whatever the order: the exchange ends once, what cancel says about it is true, and its share is given back once.
 */
class ExchangeLincheckTest {
    private static final long DEADLINE = 1000;

    /** An exchange as its connection and its caller see it. */
    interface Flight {
        boolean admit();

        boolean take();

        void answer();

        void lose();

        Delivery cancel();

        void expire();

        /** Callbacks so far. */
        int told();

        /** Whether its share of the budget is taken. */
        boolean holdsShare();

        boolean isQueued();
    }

    /** The life of one exchange. */
    public abstract static class Model {
        private static final String CONNECTION = "connection";

        private final Flight flight = flight();
        // the connection's own
        private boolean submitted;
        private boolean inWriteQueue;
        private boolean inPendingQueue;

        abstract Flight flight();

        @Operation(nonParallelGroup = CONNECTION)
        public boolean submit() {
            if (!submitted) {
                submitted = true;
                inWriteQueue = flight.admit();
            }
            return inWriteQueue;
        }

        @Operation(nonParallelGroup = CONNECTION)
        public boolean take() {
            if (inWriteQueue) {
                inWriteQueue = false;
                inPendingQueue = flight.take();
            }
            return inPendingQueue;
        }

        @Operation(nonParallelGroup = CONNECTION)
        public void answer() {
            if (inPendingQueue) {
                inPendingQueue = false;
                flight.answer();
            }
        }

        @Operation(nonParallelGroup = CONNECTION)
        public void lose() {
            if (inWriteQueue || inPendingQueue) {
                inWriteQueue = false;
                inPendingQueue = false;
                flight.lose();
            }
        }

        @Operation
        public Delivery cancel() {
            return flight.cancel();
        }

        @Operation
        public void expire() {
            flight.expire();
        }

        @Validate
        public void endsOnceAndGivesItsShareBackOnce() {
            boolean due = inPendingQueue || inWriteQueue && flight.isQueued();
            if (flight.told() > 1 || flight.holdsShare() != due) {
                throw new IllegalStateException("told " + flight.told() + ", share " + flight.holdsShare());
            }
        }
    }

    /** An exchange of a connection. */
    public static class Real extends Model {
        @Override
        Flight flight() {
            return new RealFlight();
        }
    }

    private static final class RealFlight implements Flight {
        private final Budget budget = new Budget(1, 1000);
        private final AtomicInteger told = new AtomicInteger();
        private final Exchange exchange = new Exchange(Sentinel.NOOP, DEADLINE) {
            @Override
            protected void onReply(Reply reply) {
                told.incrementAndGet();
            }

            @Override
            protected void onFailure(Failure failure) {
                told.incrementAndGet();
            }
        };

        @Override
        public boolean admit() {
            return exchange.admit(budget);
        }

        @Override
        public boolean take() {
            return exchange.take(7) != null;
        }

        @Override
        public void answer() {
            exchange.complete(new Reply.Status(Reply.Kind.NOOP, Reply.NO_OPAQUE));
        }

        @Override
        public void lose() {
            exchange.fail(new Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "lost", null));
        }

        @Override
        public Delivery cancel() {
            return exchange.cancel();
        }

        @Override
        public void expire() {
            exchange.expire(DEADLINE);
        }

        @Override
        public int told() {
            return told.get();
        }

        @Override
        public boolean holdsShare() {
            return budget.count() > 0;
        }

        @Override
        public boolean isQueued() {
            return exchange.state() == Exchange.State.QUEUED;
        }
    }

    /** Looks at the state first and changes it then. */
    public static class LooksFirst extends Model {
        @Override
        Flight flight() {
            return new LookingFlight();
        }
    }

    private static final class LookingFlight implements Flight {
        private volatile Exchange.State state = Exchange.State.QUEUED;
        private final AtomicInteger shares = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();

        private boolean change(Exchange.State from, Exchange.State to) {
            if (state != from) {
                return false;
            }
            state = to;
            return true;
        }

        @Override
        public boolean admit() {
            shares.incrementAndGet();
            if (state != Exchange.State.QUEUED) {
                shares.decrementAndGet();
                return false;
            }
            return true;
        }

        @Override
        public boolean take() {
            return change(Exchange.State.QUEUED, Exchange.State.WRITTEN);
        }

        @Override
        public void answer() {
            shares.decrementAndGet();
            if (change(Exchange.State.WRITTEN, Exchange.State.DONE)) {
                told.incrementAndGet();
            }
        }

        @Override
        public void lose() {
            answer();
        }

        @Override
        public Delivery cancel() {
            if (change(Exchange.State.QUEUED, Exchange.State.WITHDRAWN)) {
                shares.decrementAndGet();
                return Delivery.NOT_SENT;
            }
            return change(Exchange.State.WRITTEN, Exchange.State.ABANDONED) || state == Exchange.State.ABANDONED
                    ? Delivery.INDETERMINATE
                    : Delivery.ANSWERED;
        }

        @Override
        public void expire() {
            if (change(Exchange.State.QUEUED, Exchange.State.WITHDRAWN)) {
                shares.decrementAndGet();
                told.incrementAndGet();
            } else if (change(Exchange.State.WRITTEN, Exchange.State.ABANDONED)) {
                told.incrementAndGet();
            }
        }

        @Override
        public int told() {
            return told.get();
        }

        @Override
        public boolean holdsShare() {
            return shares.get() > 0;
        }

        @Override
        public boolean isQueued() {
            return state == Exchange.State.QUEUED;
        }
    }

    @Test
    @DisplayName("S23 submit, take, answer, loss, cancel and expiry in any order end an exchange once")
    void exchange() {
        ModelCheck.passes(Real.class);
    }

    @Test
    @DisplayName("S23 an exchange that looks at its state first and changes it then is caught")
    void fault() {
        ModelCheck.catches(LooksFirst.class);
    }
}
