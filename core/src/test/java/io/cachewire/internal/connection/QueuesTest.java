package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.internal.connection.Exchange.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The write queue and the pending queue, alone and with the exchanges moving from one to the other. */
class QueuesTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 20_000;

    private static ExchangeTest.Recorded exchange() {
        return new ExchangeTest.Recorded(1000);
    }

    @Test
    void writeQueueIsFirstInFirstOut() {
        WriteQueue queue = new WriteQueue();
        assertNull(queue.poll());
        Exchange a = exchange();
        Exchange b = exchange();
        queue.add(a);
        assertSame(a, queue.poll());
        assertNull(queue.poll());
        queue.add(b);
        queue.add(a);
        assertSame(b, queue.poll());
        assertSame(a, queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void pendingQueueIsFirstInFirstOut() {
        PendingQueue queue = new PendingQueue();
        assertTrue(queue.isEmpty());
        assertNull(queue.peek());
        Exchange a = exchange();
        Exchange b = exchange();
        queue.add(a);
        queue.add(b);
        assertSame(a, queue.peek());
        assertSame(a, queue.poll());
        assertFalse(queue.isEmpty());
        assertSame(b, queue.poll());
        assertNull(queue.poll());
        assertTrue(queue.isEmpty());
    }

    @Test
    void sweepsEndWhatIsOverdueInBoth() {
        WriteQueue writeQueue = new WriteQueue();
        PendingQueue pending = new PendingQueue();
        List<ExchangeTest.Recorded> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ExchangeTest.Recorded exchange = new ExchangeTest.Recorded(1000 + i);
            all.add(exchange);
            writeQueue.add(exchange);
        }
        for (int i = 0; i < 5; i++) {
            Exchange taken = writeQueue.poll();
            taken.take(i);
            pending.add(taken);
        }
        writeQueue.sweep(1007);
        pending.sweep(1003);
        assertEquals(
                List.of(
                        State.ABANDONED,
                        State.ABANDONED,
                        State.ABANDONED,
                        State.ABANDONED,
                        State.WRITTEN,
                        State.WITHDRAWN,
                        State.WITHDRAWN,
                        State.WITHDRAWN,
                        State.QUEUED,
                        State.QUEUED),
                all.stream().map(Exchange::state).toList());
    }

    /** Many producers, one writer that moves to the pending queue, one reader, one sweeper: nothing lost, nothing twice, order kept. */
    @Test
    @Timeout(60)
    void nothingIsLostBetweenThem() throws InterruptedException {
        WriteQueue writeQueue = new WriteQueue();
        PendingQueue pending = new PendingQueue();
        CountDownLatch read = new CountDownLatch(PRODUCERS * EACH);
        List<Thread> threads = new ArrayList<>();
        int[][] seen = new int[PRODUCERS][EACH];
        List<String> outOfOrder = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            threads.add(new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    writeQueue.add(new Numbered(producer, i));
                }
            }));
        }
        threads.add(new Thread(() -> {
            for (int moved = 0; moved < PRODUCERS * EACH; ) {
                Exchange exchange = writeQueue.poll();
                if (exchange == null) {
                    Thread.onSpinWait();
                } else {
                    exchange.take(moved++);
                    pending.add(exchange);
                }
            }
        }));
        threads.add(new Thread(() -> {
            int[] next = new int[PRODUCERS];
            while (read.getCount() > 0) {
                Numbered exchange = (Numbered) pending.poll();
                if (exchange == null) {
                    Thread.onSpinWait();
                    continue;
                }
                if (next[exchange.producer]++ != exchange.number) {
                    outOfOrder.add(exchange.producer + "/" + exchange.number);
                }
                seen[exchange.producer][exchange.number]++;
                read.countDown();
            }
        }));
        threads.add(new Thread(() -> {
            while (read.getCount() > 0) {
                writeQueue.sweep(0);
                pending.sweep(0);
            }
        }));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), outOfOrder);
        for (int[] ofProducer : seen) {
            for (int times : ofProducer) {
                assertEquals(1, times);
            }
        }
    }

    private static final class Numbered extends Exchange {
        final int producer;
        final int number;

        Numbered(int producer, int number) {
            super(Sentinel.NOOP, Long.MAX_VALUE);
            this.producer = producer;
            this.number = number;
        }

        @Override
        protected void onReply(io.cachewire.internal.protocol.Reply reply) {}

        @Override
        protected void onFailure(Failure failure) {}
    }
}
