package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.ClientClosedException;
import io.cachewire.DataBlock;
import io.cachewire.Expiry;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Undecoded;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The item that holds the generation of all names with a prefix, as this process knows it. It is read anew when what is known is older than the
 * time between checks, by one read for all callers; it is created when it is missing, and replaced by a larger one when it is damaged, or smaller
 * than one that was seen: so this process never returns to an old generation, and items of one that was forgotten are never read
 * (docs/decisions/0085-generations.md). Any thread
 * may call it; nothing here blocks.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the end of each stage is told by what it runs
final class GenerationKey {
    /** What follows the prefix. No text of a generation begins with a colon. */
    static final String NAME = ":generation";

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_ATTEMPTS = 64;
    private static final Duration LEAST_TTL = Duration.ofDays(7);
    private static final Duration LONGEST_TTL = Duration.ofDays(365);

    /** What this process knows: a generation, and when the read that gave it was sent. */
    private record Known(long generation, long readAt) {}

    private record Failed(Throwable failure, long at) {}

    private final GenerationServer server;
    private final String key;
    private final long checkNanos;
    private final long outageNanos;
    private final Expiry expiry;
    private final long renewNanos;
    private final int flags;
    private final Time time;

    private volatile @Nullable Known known;
    private volatile @Nullable Failed failed;

    /** Whether names are to be forgotten as soon as the server can be asked. */
    private volatile boolean mustForget;

    private long renewedAt; // guarded by this
    private boolean isRenewed; // guarded by this
    private @Nullable CompletableFuture<Long> check; // guarded by this
    private @Nullable CompletableFuture<Long> forgetting; // guarded by this
    private @Nullable CompletableFuture<Long> forgetsNext; // guarded by this

    /**
     * @param longestTtl what the items under the generation live at most; null for ever
     * @param check the time between checks
     * @param outage how much longer a known generation is used when the server cannot be asked
     */
    GenerationKey(
            AsyncMemcachedClient client,
            String prefix,
            @Nullable Duration longestTtl,
            Duration check,
            Duration outage,
            Time time) {
        this.key = prefix + NAME;
        this.server = new GenerationServer(client, key);
        this.checkNanos = nanos(check);
        this.outageNanos = nanos(outage);
        Duration ttl = ttl(longestTtl);
        this.expiry = ttl == null ? Expiry.never() : Expiry.after(ttl);
        this.renewNanos = ttl == null ? Long.MAX_VALUE : ttl.toNanos() / 4;
        var scheme = client.settings().flagScheme();
        this.flags = scheme.has(Format.TEXT) ? scheme.flags(Format.TEXT) : 0;
        this.time = time;
    }

    /** Longer than any item lives; null for ever. A generation that ends early costs misses, and nothing else. */
    static @Nullable Duration ttl(@Nullable Duration ofItems) {
        if (ofItems == null || ofItems.compareTo(LONGEST_TTL) > 0) {
            return null;
        }
        Duration twice = ofItems.multipliedBy(2);
        return twice.compareTo(LEAST_TTL) < 0 ? LEAST_TTL : twice;
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** The key of the item. */
    String key() {
        return key;
    }

    /** The generation when it needs no check now; 0 otherwise. */
    long fresh() {
        Known now = known;
        return now == null || mustForget || time.nanos() - now.readAt() > checkNanos ? 0 : now.generation();
    }

    /** The last generation that was seen, however long ago; 0 for none. */
    long lastKnown() {
        Known now = known;
        return now == null ? 0 : now.generation();
    }

    /** The generation, checked if need be together with all callers who need it now. Fails when it is not known and cannot be had. */
    CompletableFuture<Long> current() {
        long fresh = fresh();
        if (fresh != 0) {
            return CompletableFuture.completedFuture(fresh);
        }
        Failed last = failed;
        if (last != null && time.nanos() - last.at() < Math.min(checkNanos, LONGEST_PAUSE_NANOS)) {
            return inOutage(last.failure());
        }
        synchronized (this) {
            if (check == null) {
                CompletableFuture<Long> started = anew();
                check = started;
                started.whenComplete((generation, failure) -> {
                    synchronized (this) {
                        if (check == started) {
                            check = null;
                        }
                    }
                });
            }
            return check == null ? retry() : check.handle(this::orOutage).thenCompose(Function.identity());
        }
    }

    /** The check that was started is already over. */
    private CompletableFuture<Long> retry() {
        long fresh = fresh();
        Failed last = failed;
        return fresh != 0 ? CompletableFuture.completedFuture(fresh) : last != null ? inOutage(last.failure()) : anew();
    }

    private CompletableFuture<Long> orOutage(@Nullable Long generation, @Nullable Throwable failure) {
        return failure == null ? CompletableFuture.completedFuture(generation) : inOutage(ClientStore.cause(failure));
    }

    private CompletableFuture<Long> inOutage(Throwable failure) {
        Known now = known;
        return now != null && !mustForget && time.nanos() - now.readAt() - checkNanos <= outageNanos
                ? CompletableFuture.completedFuture(now.generation())
                : CompletableFuture.failedFuture(failure);
    }

    /** The generation as the server has it after this call. */
    CompletableFuture<Long> anew() {
        if (mustForget) {
            return forget();
        }
        CompletableFuture<Long> result;
        try {
            result = read(time.nanos(), 1);
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete(this::told);
    }

    private void told(@Nullable Long generation, @Nullable Throwable failure) {
        if (failure == null) {
            failed = null;
        } else {
            failed = new Failed(ClientStore.cause(failure), time.nanos());
        }
    }

    private CompletableFuture<Long> read(long sentAt, int attempt) {
        return server.read().thenCompose(found -> {
            long seen =
                    found == null ? 0 : Generation.parse(found.value().stored().data());
            if (seen != 0 && !Generation.isBelow(seen, lastKnown())) {
                renew(sentAt);
                return CompletableFuture.completedFuture(learned(seen, sentAt));
            }
            return replace(found, seen, attempt)
                    .thenCompose(written -> written == 0
                            ? read(time.nanos(), attempt + 1)
                            : CompletableFuture.completedFuture(learned(written, sentAt)));
        });
    }

    /** Writes a generation that is larger than what was seen; gives it, or 0 when another process was faster. */
    private CompletableFuture<Long> replace(@Nullable CasValue<Undecoded<String>> found, long seen, int attempt) {
        long known = lastKnown();
        long next = Generation.next(Generation.isBelow(seen, known) ? known : seen, time.millis(), time.random());
        EncodedValue block = new EncodedValue(DataBlock.ofUtf8(Generation.text(next)), flags);
        if (attempt > MAX_ATTEMPTS) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "the generation \"" + key + "\" was changed by others " + MAX_ATTEMPTS + " times"));
        }
        if (found == null && attempt % 4 != 0) {
            return server.ask(client -> client.add(key, block, expiry)).thenApply(added -> added ? next : 0);
        }
        if (found == null || found.cas() == 0) {
            // nothing to compare with: a server without cas uniques, or a mark of another client that reads like
            // nothing
            return server.ask(client -> client.set(key, block, expiry)).thenApply(done -> next);
        }
        return server.ask(client -> client.cas(key, block, found.cas(), expiry))
                .thenApply(done -> done == CasResult.STORED ? next : 0);
    }

    private synchronized long learned(long generation, long sentAt) {
        Known now = known;
        if (now == null || Generation.isBelow(now.generation(), generation)) {
            known = new Known(generation, sentAt);
            return generation;
        }
        if (now.generation() == generation && sentAt - now.readAt() > 0) {
            known = new Known(generation, sentAt);
        }
        return now.generation();
    }

    /** The item outlives what is stored under it as long as it is used. */
    private void renew(long now) {
        synchronized (this) {
            if (renewNanos == Long.MAX_VALUE || (isRenewed && now - renewedAt < renewNanos)) {
                return;
            }
            isRenewed = true;
            renewedAt = now;
        }
        server.ask(client -> client.touch(key, expiry));
    }

    /**
     * Puts a new generation in place of the one that is there when this is called. When the server cannot be asked the future fails, this process
     * uses the old one no longer, and the new one is written as soon as the server answers.
     */
    CompletableFuture<Long> forget() {
        CompletableFuture<Long> mine;
        synchronized (this) {
            if (forgetting != null) {
                // the one that runs may have read already
                if (forgetsNext == null) {
                    forgetsNext = new CompletableFuture<>();
                }
                return forgetsNext.copy();
            }
            mine = new CompletableFuture<>();
            forgetting = mine;
        }
        begin(mine);
        return mine.copy();
    }

    private void begin(CompletableFuture<Long> mine) {
        CompletableFuture<Long> written;
        try {
            written = write(1);
        } catch (RuntimeException e) {
            written = CompletableFuture.failedFuture(e);
        }
        written.whenComplete((generation, failure) -> {
            told(generation, failure);
            CompletableFuture<Long> next;
            synchronized (this) {
                mustForget = failure != null && !(ClientStore.cause(failure) instanceof ClientClosedException);
                next = forgetsNext;
                forgetsNext = null;
                forgetting = next;
            }
            if (failure == null) {
                mine.complete(generation);
            } else {
                mine.completeExceptionally(ClientStore.cause(failure));
            }
            if (next != null) {
                begin(next);
            } else if (mustForget) {
                time.after(LONGEST_PAUSE_NANOS, this::forgetLate);
            }
        });
    }

    private void forgetLate() {
        if (mustForget) {
            forget();
        }
    }

    private CompletableFuture<Long> write(int attempt) {
        long sentAt = time.nanos();
        return server.read().thenCompose(found -> {
            long seen =
                    found == null ? 0 : Generation.parse(found.value().stored().data());
            return replace(found, seen, attempt)
                    .thenCompose(written -> written == 0
                            ? write(attempt + 1)
                            : CompletableFuture.completedFuture(learned(written, sentAt)));
        });
    }
}
