package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.fixture.ModelCheck;
import io.cachewire.internal.protocol.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The two queues of a connection, each alone, and with the right to write that joins them. */
class QueuesLincheckTest {
    private static final class Numbered extends Exchange {
        final int number;
        final AtomicInteger told = new AtomicInteger();

        Numbered(int number) {
            super(Sentinel.NOOP, 1000);
            this.number = number;
        }

        @Override
        protected void onReply(Reply reply) {
            told.incrementAndGet();
        }

        @Override
        protected void onFailure(Failure failure) {
            told.incrementAndGet();
        }
    }

    private static int number(@Nullable Exchange exchange) {
        return exchange == null ? -1 : ((Numbered) exchange).number;
    }

    /** One adds, one takes, anyone looks and sweeps. */
    public static class Pending {
        private final PendingQueue queue = new PendingQueue();

        @Operation(nonParallelGroup = "writer")
        public void add(@Param(gen = IntGen.class) int number) {
            queue.add(new Numbered(number));
        }

        @Operation(nonParallelGroup = "reader")
        public int peek() {
            return number(queue.peek());
        }

        @Operation(nonParallelGroup = "reader")
        public int poll() {
            return number(queue.poll());
        }

        @Operation
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Operation
        public void sweep() {
            queue.sweep(1000);
        }
    }

    /** A queue of two ends that count together. */
    public static class CountedPending {
        private final PendingQueue queue = new PendingQueue();
        private volatile int size;

        @Operation(nonParallelGroup = "writer")
        public void add(@Param(gen = IntGen.class) int number) {
            queue.add(new Numbered(number));
            size = size + 1;
        }

        @Operation(nonParallelGroup = "reader")
        public int poll() {
            Exchange first = queue.poll();
            if (first != null) {
                size = size - 1;
            }
            return number(first);
        }

        @Operation
        public int size() {
            return size;
        }
    }

    /** Anyone adds; the one that takes waits for those who are not done adding, as the writer does. */
    public abstract static class Writing {
        private final AtomicInteger begun = new AtomicInteger();
        private int taken;

        abstract void link(Exchange exchange);

        abstract @Nullable Exchange next();

        @Operation
        public void add(@Param(gen = IntGen.class) int number) {
            begun.incrementAndGet();
            link(new Numbered(number));
        }

        @Operation(nonParallelGroup = "writer")
        public int poll() {
            while (true) {
                int known = begun.get();
                Exchange first = next();
                if (first != null) {
                    taken++;
                    return number(first);
                }
                if (known <= taken) {
                    return -1;
                }
            }
        }
    }

    /** The write queue of a connection. */
    public static class RealWriting extends Writing {
        private final WriteQueue queue = new WriteQueue();

        @Override
        void link(Exchange exchange) {
            queue.add(exchange);
        }

        @Override
        @Nullable
        Exchange next() {
            return queue.poll();
        }
    }

    /** Adds by reading the end first and setting it then. */
    public static class LooseWriting extends Writing {
        private final Numbered start = new Numbered(0);
        private volatile Exchange last = start;
        private Exchange first = start;

        @Override
        void link(Exchange exchange) {
            Exchange before = last;
            last = exchange;
            before.linkNext(exchange);
        }

        @Override
        @Nullable
        Exchange next() {
            Exchange next = first.next();
            if (next != null) {
                first = next;
            }
            return next;
        }
    }

    /** The rules of {@code Connection} for the right to write and for the end, over the real queues and exchanges. */
    private static class Engine {
        final Budget budget = new Budget(100, 100_000);
        final WriteQueue writeQueue = new WriteQueue();
        final PendingQueue pending = new PendingQueue();
        final AtomicInteger toWrite = new AtomicInteger();
        final AtomicReference<Failure> failure = new AtomicReference<>();
        final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
        volatile boolean reading = true;

        void submit(Exchange exchange) {
            assertTrue(exchange.admit(budget));
            writeQueue.add(exchange);
            if (toWrite.getAndAdd(1) == 0) {
                write();
            }
        }

        void write() {
            int seen = 1;
            do {
                Failure ended = failure.get();
                if (ended != null) {
                    failAll(ended);
                } else {
                    fill();
                }
                seen = toWrite.addAndGet(-seen);
            } while (seen != 0);
        }

        private void fill() {
            for (Exchange next = writeQueue.poll(); next != null; next = writeQueue.poll()) {
                if (next.take(1) != null) {
                    written.add(number(next));
                    pending.add(next);
                }
            }
        }

        private void failAll(Failure why) {
            for (Exchange next = writeQueue.poll(); next != null; next = writeQueue.poll()) {
                next.fail(why);
            }
            if (!reading) {
                for (Exchange next = pending.poll(); next != null; next = pending.poll()) {
                    next.fail(why);
                }
            }
        }

        /** The reader: answers what is pending until the connection has ended. */
        void read(int replies) {
            for (int answered = 0; answered < replies && failure.get() == null; ) {
                Exchange head = pending.poll();
                if (head != null) {
                    head.complete(new Reply.Status(Reply.Kind.NOOP, Reply.NO_OPAQUE));
                    answered++;
                }
            }
        }

        void close() {
            failure.compareAndSet(null, new Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "closed", null));
        }

        void readerEnds() {
            reading = false;
            if (toWrite.getAndIncrement() == 0) {
                write();
            }
        }
    }

    /** Gives up the right to write by one step too many: whoever comes between is not seen. */
    private static final class HastyEngine extends Engine {
        @Override
        void write() {
            super.fill();
            toWrite.set(0);
        }
    }

    private static Thread started(Runnable body) {
        Thread thread = new Thread(body);
        thread.start();
        return thread;
    }

    private static void join(Thread... threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void writesAll(Engine engine) {
        Thread one = started(() -> {
            engine.submit(new Numbered(1));
            engine.submit(new Numbered(2));
        });
        engine.submit(new Numbered(10));
        join(one);
        assertEquals(3, engine.written.size());
        assertTrue(engine.written.indexOf(1) < engine.written.indexOf(2));
        for (int number : engine.written) {
            assertEquals(number, number(engine.pending.poll()));
        }
        assertEquals(-1, number(engine.pending.poll()));
    }

    private static void closesWithCallsInFlight() {
        Engine engine = new Engine();
        Numbered first = new Numbered(1);
        Numbered second = new Numbered(2);
        Thread caller = started(() -> {
            engine.submit(first);
            first.cancel();
        });
        Thread reader = started(() -> {
            engine.read(1);
            engine.close();
            engine.readerEnds();
        });
        engine.submit(second);
        join(caller, reader);
        assertNotNull(engine.failure.get());
        assertEquals(1, second.told.get());
        assertTrue(first.told.get() <= 1);
        assertEquals(0, engine.budget.count());
        assertEquals(0, engine.budget.bytes());
    }

    @Test
    @DisplayName("S23 the pending queue is a queue to its writer, its reader and all that look on")
    void pendingQueue() {
        ModelCheck.passes(Pending.class);
    }

    @Test
    @DisplayName("S23 a pending queue whose ends count together is caught")
    void countedPendingQueue() {
        ModelCheck.catches(CountedPending.class);
    }

    @Test
    @DisplayName("S23 the write queue is a queue to all that add and the one that takes")
    void writeQueue() {
        ModelCheck.passes(RealWriting.class);
    }

    @Test
    @DisplayName("S23 a write queue that reads its end first and sets it then is caught")
    void looseWriteQueue() {
        ModelCheck.catches(LooseWriting.class);
    }

    @Test
    @DisplayName("S23 whoever has the right to write writes all, in order and once")
    void rightToWrite() {
        ModelCheck.passes(() -> writesAll(new Engine()));
    }

    @Test
    @DisplayName("S23 a right to write that is given up too early is caught")
    void hastyRightToWrite() {
        ModelCheck.catches(() -> writesAll(new HastyEngine()));
    }

    @Test
    @DisplayName("S23 a connection that ends with calls in flight ends each once and frees all")
    void close() {
        ModelCheck.passes(QueuesLincheckTest::closesWithCallsInFlight);
    }
}
