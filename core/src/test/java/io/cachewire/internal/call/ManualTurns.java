package io.cachewire.internal.call;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongPredicate;

/** Turns of an I/O thread that is whoever takes one, and of a clock that stands still; they tell what is done with writes. */
public final class ManualTurns implements Turns {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> atEnd = new ArrayDeque<>();
    private final Queue<Runnable> onIoThread = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> soon = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
    private final List<LongPredicate> onSweep = new ArrayList<>();
    private final ThreadLocal<Held> held = new ThreadLocal<>();
    private Thread ioThread;
    private long now;
    private int armed;
    private boolean closed;
    private Runnable onWrite = () -> {};

    /** What was done with the writes of threads that keep some back. */
    public List<String> told() {
        return told;
    }

    /** Takes a turn: this thread is the I/O thread meanwhile. */
    public void take(Runnable replies) {
        ioThread = Thread.currentThread();
        replies.run();
        run(onIoThread);
        run(atEnd);
        ioThread = null;
    }

    /** Runs what was to be run soon; how much that was. */
    public int sweep() {
        List<Runnable> due = new ArrayList<>(soon);
        soon.clear();
        due.forEach(Runnable::run);
        onSweep.forEach(step -> step.test(now));
        return due.size();
    }

    /** Runs what is to run on a thread that may run user code; how much that was. */
    public int runElsewhere() {
        List<Runnable> due = new ArrayList<>(elsewhere);
        elsewhere.clear();
        due.forEach(Runnable::run);
        return due.size();
    }

    /** How often the sweep was asked for since the last look. */
    public int takeArmed() {
        int count = armed;
        armed = 0;
        return count;
    }

    public void advance(long nanos) {
        now += nanos;
    }

    public void close() {
        closed = true;
    }

    /** Has something done whenever what is kept back is written. */
    public void onWrite(Runnable step) {
        onWrite = step;
    }

    private static void run(Queue<Runnable> steps) {
        Runnable step;
        while ((step = steps.poll()) != null) {
            step.run();
        }
    }

    @Override
    public boolean isIoThread() {
        return Thread.currentThread() == ioThread;
    }

    @Override
    public boolean isOwnThread() {
        return isIoThread();
    }

    @Override
    public boolean isClientThread() {
        return isIoThread();
    }

    @Override
    public void elsewhere(Runnable step) {
        elsewhere.add(step);
    }

    @Override
    public void caught(Throwable thrown) {
        told.add("caught " + thrown.getMessage());
    }

    @Override
    public Throwable explained(Throwable thrown) {
        return thrown;
    }

    @Override
    public void onSweep(LongPredicate step) {
        onSweep.add(step);
    }

    @Override
    public void arm() {
        armed++;
    }

    @Override
    public void atEndOfTurn(Runnable step) {
        atEnd.add(step);
    }

    @Override
    public void onIoThread(Runnable step) {
        onIoThread.add(step);
    }

    @Override
    public boolean soon(Runnable step) {
        return !closed && soon.add(step);
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Held heldWrites() {
        return held.get();
    }

    @Override
    public Held holdWrites(Object owner) {
        Held keeping = new Held() {
            @Override
            public Object owner() {
                return owner;
            }

            @Override
            public void hold(boolean holds) {
                told.add("hold " + holds);
            }

            @Override
            public void write() {
                told.add("write");
                onWrite.run();
            }

            @Override
            public void close() {
                told.add("close");
                held.remove();
            }
        };
        held.set(keeping);
        return keeping;
    }
}
