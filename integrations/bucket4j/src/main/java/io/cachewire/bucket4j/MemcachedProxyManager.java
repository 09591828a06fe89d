package io.cachewire.bucket4j;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.Expiry;
import io.cachewire.WriteFailures;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AbstractProxyManagerBuilder;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.serialization.Mapper;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Bucket4j's buckets in memcached: each is an item, which is read and then replaced if nobody wrote it in between. Works with threads
 * and with futures, in every protocol.
 *
 * <p>A bucket that the server evicts, or loses when it restarts, is full again. Without {@code expirationAfterWrite} buckets never expire
 * and stay until they are evicted; {@link ExpirationAfterWriteStrategy#basedOnTimeForRefillingBucketUpToMax} keeps a bucket for as long as
 * it says anything. When a write has no answer the call fails with what the client threw, and the tokens may have been taken.
 *
 * <p>The server must keep cas uniques, which it does unless it was started with {@code -C}. Safe for any number of threads; closing the client is
 * the caller's.
 *
 * @param <K> type of the buckets' keys
 */
public final class MemcachedProxyManager<K> extends AbstractCompareAndSwapBasedProxyManager<K> {
    private final AsyncMemcachedClient async;
    private final BlockingMemcachedClient blocking;
    private final Mapper<K> keyMapper;
    private final String prefix;
    private final ExpirationAfterWriteStrategy expiration;

    private MemcachedProxyManager(Builder<K> builder) {
        super(builder.getClientSideConfig());
        // an ignored add would look like a lost race, and be tried again for ever
        async = builder.client.withWriteFailures(WriteFailures.THROW);
        blocking = async.blocking();
        keyMapper = builder.keyMapper;
        prefix = builder.prefix;
        expiration = builder.getExpirationAfterWrite().orElseGet(ExpirationAfterWriteStrategy::none);
    }

    /** For buckets whose keys are texts. */
    public static Builder<String> builder(AsyncMemcachedClient client) {
        return new Builder<>(client, Mapper.STRING);
    }

    /** For buckets with keys of any kind, which {@link Mapper#toString(Object)} makes texts of. */
    public static <K> Builder<K> builder(AsyncMemcachedClient client, Mapper<K> keyMapper) {
        return new Builder<>(client, keyMapper);
    }

    /**
     * The settings: those of Bucket4j, and the prefix of the keys.
     *
     * @param <K> type of the buckets' keys
     */
    public static final class Builder<K> extends AbstractProxyManagerBuilder<K, MemcachedProxyManager<K>, Builder<K>> {
        private final AsyncMemcachedClient client;
        private final Mapper<K> keyMapper;
        private String prefix = "bucket:";

        private Builder(AsyncMemcachedClient client, Mapper<K> keyMapper) {
            this.client = Objects.requireNonNull(client, "client");
            this.keyMapper = Objects.requireNonNull(keyMapper, "keyMapper");
        }

        /** What the keys begin with; {@code bucket:} by default. */
        public Builder<K> prefix(String text) {
            prefix = Objects.requireNonNull(text, "prefix");
            return this;
        }

        @Override
        public boolean isExpireAfterWriteSupported() {
            return true;
        }

        @Override
        public MemcachedProxyManager<K> build() {
            return new MemcachedProxyManager<>(this);
        }
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(K key) {
        String name = name(key);
        return new CompareAndSwapOperation() {
            private long cas;

            @Override
            public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
                CasValue<byte[]> held = within(timeoutNanos).gets(name, byte[].class);
                cas = casOf(held);
                return Optional.ofNullable(held).map(CasValue::value);
            }

            @Override
            public boolean compareAndSwap(
                    byte @Nullable [] original, byte[] next, RemoteBucketState state, Optional<Long> timeoutNanos) {
                BlockingMemcachedClient client = within(timeoutNanos);
                return original == null
                        ? client.add(name, next, expiry(state))
                        : client.cas(name, next, cas, expiry(state)) == CasResult.STORED;
            }
        };
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(K key) {
        String name = name(key);
        return new AsyncCompareAndSwapOperation() {
            private volatile long cas;

            @Override
            public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
                return asyncWithin(timeoutNanos).gets(name, byte[].class).thenApply(held -> {
                    cas = casOf(held);
                    return Optional.ofNullable(held).map(CasValue::value);
                });
            }

            @Override
            public CompletableFuture<Boolean> compareAndSwap(
                    byte @Nullable [] original, byte[] next, RemoteBucketState state, Optional<Long> timeoutNanos) {
                AsyncMemcachedClient client = asyncWithin(timeoutNanos);
                return original == null
                        ? client.add(name, next, expiry(state))
                        : client.cas(name, next, cas, expiry(state)).thenApply(result -> result == CasResult.STORED);
            }
        };
    }

    /** Forgets a bucket, which is full when it is used again. */
    @Override
    public void removeProxy(K key) {
        blocking.delete(name(key));
    }

    @Override
    protected CompletableFuture<@Nullable Void> removeAsync(K key) {
        return async.delete(name(key)).thenAccept(deleted -> {});
    }

    @Override
    public boolean isAsyncModeSupported() {
        return true;
    }

    @Override
    public boolean isExpireAfterWriteSupported() {
        return true;
    }

    private String name(K key) {
        return prefix + keyMapper.toString(key);
    }

    private static long casOf(@Nullable CasValue<byte[]> held) {
        if (held != null && held.cas() == 0) {
            throw new IllegalStateException("the server keeps no cas uniques (-C), without which buckets lose writes");
        }
        return held == null ? 0 : held.cas();
    }

    private BlockingMemcachedClient within(Optional<Long> timeoutNanos) {
        return timeoutNanos.isPresent() ? blocking.withRequestTimeout(time(timeoutNanos.get())) : blocking;
    }

    private AsyncMemcachedClient asyncWithin(Optional<Long> timeoutNanos) {
        return timeoutNanos.isPresent() ? async.withRequestTimeout(time(timeoutNanos.get())) : async;
    }

    /** The client takes no time that is over already. */
    private static Duration time(long nanos) {
        return Duration.ofNanos(Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
    }

    private Expiry expiry(RemoteBucketState state) {
        long millis = expiration.calculateTimeToLiveMillis(state, currentTimeNanos());
        // below zero is Bucket4j's "never"; what memcached cannot count to is never, too
        boolean never = millis < 0 || TimeUnit.MILLISECONDS.toSeconds(millis) >= Integer.MAX_VALUE;
        return never ? Expiry.never() : Expiry.after(Duration.ofMillis(Math.max(millis, 1)));
    }
}
