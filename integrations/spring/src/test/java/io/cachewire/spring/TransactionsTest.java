package io.cachewire.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.embedded.EmbeddedMemcached;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionsTest {
    private EmbeddedMemcached server;
    private BlockingMemcachedClient client;
    private MemcachedCache cache;
    private final TransactionTemplate transaction = new TransactionTemplate(new NoDatabase());

    @BeforeEach
    void start() {
        server = EmbeddedMemcached.start();
        client = BlockingMemcachedClient.builder(server.address()).build();
        cache = MemcachedCacheManager.builder(client).build().getCache("tx");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void writesWaitForTheCommit() {
        cache.put("evicted", "old");
        transaction.executeWithoutResult(status -> {
            cache.put("put", "new");
            cache.evict("evicted");
            assertNull(cache.get("put"));
            assertNotNull(cache.get("evicted"));
        });
        assertEquals("new", cache.get("put").get());
        assertNull(cache.get("evicted"));
        transaction.executeWithoutResult(status -> {
            cache.clear();
            assertNotNull(cache.get("put"));
        });
        assertNull(cache.get("put"));
    }

    @Test
    void nothingIsWrittenWhenItIsRolledBack() {
        cache.put("evicted", "old");
        transaction.executeWithoutResult(status -> {
            cache.put("put", "new");
            cache.evict("evicted");
            assertEquals("loaded", cache.get("loaded", () -> "loaded"));
            assertEquals(
                    "late",
                    cache.retrieve("late", () -> CompletableFuture.completedFuture("late"))
                            .join());
            status.setRollbackOnly();
        });
        assertNull(cache.get("put"));
        assertNotNull(cache.get("evicted"));
        assertNull(cache.get("loaded"));
        assertNull(cache.get("late"));
    }

    @Test
    void whatIsLoadedIsStoredAfterTheCommit() {
        CompletableFuture<String> slow = new CompletableFuture<>();
        transaction.executeWithoutResult(status -> {
            assertEquals("loaded", cache.get("loaded", () -> "loaded"));
            assertNull(cache.get("loaded"));
            assertEquals(
                    "late",
                    cache.retrieve("late", () -> CompletableFuture.completedFuture("late"))
                            .join());
            assertNull(cache.get("late"));
            cache.retrieve("slow", () -> slow);
            Cache.ValueRetrievalException failed = assertThrows(
                    Cache.ValueRetrievalException.class,
                    () -> cache.get("failed", () -> {
                        throw new java.io.IOException("expected");
                    }));
            assertEquals("expected", failed.getCause().getMessage());
        });
        assertEquals("loaded", cache.get("loaded").get());
        Awaitility.await().until(() -> cache.get("late") != null);
        assertNull(cache.get("slow"));
        slow.complete("slow");
        Awaitility.await().until(() -> cache.get("slow") != null);
    }

    @Test
    void putIfAbsentAndEvictIfPresentAreDoneAtOnce() {
        transaction.executeWithoutResult(status -> {
            assertNull(cache.putIfAbsent("now", "here"));
            assertEquals("here", cache.get("now").get());
            cache.evictIfPresent("now");
            assertNull(cache.get("now"));
        });
    }

    @Test
    void aReadOnlyTransactionLoadsAndStoresAtOnce() {
        transaction.setReadOnly(true);
        transaction.executeWithoutResult(status -> {
            assertEquals("loaded", cache.get("loaded", () -> "loaded"));
            assertNotNull(cache.get("loaded"));
        });
    }

    @Test
    void aServerThatIsGoneAtTheCommitDoesNotFailIt() {
        transaction.executeWithoutResult(status -> {
            cache.put("put", "new");
            cache.evict("put");
            cache.clear();
            server.close();
        });
    }

    @Test
    void withoutTransactionsNothingWaits() {
        Cache plain = MemcachedCacheManager.builder(client)
                .transactionAware(false)
                .build()
                .getCache("plain");
        transaction.executeWithoutResult(status -> {
            plain.put("put", "new");
            assertNotNull(plain.get("put"));
        });
    }

    /** Transactions without anything that is kept. */
    private static final class NoDatabase extends AbstractPlatformTransactionManager {
        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
