package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.DataBlock;
import io.cachewire.Expiry;
import io.cachewire.Item;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.Protocol;
import io.cachewire.ProtocolException;
import io.cachewire.ValueType;
import io.cachewire.loading.Reading.Content;
import io.cachewire.loading.Reading.Dialect;
import io.cachewire.loading.Reading.Whose;
import io.cachewire.meta.AsyncMetaClient;
import io.cachewire.meta.BlockingMetaClient;
import io.cachewire.meta.MetaDelete;
import io.cachewire.meta.MetaGet;
import io.cachewire.meta.MetaSet;
import io.cachewire.meta.MetaStored;
import io.cachewire.meta.MetaValue;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Undecoded;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of a view by way of the client. In meta the server gives the turns ({@code N}, {@code R}, {@code W}, {@code Z}); under text and binary
 * a caller announces its load by adding an empty block with the LEASE flag, which any write or delete voids as it voids a placeholder.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the end of each stage is told by what it runs
final class ClientStore<V> implements ItemStore<V> {
    /** An item with this expiry is never served. */
    private static final Expiry PAST = Expiry.at(Instant.ofEpochSecond(Expiry.MAX_RELATIVE_SECONDS + 1));

    private static final EncodedValue NOTHING = new EncodedValue(DataBlock.EMPTY, 0);

    /** So often at most a load is announced before the caller waits as if another one loaded. */
    private static final int MAX_ANNOUNCEMENTS = 3;

    private final AsyncMemcachedClient client;
    private final AsyncMetaClient meta;
    private final BlockingMetaClient blocking;
    private final ValueType<V> type;
    private final ValueType<Undecoded<V>> undecoded;
    private final LoadingSettings settings;
    private final FlagScheme scheme;
    private final MetaGet withTurn;
    private final MetaGet withoutTurn;
    private final boolean hasMeta;
    private final boolean hasMarks;

    ClientStore(AsyncMemcachedClient client, ValueType<V> type, LoadingSettings settings) {
        this.client = client;
        this.meta = client.meta();
        this.blocking = client.blocking().meta();
        this.type = type;
        this.undecoded = Undecoded.of(type);
        this.settings = settings;
        this.scheme = client.settings().flagScheme();
        this.withoutTurn = MetaGet.plain();
        this.withTurn = withTurn(settings);
        Protocol protocol = client.settings().protocol();
        this.hasMeta = protocol == Protocol.META || protocol == Protocol.AUTO;
        this.hasMarks = scheme.has(Format.LEASE) && scheme.has(Format.ABSENT);
    }

    private static MetaGet withTurn(LoadingSettings settings) {
        MetaGet options = MetaGet.plain().vivify(settings.lease());
        Duration ahead = settings.refreshAhead() == null ? Duration.ZERO : settings.refreshAhead();
        Duration threshold = settings.kept().plus(ahead);
        return threshold.isZero() ? options : options.recache(threshold);
    }

    /** The options of a read in meta. */
    MetaGet options(String key) {
        return settings.leases(key) ? withTurn : withoutTurn;
    }

    ValueType<Undecoded<V>> undecoded() {
        return undecoded;
    }

    /** Whether a read is tried in meta first. */
    boolean hasMeta() {
        return hasMeta;
    }

    @Override
    public long changes() {
        return client.cluster().changes();
    }

    /** Whether the server of the key does not speak meta, and nothing was sent. */
    static boolean isWithoutMeta(Throwable failure) {
        return cause(failure) instanceof ProtocolException refused && refused.delivery() == Delivery.NOT_SENT;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public CompletableFuture<Reading<V>> read(String key) {
        long changes = changes();
        if (!hasMeta) {
            return readOther(key, changes);
        }
        return orElse(
                meta.get(key, undecoded, options(key)).thenApply(found -> reading(found, changes)),
                () -> readOther(key, changes));
    }

    @Override
    public CompletableFuture<Reading<V>> peek(String key) {
        long changes = changes();
        Other<Reading<V>> other =
                () -> client.gets(key, undecoded).thenApply(found -> readingOther(found, changes, false));
        return hasMeta
                ? orElse(meta.get(key, undecoded, withoutTurn).thenApply(found -> reading(found, changes)), other)
                : other.start();
    }

    /** The read of {@link #read} in meta, on a thread that waits. */
    Reading<V> readBlocking(String key) {
        long changes = changes();
        return reading(blocking.get(key, undecoded, options(key)), changes);
    }

    private interface Other<R> {
        CompletableFuture<R> start();
    }

    /** Continues in text or binary where the server of the key does not speak meta. */
    private static <R> CompletableFuture<R> orElse(CompletableFuture<R> inMeta, Other<R> other) {
        return inMeta.handle((result, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(result);
                    }
                    return isWithoutMeta(failure) ? other.start() : CompletableFuture.<R>failedFuture(cause(failure));
                })
                .thenCompose(Function.identity());
    }

    /** What an answer in meta says. */
    Reading<V> reading(MetaValue<Undecoded<V>> found, long changes) {
        Item<Undecoded<V>> item = found.item();
        Whose turn = Whose.NOBODY;
        boolean isStale = false;
        long cas = item == null ? 0 : item.cas();
        if (found instanceof MetaValue.Win<Undecoded<V>> win) {
            turn = Whose.MINE;
            isStale = win.stale();
            cas = win.cas();
        } else if (found instanceof MetaValue.Won) {
            turn = Whose.ANOTHERS;
        } else if (found instanceof MetaValue.Stale) {
            turn = Whose.ANOTHERS;
            isStale = true;
        }
        Content content = item == null
                ? (turn == Whose.NOBODY ? Content.NOTHING : Content.PLACEHOLDER)
                : content(item, turn, isStale);
        if (content == Content.PLACEHOLDER && turn == Whose.NOBODY) {
            // announced by a client that speaks another dialect
            turn = Whose.ANOTHERS;
        }
        return new Reading<>(content, turn, isStale, item, cas, changes, Dialect.META);
    }

    private Content content(Item<Undecoded<V>> item, Whose turn, boolean isStale) {
        if (item.size() > 0) {
            return Content.VALUE;
        }
        Format format = hasMarks ? scheme.format(item.flags()) : null;
        if (format == Format.ABSENT) {
            return Content.ABSENT;
        }
        if (format == Format.LEASE) {
            return Content.PLACEHOLDER;
        }
        return turn != Whose.NOBODY && item.flags() == 0 && isPlaceholder(item, turn, isStale)
                ? Content.PLACEHOLDER
                : Content.VALUE;
    }

    /** An empty value of another client's looks like a placeholder but for its time: that of a placeholder is a lease's. */
    private boolean isPlaceholder(Item<Undecoded<V>> item, Whose turn, boolean isStale) {
        Duration left = item.ttl();
        if (turn == Whose.MINE) {
            return left == null || isStale;
        }
        return left != null && left.compareTo(settings.lease()) <= 0;
    }

    // ---- text and binary ----

    /** The read of {@link #read} under text or binary. */
    CompletableFuture<Reading<V>> readOther(String key, long changes) {
        return client.gets(key, undecoded).thenCompose(found -> {
            if (found != null || !hasMarks || !settings.leases(key)) {
                return CompletableFuture.completedFuture(readingOther(found, changes, false));
            }
            return announce(key, changes, 1);
        });
    }

    /**
     * A miss: the client that adds the mark has the turn. A mark that is gone when its cas unique is asked for was deleted: what is loaded then
     * would undo the next delete if it was stored by an add, so the mark is added again.
     */
    private CompletableFuture<Reading<V>> announce(String key, long changes, int attempt) {
        return client.add(key, mark(Format.LEASE), settings.lease())
                .thenCompose(added -> client.gets(key, undecoded).thenCompose(found -> {
                    if (found != null) {
                        return CompletableFuture.completedFuture(readingOther(found, changes, added));
                    }
                    return attempt < MAX_ANNOUNCEMENTS
                            ? announce(key, changes, attempt + 1)
                            : CompletableFuture.completedFuture(new Reading<>(
                                    Content.PLACEHOLDER, Whose.ANOTHERS, false, null, 0, changes, Dialect.OTHER));
                }));
    }

    private Reading<V> readingOther(@Nullable CasValue<Undecoded<V>> found, long changes, boolean isAdded) {
        if (found == null) {
            return new Reading<>(Content.NOTHING, Whose.NOBODY, false, null, 0, changes, Dialect.OTHER);
        }
        EncodedValue stored = found.value().stored();
        Item<Undecoded<V>> item = new Item<>(
                found.value(),
                stored.flags(),
                found.cas(),
                null,
                null,
                false,
                stored.data().length());
        Content content = contentOther(stored);
        Whose turn = content != Content.PLACEHOLDER ? Whose.NOBODY : isAdded ? Whose.MINE : Whose.ANOTHERS;
        return new Reading<>(content, turn, false, item, found.cas(), changes, Dialect.OTHER);
    }

    private Content contentOther(EncodedValue stored) {
        if (stored.data().length() > 0) {
            return Content.VALUE;
        }
        Format format = hasMarks ? scheme.format(stored.flags()) : null;
        if (format == Format.ABSENT) {
            return Content.ABSENT;
        }
        // flags 0: a placeholder of clients that speak meta, as far as can be told
        return format == Format.LEASE || (hasMarks && stored.flags() == 0) ? Content.PLACEHOLDER : Content.VALUE;
    }

    private EncodedValue mark(Format format) {
        return new EncodedValue(DataBlock.EMPTY, scheme.flags(format));
    }

    // ---- writes ----

    @Override
    public boolean isValid(Lease lease) {
        return lease.changes() == changes();
    }

    @Override
    public CompletableFuture<Boolean> store(String key, Lease lease, @Nullable V value, @Nullable Duration ttl) {
        Object stored = stored(value);
        if (lease.kind() == Lease.Kind.ANNOUNCED) {
            return storeOther(key, lease, stored, ttl);
        }
        if (!hasMeta) {
            return storeOther(key, lease, stored, ttl);
        }
        MetaSet options = switch (lease.kind()) {
            case NOTHING -> MetaSet.of(MetaSet.Mode.ADD);
            case UNCOMPARED -> MetaSet.plain();
            default -> MetaSet.plain().compareCas(lease.cas());
        };
        return orElse(
                meta.set(key, stored, options.expiry(expiry(ttl))).thenCompose(done -> checked(key, lease, done)),
                () -> storeOther(key, lease, stored, ttl));
    }

    /** What went to another process of the server than the lease came from is taken back: its cas uniques may be equal by chance. */
    private CompletableFuture<Boolean> checked(String key, Lease lease, MetaStored done) {
        Long cas = done.cas();
        if (!done.isStored() || cas == null || isValid(lease) || lease.kind() == Lease.Kind.NOTHING) {
            return CompletableFuture.completedFuture(done.isStored());
        }
        return meta.delete(key, MetaDelete.plain().compareCas(cas)).thenApply(deleted -> false);
    }

    private CompletableFuture<Boolean> storeOther(String key, Lease lease, Object stored, @Nullable Duration ttl) {
        // the time that is left cannot be asked for there, so what is kept for a failing loader would be taken for
        // fresh
        Expiry expiry = ttl == null ? Expiry.never() : Expiry.after(ttl);
        return switch (lease.kind()) {
            case NOTHING -> client.add(key, stored, expiry);
            case UNCOMPARED -> client.set(key, stored, expiry).thenApply(done -> true);
            default ->
                client.cas(key, stored, lease.cas(), expiry).thenCompose(done -> {
                    boolean isStored = done == CasResult.STORED;
                    return !isStored || isValid(lease)
                            ? CompletableFuture.completedFuture(isStored)
                            : client.delete(key).thenApply(deleted -> false);
                });
        };
    }

    private Object stored(@Nullable V value) {
        return value == null ? mark(Format.ABSENT) : type.value(value);
    }

    /** The time on the server: what is kept for a failing loader comes on top. */
    Expiry expiry(@Nullable Duration ttl) {
        return ttl == null ? Expiry.never() : Expiry.after(ttl.plus(settings.kept()));
    }

    @Override
    public CompletableFuture<@Nullable Void> put(String key, @Nullable V value, @Nullable Duration ttl) {
        return client.set(key, stored(value), expiry(ttl));
    }

    @Override
    public CompletableFuture<Boolean> invalidate(String key) {
        Duration staleFor = settings.staleFor();
        return staleFor == null
                ? client.delete(key)
                : orElse(client.markStale(key, staleFor.plus(settings.kept())), () -> client.delete(key));
    }

    @Override
    public CompletableFuture<?> giveBack(String key, Lease lease) {
        if (!isValid(lease)) {
            // in another process of the server its cas unique may be that of somebody else's item
            return done();
        }
        return switch (lease.kind()) {
            case PLACEHOLDER -> delete(key, lease);
            case OLD_VALUE ->
                lease.cas() == 0 ? done() : meta.delete(key, ofLease(lease).markStale());
            case ANNOUNCED -> delete(key, lease);
            case UNTAKEN, NOTHING, UNCOMPARED -> done();
        };
    }

    @Override
    public CompletableFuture<?> delete(String key, Lease lease) {
        if (lease.cas() == 0 || !isValid(lease)) {
            return done();
        }
        if (lease.kind() == Lease.Kind.ANNOUNCED || !hasMeta) {
            return client.cas(key, NOTHING, lease.cas(), PAST);
        }
        return orElse(
                meta.delete(key, ofLease(lease)).thenApply(status -> (Object) status),
                () -> client.cas(key, NOTHING, lease.cas(), PAST).thenApply(status -> (Object) status));
    }

    private static MetaDelete ofLease(Lease lease) {
        return MetaDelete.plain().compareCas(lease.cas());
    }

    private static CompletableFuture<?> done() {
        return CompletableFuture.completedFuture(null);
    }
}
