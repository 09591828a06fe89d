package io.cachewire.internal.admin;

import io.cachewire.MemcachedException;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.LineSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A feed as a publisher. Each subscriber has a source of its own, is called on the executor, one signal at a time, and nothing is read before
 * it asked for an element.
 *
 * @param <T> type of the elements
 */
public final class FeedPublisher<T> implements Flow.Publisher<T> {
    private final LineFeed<T> feed;
    private final Executor executor;

    /** A publisher that opens the feed for each subscriber. */
    public FeedPublisher(LineFeed<T> feed, Executor executor) {
        this.feed = feed;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new Subscription<>(feed, executor, subscriber).start();
    }

    private static final class Subscription<T> implements Flow.Subscription {
        private final LineFeed<T> feed;
        private final LineSource source;
        private final Executor executor;
        private final Flow.Subscriber<? super T> subscriber;

        /** Steps that are due; whoever raises it from zero has the executor do them. */
        private final AtomicInteger due = new AtomicInteger();

        private final AtomicLong demand = new AtomicLong();
        private volatile boolean over;
        private volatile boolean badRequest;
        private volatile @Nullable Call<List<String>> arrived;

        // of the step that runs
        private final Deque<T> ready = new ArrayDeque<>();
        private boolean started;
        private boolean pulling;
        private boolean ended;

        Subscription(LineFeed<T> feed, Executor executor, Flow.Subscriber<? super T> subscriber) {
            this.feed = feed;
            this.source = feed.open();
            this.executor = executor;
            this.subscriber = subscriber;
        }

        void start() {
            step();
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                badRequest = true;
            } else {
                demand.accumulateAndGet(count, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
            }
            step();
        }

        @Override
        public void cancel() {
            over = true;
            source.close();
        }

        private void step() {
            if (due.getAndIncrement() == 0) {
                try {
                    executor.execute(this::steps);
                } catch (RejectedExecutionException e) {
                    // nobody is left to tell it to
                    cancel();
                }
            }
        }

        private void steps() {
            int seen = due.get();
            do {
                try {
                    takeOne();
                } catch (Throwable e) {
                    // the subscriber broke its contract
                    cancel();
                    throw e;
                }
                seen = due.addAndGet(-seen);
            } while (seen != 0);
        }

        private void takeOne() {
            if (!started) {
                started = true;
                subscriber.onSubscribe(this);
            }
            if (!over && badRequest) {
                fail(new IllegalArgumentException("a subscriber requests one element or more"));
            }
            Call<List<String>> batch = arrived;
            if (!over && batch != null) {
                arrived = null;
                pulling = false;
                take(batch);
            }
            while (!over && demand.get() > 0 && !ready.isEmpty()) {
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                subscriber.onNext(ready.remove());
            }
            if (!over && ready.isEmpty() && ended) {
                over = true;
                source.close();
                subscriber.onComplete();
            }
            if (!over && ready.isEmpty() && !pulling && demand.get() > 0) {
                pulling = true;
                Call<List<String>> next = source.next();
                next.onEnd(() -> {
                    arrived = next;
                    step();
                });
            }
        }

        private void take(Call<List<String>> batch) {
            try {
                List<String> lines = batch.result();
                ended = lines.isEmpty();
                ready.addAll(feed.read(lines));
            } catch (MemcachedException | CancellationException e) {
                fail(e);
            }
        }

        private void fail(Throwable e) {
            over = true;
            source.close();
            subscriber.onError(e);
        }
    }
}
