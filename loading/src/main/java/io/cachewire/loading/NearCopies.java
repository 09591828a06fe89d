package io.cachewire.loading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cachewire.Item;
import io.cachewire.serde.Undecoded;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Values of a view that this process keeps for a short while. A copy is used until {@code staleAtMost} after its read was sent, or until the value
 * is over if that is sooner, and only while no connection was lost and no key has moved. A read that began before a write or delete of this process
 * leaves no copy behind it (docs/decisions/0086-near-copies.md). Any thread may call it.
 *
 * @param <V> type of the values
 */
final class NearCopies<V> {
    private static final int STRIPES = 1024;
    private static final int OVERHEAD_BYTES = 128;

    /** The server counts in whole seconds, and says how many are left at most. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /**
     * @param value what is kept decoded, or is an array, or absent; null when {@code block} is decoded by each reader
     * @param until by the view's clock
     * @param changes {@link io.cachewire.ClusterView#changes} before the read
     */
    private record Copy<V>(
            @Nullable Cached<V> value, @Nullable Undecoded<V> block, int bytes, long until, long changes) {}

    /**
     * What has to be known before a read whose answer may be kept.
     *
     * @param stamp the number of writes and deletes of this process of keys like this one
     * @param at when the read was sent
     */
    record Ticket(long stamp, long at) {}

    private final NearSettings settings;
    private final LoadingSettings of;
    private final Time time;
    private final Cache<String, Copy<V>> copies;
    private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);

    NearCopies(NearSettings settings, LoadingSettings of, Time time) {
        this.settings = settings;
        this.of = of;
        this.time = time;
        this.copies = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((String key, Copy<V> copy) -> OVERHEAD_BYTES + key.length() + copy.bytes())
                .expireAfterWrite(settings.staleAtMost())
                .executor(Runnable::run)
                .build();
    }

    /** The copy of a key; null for none. */
    @Nullable
    Cached<V> get(String key, long changes) {
        Copy<V> copy = copies.getIfPresent(key);
        if (copy == null || copy.changes() != changes || time.nanos() - copy.until() >= 0) {
            return null;
        }
        Cached<V> kept = copy.value();
        if (kept != null) {
            return settings.keepsDecoded() ? kept : ofReader(kept);
        }
        Undecoded<V> block = copy.block();
        V value = block == null ? null : block.decode();
        return value == null ? null : new Cached<>(value);
    }

    /** Arrays are not decoded, and readers may change what they get: each has its own. */
    @SuppressWarnings("unchecked") // a clone has the type of the array
    private static <V> Cached<V> ofReader(Cached<V> kept) {
        return kept.value() instanceof byte[] bytes ? new Cached<>((V) bytes.clone()) : kept;
    }

    /** Before a read. */
    Ticket ticket(String key) {
        return new Ticket(stamps.get(stripe(key)), time.nanos());
    }

    /** After a read that has found a fresh value, or that there is none. */
    void fill(String key, Reading<V> found, @Nullable V value, Ticket ticket) {
        Item<Undecoded<V>> item = found.item();
        if (item == null || found.isStale() || !isHot(item)) {
            return;
        }
        long keep = TimeUnit.NANOSECONDS.convert(settings.staleAtMost());
        Duration fresh = found.freshFor(of);
        if (fresh != null) {
            keep = Math.min(keep, TimeUnit.NANOSECONDS.convert(fresh.minus(ROUNDING)));
        }
        if (keep <= 0) {
            return;
        }
        boolean isKeptDecoded = value == null || value instanceof byte[] || settings.keepsDecoded();
        Copy<V> copy = new Copy<>(
                isKeptDecoded ? kept(value) : null,
                isKeptDecoded ? null : item.value(),
                item.size(),
                ticket.at() + keep,
                found.changes());
        int stripe = stripe(key);
        // a drop that comes now counts first, and then waits for this to remove what it has put
        copies.asMap().compute(key, (any, before) -> stamps.get(stripe) == ticket.stamp() ? copy : before);
    }

    private Cached<V> kept(@Nullable V value) {
        Cached<V> kept = new Cached<>(value);
        return settings.keepsDecoded() ? kept : ofReader(kept);
    }

    private boolean isHot(Item<Undecoded<V>> item) {
        Duration within = settings.hotWithin();
        Duration since = item.lastAccess();
        return within == null || (item.hitBefore() && since != null && since.compareTo(within) <= 0);
    }

    /** Before and after a write or delete. */
    void drop(String key) {
        stamps.incrementAndGet(stripe(key));
        copies.invalidate(key);
    }

    void dropAll() {
        for (int i = 0; i < STRIPES; i++) {
            stamps.incrementAndGet(i);
        }
        copies.invalidateAll();
    }

    private static int stripe(String key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & STRIPES - 1;
    }
}
