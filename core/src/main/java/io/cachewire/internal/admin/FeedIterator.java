package io.cachewire.internal.admin;

import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.LineSource;
import io.cachewire.internal.operation.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A feed for threads: each step waits for its element, and may be interrupted, which closes the source.
 *
 * @param <T> type of the elements
 */
public final class FeedIterator<T> extends Spliterators.AbstractSpliterator<T> {
    private final Engine engine;
    private final LineFeed<T> feed;
    private final LineSource source;
    private final Deque<T> ready = new ArrayDeque<>();
    private boolean ended;

    private FeedIterator(Engine engine, LineFeed<T> feed, LineSource source) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.engine = engine;
        this.feed = feed;
        this.source = source;
    }

    /** A sequential stream; closing it closes the source, and so does its end. */
    public static <T> Stream<T> stream(Engine engine, LineFeed<T> feed) {
        LineSource source = feed.open();
        return StreamSupport.stream(new FeedIterator<>(engine, feed, source), false)
                .onClose(source::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        while (ready.isEmpty() && !ended) {
            List<String> lines = Waiting.await(engine, source::next);
            ended = lines.isEmpty();
            ready.addAll(feed.read(lines));
        }
        T next = ready.poll();
        if (next == null) {
            return false;
        }
        action.accept(next);
        return true;
    }
}
