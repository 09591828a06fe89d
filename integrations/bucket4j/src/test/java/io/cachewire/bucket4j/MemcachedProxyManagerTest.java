package io.cachewire.bucket4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.Item;
import io.cachewire.MemcachedException;
import io.cachewire.Protocol;
import io.cachewire.WriteFailures;
import io.cachewire.fixture.MemcachedServer;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.tck.AbstractDistributedBucketTest;
import io.github.bucket4j.tck.ProxyManagerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bucket4j's own test kit in each protocol, and what is ours. */
class MemcachedProxyManagerTest extends AbstractDistributedBucketTest {
    private static final List<AsyncMemcachedClient> CLIENTS = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static MemcachedServer server;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
        List<ProxyManagerSpec<?, ?, ?>> all = new ArrayList<>();
        for (Protocol protocol : List.of(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            AsyncMemcachedClient client = client(server, protocol);
            all.add(new ProxyManagerSpec<>(
                            "text keys in " + protocol,
                            () -> UUID.randomUUID().toString(),
                            () -> MemcachedProxyManager.builder(client))
                    .checkExpiration());
        }
        specs = all;
    }

    @AfterAll
    static void stop() {
        CLIENTS.forEach(AsyncMemcachedClient::close);
        server.close();
    }

    private static AsyncMemcachedClient client(MemcachedServer server, Protocol protocol) {
        AsyncMemcachedClient client = AsyncMemcachedClient.builder(
                        server.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        CLIENTS.add(client);
        return client;
    }

    private static BucketConfiguration tokens(long count) {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(count).refillGreedy(count, Duration.ofHours(1)))
                .build();
    }

    @Test
    void manyThreadsOfTwoProgramsTakeEachTokenOnce() throws Exception {
        String key = UUID.randomUUID().toString();
        AtomicInteger taken = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Bucket bucket = MemcachedProxyManager.builder(CLIENTS.get(i % 2))
                        .build()
                        .builder()
                        .build(key, () -> tokens(500));
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 100; n++) {
                                taken.addAndGet(bucket.tryConsume(1) ? 1 : 0);
                            }
                        },
                        threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        } finally {
            threads.shutdown();
        }
        assertEquals(500, taken.get());
    }

    @Test
    void keysOfAnyKindBecomeTextsBehindThePrefix() {
        MemcachedProxyManager<Long> buckets = MemcachedProxyManager.builder(CLIENTS.get(0), Mapper.LONG)
                .prefix("number:")
                .build();
        assertTrue(buckets.builder().build(17L, () -> tokens(1)).tryConsume(1));
        assertFalse(buckets.builder().build(17L, () -> tokens(1)).tryConsume(1));
        assertTrue(CLIENTS.get(0).delete("number:17").join());
    }

    @Test
    void aBucketThatIsEvictedIsFullAgain() {
        String key = UUID.randomUUID().toString();
        MemcachedProxyManager<String> buckets =
                MemcachedProxyManager.builder(CLIENTS.get(0)).build();
        Bucket bucket = buckets.builder().build(key, () -> tokens(1));
        assertTrue(bucket.tryConsume(1));
        assertFalse(bucket.tryConsume(1));
        CLIENTS.get(0).delete("bucket:" + key).join();
        assertTrue(bucket.tryConsume(1));
    }

    @Test
    void aBucketHasTheTimeThatTheStrategySays() {
        AsyncMemcachedClient client = CLIENTS.get(0);
        String key = UUID.randomUUID().toString();
        MemcachedProxyManager.builder(client)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.fixedTimeToLive(Duration.ofSeconds(500)))
                .build()
                .builder()
                .build(key, () -> tokens(10))
                .tryConsume(1);
        Item<byte[]> item = client.item("bucket:" + key, byte[].class).join();
        assertTrue(item != null && item.ttl() != null && item.ttl().toSeconds() > 490);

        MemcachedProxyManager.builder(client)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.fixedTimeToLive(Duration.ofDays(365 * 200)))
                .build()
                .builder()
                .build(key + "long", () -> tokens(10))
                .tryConsume(1);
        item = client.item("bucket:" + key + "long", byte[].class).join();
        assertTrue(item != null);
        assertNull(item.ttl());
    }

    @Test
    void aDeadServerFailsTheCallAndDoesNotLetItThroughOrHang() {
        MemcachedServer own = MemcachedServer.start();
        try (AsyncMemcachedClient client = AsyncMemcachedClient.builder(
                        own.address().toString())
                .writeFailures(WriteFailures.IGNORE)
                .requestTimeout(Duration.ofMillis(500))
                .build()) {
            MemcachedProxyManager<String> buckets =
                    MemcachedProxyManager.builder(client).build();
            Bucket bucket = buckets.builder().build("k", () -> tokens(10));
            assertTrue(bucket.tryConsume(1));
            own.kill();
            AsyncBucketProxy async =
                    buckets.asAsync().builder().build("k", () -> CompletableFuture.completedFuture(tokens(10)));
            for (int i = 0; i < 5; i++) {
                assertThrows(MemcachedException.class, () -> bucket.tryConsume(1));
                CompletionException failure = assertThrows(
                        CompletionException.class, () -> async.tryConsume(1).join());
                assertTrue(failure.getCause() instanceof MemcachedException);
            }
        } finally {
            own.close();
        }
    }

    @Test
    void aServerWithoutCasUniquesIsRefused() {
        MemcachedServer own = MemcachedServer.start("-C");
        try (AsyncMemcachedClient client =
                AsyncMemcachedClient.builder(own.address().toString()).build()) {
            Bucket bucket =
                    MemcachedProxyManager.builder(client).build().builder().build("k", () -> tokens(10));
            assertTrue(bucket.tryConsume(1));
            String message = assertThrows(IllegalStateException.class, () -> bucket.tryConsume(1))
                    .getMessage();
            assertTrue(String.valueOf(message).contains("-C"));
        } finally {
            own.close();
        }
    }
}
