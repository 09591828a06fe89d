package io.cachewire.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncFace;
import io.cachewire.ClientClosedException;
import io.cachewire.CommandRefusedException;
import io.cachewire.Protocol;
import io.cachewire.ServerCapability;
import io.cachewire.UnsupportedByServerException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The streams of the async face's server commands. */
@ParameterizedClass
@EnumSource(
        value = Protocol.class,
        names = {"META", "TEXT"})
class AsyncAdminClientStreamsTest extends AsyncFace {
    /** Most of these commands are lines, which a connection of the binary protocol cannot carry. */
    protected static List<Protocol> dialects() {
        return List.of(Protocol.META, Protocol.TEXT);
    }

    /** Takes what it asked for, and says how it ended. */
    private static final class Taker<T> implements Flow.Subscriber<T> {
        final List<T> taken = new CopyOnWriteArrayList<>();
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();

        static <T> Taker<T> of(Flow.Publisher<T> publisher) {
            Taker<T> taker = new Taker<>();
            publisher.subscribe(taker);
            return taker;
        }

        void request(long count) {
            await(subscription).request(count);
        }

        void awaitTaken(int count) {
            Awaitility.await().until(() -> taken.size() >= count);
        }

        @Override
        public void onSubscribe(Flow.Subscription with) {
            subscription.complete(with);
        }

        @Override
        public void onNext(T item) {
            taken.add(item);
        }

        @Override
        public void onError(Throwable e) {
            ended.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }

    private long watchers() {
        return await(cache.admin().statsConnections()).get(server.address()).values().stream()
                .filter(socket -> "conn_watch".equals(socket.state()))
                .count();
    }

    @Test
    void metadump() {
        Map<String, String> values =
                IntStream.range(0, 500).boxed().collect(Collectors.toMap(n -> "key" + n, n -> "v"));
        await(cache.setAll(values));
        Taker<DumpedItem> taker = Taker.of(cache.admin().metadump(server.address()));
        taker.request(3);
        taker.awaitTaken(3);
        taker.request(1);
        taker.awaitTaken(4);
        assertEquals(4, taker.taken.size());
        taker.request(Long.MAX_VALUE);
        await(taker.ended);
        assertEquals(values.keySet(), taker.taken.stream().map(DumpedItem::key).collect(Collectors.toSet()));

        Taker<DumpedItem> refused = Taker.of(cache.admin().metadump(server.address(), SlabClasses.of(250)));
        refused.request(1);
        assertThrows(CommandRefusedException.class, () -> await(refused.ended));
        Taker<DumpedItem> wrong = Taker.of(cache.admin().metadump(server.address()));
        wrong.request(0);
        assertThrows(IllegalArgumentException.class, () -> await(wrong.ended));
    }

    @Test
    void mgdump() {
        Taker<DumpedItem> taker = Taker.of(cache.admin().mgdump(server.address()));
        taker.request(1);
        UnsupportedByServerException e = assertThrows(UnsupportedByServerException.class, () -> await(taker.ended));
        assertEquals(ServerCapability.MGDUMP, e.capability());
    }

    @Test
    void watch() throws InterruptedException {
        Taker<WatchEvent> taker = Taker.of(cache.admin().watch(server.address(), Set.of(WatchLog.MUTATIONS)));
        assertEquals(0, watchers());
        taker.request(1);
        Awaitility.await().until(() -> watchers() == 1);
        await(cache.set("one", "v"));
        await(cache.set("two", "v"));
        taker.awaitTaken(1);
        taker.request(1);
        taker.awaitTaken(2);
        WatchEvent.Logged event = assertInstanceOf(WatchEvent.Logged.class, taker.taken.get(1));
        assertEquals("two", event.key());
        await(taker.subscription).cancel();
        Awaitility.await().until(() -> watchers() == 0);
        assertTrue(!taker.ended.isDone());
        CountDownLatch closed = new CountDownLatch(1);
        Taker<WatchEvent> last = Taker.of(cache.admin().watch(server.address(), Set.of(WatchLog.EVICTIONS)));
        last.ended.whenComplete((nothing, failure) -> closed.countDown());
        last.request(1);
        Awaitility.await().until(() -> watchers() == 1);
        cache.close();
        assertTrue(closed.await(20, TimeUnit.SECONDS));
        assertThrows(ClientClosedException.class, () -> await(last.ended));
    }
}
