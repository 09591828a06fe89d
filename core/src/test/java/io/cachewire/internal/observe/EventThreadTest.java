package io.cachewire.internal.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.observe.ClientEvent;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Verb;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The queue of events and its thread. */
class EventThreadTest {
    private final BlockingQueue<ClientEvent> told = new LinkedBlockingQueue<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private final ClientListener slow = new ClientListener() {
        @Override
        public void happened(ClientEvent event) {
            told.add(event);
            entered.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    };

    private final EventThread events =
            new EventThread(Listeners.none(InstantSource.system()).with(slow));

    private static ClientEvent event(int number) {
        return new ClientEvent.Retried(Verb.GET, number);
    }

    @Test
    void whatFindsTheQueueFullIsDroppedAndCounted() throws InterruptedException {
        events.tell(event(0));
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        for (int i = 1; i <= EventThread.CAPACITY + 5; i++) {
            events.tell(event(i));
        }
        released.countDown();
        assertEquals(event(0), told.poll(10, TimeUnit.SECONDS));
        assertEquals(new ClientEvent.EventsDropped(5), told.poll(10, TimeUnit.SECONDS));
        for (int i = 1; i <= EventThread.CAPACITY; i++) {
            assertEquals(event(i), told.poll(10, TimeUnit.SECONDS));
        }
        events.close();
        assertTrue(told.isEmpty());
    }

    @Test
    void nothingIsToldAfterTheEnd() throws InterruptedException {
        events.tell(event(0));
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        events.tell(event(1));
        events.close();
        events.tell(event(2));
        assertEquals(List.of(event(0)), List.copyOf(told));
    }
}
