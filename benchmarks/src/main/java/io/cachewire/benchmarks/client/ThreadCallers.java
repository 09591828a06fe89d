package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Caller;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.WrongAnswerException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/** Callers that are threads, one each, on a blocking client. */
final class ThreadCallers extends InProcess {
    private final BlockingStore store;
    private final ThreadFactory threads;

    ThreadCallers(BlockingStore store, ThreadFactory threads) {
        this.store = store;
        this.threads = threads;
    }

    static ThreadFactory platformThreads() {
        return task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
        };
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** JDK 21 and later; this code is compiled for 17. */
    static ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (NoSuchMethodException | ClassNotFoundException | IllegalAccessException e) {
            throw new UnsupportedOperationException("virtual threads need JDK 21", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    protected void start(List<Caller> callers) {
        for (Caller caller : callers) {
            threads.newThread(() -> loop(caller)).start();
        }
    }

    private void loop(Caller caller) {
        try {
            while (caller.goesOn()) {
                call(caller);
            }
        } catch (Throwable e) {
            caller.failed(e);
        } finally {
            caller.finished();
        }
    }

    private void call(Caller caller) throws Exception {
        Items items = caller.items();
        int index = caller.next();
        long start = System.nanoTime();
        switch (caller.verb()) {
            case GET, SET, MIX -> {
                if (caller.nextIsWrite()) {
                    WrongAnswerException.requireStored(store.set(items.item(index)));
                } else {
                    items.check(index, store.get(items.key(index)));
                }
            }
            case GET_ALL -> items.checkFrom(index, store.getAll(items.keysFrom(index)));
            case SET_ALL -> WrongAnswerException.requireStored(store.setAll(items.batch(index)));
        }
        caller.answered(start);
    }

    @Override
    public void load(Items items) throws Exception {
        for (int i = 0; i < items.count(); i++) {
            WrongAnswerException.requireStored(store.set(items.item(i)));
        }
        for (int i = 0; i < items.count(); i++) {
            items.checkAll(i, store.get(items.key(i)));
        }
        Map<String, byte[]> many = store.getAll(items.keysFrom(0));
        items.checkFrom(0, many);
    }

    @Override
    public void close() {
        store.close();
    }
}
