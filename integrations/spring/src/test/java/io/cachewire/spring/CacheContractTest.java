package io.cachewire.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;

/** What Spring asks of a cache, under the names of its own tests where it has any; run against ours and against two of Spring's. */
abstract class CacheContractTest {
    static final String NAME = "contract";
    static final String NO_NULL = "contract-no-null";

    abstract Cache cache();

    abstract Cache cacheWithoutNull();

    final String key = UUID.randomUUID().toString();

    private Object value(Cache cache, Object of) {
        ValueWrapper found = cache.get(of);
        return found == null ? null : found.get();
    }

    @Test
    void cacheName() {
        assertEquals(NAME, cache().getName());
    }

    @Test
    void nativeCache() {
        assertNotNull(cache().getNativeCache());
        assertFalse(cache().getNativeCache() instanceof Cache);
    }

    @Test
    void cachePut() {
        Cache cache = cache();
        assertNull(cache.get(key));
        assertNull(cache.get(key, String.class));
        assertNull(cache.get(key, Object.class));
        cache.put(key, "george");
        assertEquals("george", value(cache, key));
        assertEquals("george", cache.get(key, String.class));
        assertEquals("george", cache.get(key, Object.class));
        assertEquals("george", cache.get(key, (Class<?>) null));
        assertThrows(IllegalStateException.class, () -> cache.get(key, Long.class));
        cache.put(key, null);
        assertNotNull(cache.get(key));
        assertNull(value(cache, key));
        assertNull(cache.get(key, String.class));
        assertNull(cache.get(key, Object.class));
    }

    @Test
    void cachePutIfAbsent() {
        Cache cache = cache();
        assertNull(cache.get(key));
        assertNull(cache.putIfAbsent(key, "first"));
        assertEquals("first", value(cache, key));
        assertEquals("first", cache.putIfAbsent(key, "second").get());
        assertEquals("first", value(cache, key));
    }

    @Test
    void cacheRemove() {
        Cache cache = cache();
        cache.put(key, "george");
        assertNotNull(cache.get(key));
        cache.evict(key);
        assertNull(cache.get(key));
        assertFalse(cache.evictIfPresent(key));
        cache.put(key, "george");
        assertTrue(cache.evictIfPresent(key));
        assertNull(cache.get(key));
    }

    @Test
    void cacheClear() {
        Cache cache = cache();
        cache.put("enescu", "george");
        cache.put("vlaicu", "aurel");
        cache.clear();
        assertNull(cache.get("vlaicu"));
        assertNull(cache.get("enescu"));
        cache.put("enescu", "george");
        cache.invalidate();
        assertNull(cache.get("enescu"));
        cache.put("enescu", "again");
        assertEquals("again", value(cache, "enescu"));
    }

    @Test
    void cacheGetCallable() {
        doTestCacheGetCallable("test");
    }

    @Test
    void cacheGetCallableWithNull() {
        doTestCacheGetCallable(null);
    }

    private void doTestCacheGetCallable(Object loaded) {
        Cache cache = cache();
        assertNull(cache.get(key));
        assertEquals(loaded, cache.get(key, () -> loaded));
        assertNotNull(cache.get(key));
        assertEquals(loaded, value(cache, key));
    }

    @Test
    void cacheGetCallableNotInvokedWithHit() {
        doTestCacheGetCallableNotInvokedWithHit("existing");
    }

    @Test
    void cacheGetCallableNotInvokedWithHitNull() {
        doTestCacheGetCallableNotInvokedWithHit(null);
    }

    private void doTestCacheGetCallableNotInvokedWithHit(Object existing) {
        Cache cache = cache();
        cache.put(key, existing);
        assertEquals(existing, cache.get(key, () -> fail("there was a value")));
    }

    @Test
    void cacheGetCallableFail() {
        Cache cache = cache();
        UnsupportedOperationException thrown = new UnsupportedOperationException("expected");
        Callable<Object> loader = () -> {
            throw thrown;
        };
        ValueRetrievalException failed = assertThrows(ValueRetrievalException.class, () -> cache.get(key, loader));
        assertSame(thrown, failed.getCause());
        assertEquals(key, failed.getKey());
        assertNull(cache.get(key));
        assertEquals("later", cache.get(key, () -> "later"));
    }

    @Test
    void cacheGetSynchronized() throws InterruptedException {
        Cache cache = cache();
        AtomicInteger counter = new AtomicInteger();
        List<Object> results = new CopyOnWriteArrayList<>();
        CountDownLatch latch = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            new Thread(() -> {
                        try {
                            results.add(cache.get(key, counter::incrementAndGet));
                        } finally {
                            latch.countDown();
                        }
                    })
                    .start();
        }
        assertTrue(latch.await(20, TimeUnit.SECONDS));
        assertEquals(10, results.size());
        results.forEach(result -> assertEquals(1, result));
    }

    @Test
    void cachePutNullValueAllowNullFalse() {
        Cache cache = cacheWithoutNull();
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> cache.put(key, null));
        assertTrue(refused.getMessage().contains(NO_NULL), refused.getMessage());
        assertTrue(refused.getMessage().contains("is configured to not allow null values but null was provided"));
        ValueRetrievalException failed = assertThrows(ValueRetrievalException.class, () -> cache.get(key, () -> null));
        assertInstanceOf(IllegalArgumentException.class, failed.getCause());
        assertNull(cache.get(key));
    }

    // ---- retrieve, of which Spring's tests see Caffeine only ----

    private static Object joined(CompletableFuture<?> future) {
        Object result = future == null ? null : future.join();
        return result instanceof ValueWrapper wrapper ? wrapper.get() : result;
    }

    @Test
    void retrieveMissIsKnownAtOnceOrLate() {
        CompletableFuture<?> found = cache().retrieve(key);
        assertTrue(found == null || found.join() == null);
    }

    @Test
    void retrieveHit() {
        Cache cache = cache();
        cache.put(key, "george");
        assertEquals("george", joined(cache.retrieve(key)));
        cacheWithoutNull().put(key, "george");
        assertEquals("george", cacheWithoutNull().retrieve(key).join());
    }

    @Test
    void retrieveHitNullIsAWrapper() {
        Cache cache = cache();
        cache.put(key, null);
        Object found = cache.retrieve(key).join();
        assertInstanceOf(ValueWrapper.class, found);
        assertNull(((ValueWrapper) found).get());
    }

    @Test
    void retrieveLoads() {
        Cache cache = cache();
        assertEquals(
                "made",
                cache.retrieve(key, () -> CompletableFuture.supplyAsync(() -> "made"))
                        .join());
        assertEquals(
                "made",
                cache.retrieve(key, () -> CompletableFuture.completedFuture("again"))
                        .join());
        assertEquals("made", value(cache, key));
    }

    @Test
    void retrieveLoadsNull() {
        Cache cache = cache();
        assertNull(cache.retrieve(key, () -> CompletableFuture.completedFuture(null))
                .join());
        assertNotNull(cache.get(key));
        assertNull(cache.retrieve(key, () -> CompletableFuture.completedFuture("again"))
                .join());
    }

    /** Caffeine's cache gives null and stores nothing, the map's fails. */
    @Test
    void retrieveStoresNoNullWhereThereIsNone() {
        CompletableFuture<Object> found =
                cacheWithoutNull().retrieve(key, () -> CompletableFuture.completedFuture(null));
        try {
            assertNull(found.join());
        } catch (CompletionException e) {
            assertInstanceOf(IllegalArgumentException.class, e.getCause());
        }
        assertNull(cacheWithoutNull().get(key));
    }

    @Test
    void retrievePassesTheFailureOfTheLoader() {
        Cache cache = cache();
        IllegalStateException thrown = new IllegalStateException("expected");
        CompletableFuture<Object> found = cache.retrieve(key, () -> CompletableFuture.failedFuture(thrown));
        CompletionException failed = assertThrows(CompletionException.class, found::join);
        assertSame(thrown, failed.getCause());
        assertEquals(
                "later",
                cache.retrieve(key, () -> CompletableFuture.completedFuture("later"))
                        .join());
    }

    @Test
    void retrieveOfTwoCallersLoadsOnce() {
        Cache cache = cache();
        AtomicInteger loads = new AtomicInteger();
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> first = cache.retrieve(key, () -> {
            loads.incrementAndGet();
            return source;
        });
        CompletableFuture<String> second = cache.retrieve(key, () -> {
            loads.incrementAndGet();
            return source;
        });
        source.complete("made");
        assertEquals("made", first.join());
        assertEquals("made", second.join());
        assertEquals(1, loads.get());
    }

    @Test
    void cancellingOneOfTwoLeavesTheOtherAlone() {
        if (!cancelsAlone()) {
            return;
        }
        Cache cache = cache();
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> first = cache.retrieve(key, () -> source);
        CompletableFuture<String> second = cache.retrieve(key, () -> source);
        second.cancel(true);
        assertFalse(first.isDone());
        source.complete("made");
        assertEquals("made", first.join());
        assertTrue(second.isCancelled());
    }

    abstract boolean cancelsAlone();
}
