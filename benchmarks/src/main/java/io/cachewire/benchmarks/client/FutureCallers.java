package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Caller;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.WrongAnswerException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Callers that are chains of futures: the completion of one call makes the next, on whichever thread completes it. */
final class FutureCallers extends InProcess {
    private static final int PATIENCE_SECONDS = 5;

    private final FutureStore store;

    FutureCallers(FutureStore store) {
        this.store = store;
    }

    @Override
    protected void start(List<Caller> callers) {
        for (Caller caller : callers) {
            new Chain(store, caller).run();
        }
    }

    private static final class Chain implements BiConsumer<@Nullable Object, @Nullable Throwable> {
        private final FutureStore store;
        private final Caller caller;
        private final Items items;
        private int index;
        private boolean write;
        private long start;

        Chain(FutureStore store, Caller caller) {
            this.store = store;
            this.caller = caller;
            this.items = caller.items();
        }

        /** Calls until a future is not complete at once. */
        @SuppressWarnings("FutureReturnValueIgnored") // accept gets the failure too
        void run() {
            try {
                while (caller.goesOn()) {
                    CompletableFuture<? extends @Nullable Object> future = call();
                    if (!future.isDone()) {
                        future.whenComplete(this);
                        return;
                    }
                    check(future.join());
                }
            } catch (Throwable e) {
                caller.failed(e);
            }
            caller.finished();
        }

        @Override
        public void accept(@Nullable Object outcome, @Nullable Throwable failure) {
            try {
                if (failure != null) {
                    throw failure;
                }
                check(outcome);
            } catch (Throwable e) {
                caller.failed(e);
                caller.finished();
                return;
            }
            run();
        }

        private CompletableFuture<? extends @Nullable Object> call() {
            index = caller.next();
            start = System.nanoTime();
            return switch (caller.verb()) {
                case GET, SET, MIX -> {
                    write = caller.nextIsWrite();
                    yield write
                            ? store.set(items.item(index)).toCompletableFuture()
                            : store.get(items.key(index)).toCompletableFuture();
                }
                case GET_ALL -> store.getAll(items.keysFrom(index)).toCompletableFuture();
                case SET_ALL -> store.setAll(items.batch(index)).toCompletableFuture();
            };
        }

        private void check(@Nullable Object outcome) {
            switch (caller.verb()) {
                case GET, SET, MIX -> {
                    if (write) {
                        WrongAnswerException.requireStored(store.isStored(outcome));
                    } else {
                        items.check(index, (byte[]) outcome);
                    }
                }
                case GET_ALL -> items.checkFrom(index, store.asMap(items.keysFrom(index), outcome));
                case SET_ALL -> WrongAnswerException.requireStored(store.isStored(outcome));
            }
            caller.answered(start);
        }
    }

    @Override
    public void load(Items items) throws Exception {
        load(store, items);
    }

    static void load(FutureStore store, Items items) throws Exception {
        for (int i = 0; i < items.count(); i++) {
            Object outcome = store.set(items.item(i)).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            WrongAnswerException.requireStored(store.isStored(outcome));
        }
        for (int i = 0; i < items.count(); i++) {
            items.checkAll(i, store.get(items.key(i)).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
