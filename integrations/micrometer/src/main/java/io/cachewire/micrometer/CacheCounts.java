package io.cachewire.micrometer;

import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a view is asked for as a cache: the keys of reads that were there and that were not, and the values that were stored. To be set as a listener of the
 * view. Failed calls count as neither.
 */
public final class CacheCounts implements ClientListener {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();

    /** Nothing was counted yet. */
    public CacheCounts() {}

    @Override
    public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
        if (isRead(call.verb())) {
            add(hits, end.hits());
            add(misses, end.misses());
        } else if (isWrite(call.verb()) && (end.outcome() == Outcome.STORED || end.outcome() == Outcome.SENT)) {
            add(puts, call.keyCount());
        }
    }

    private static void add(LongAdder to, long count) {
        if (count > 0) {
            to.add(count);
        }
    }

    private static boolean isRead(Verb verb) {
        return switch (verb) {
            case GET, GETS, ITEM, GET_AND_TOUCH, META_GET -> true;
            default -> false;
        };
    }

    private static boolean isWrite(Verb verb) {
        return switch (verb) {
            case SET, ADD, REPLACE, CAS, META_SET -> true;
            default -> false;
        };
    }

    /** Keys that reads have found. */
    public long hits() {
        return hits.sum();
    }

    /** Keys that reads have not found. */
    public long misses() {
        return misses.sum();
    }

    /** Values that were stored; of those that nobody waits for, the accepted ones. */
    public long puts() {
        return puts.sum();
    }
}
