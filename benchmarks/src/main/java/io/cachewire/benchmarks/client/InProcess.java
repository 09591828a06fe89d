package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Caller;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Round;
import io.cachewire.benchmarks.load.Workload;
import java.time.Duration;
import java.util.List;

/** A contestant whose callers run in this JVM. */
public abstract class InProcess implements Contestant {
    /** Nothing is shared between contestants. */
    protected InProcess() {}

    /** Starts the callers, which call until their round ends. */
    protected abstract void start(List<Caller> callers);

    @Override
    public boolean takes(Cell cell) {
        return cell.workload().form() == Workload.Form.BYTES;
    }

    @Override
    public final Figures run(Cell cell, Items items, Duration measured) throws InterruptedException {
        return new Round(cell, items).run(measured, this::start);
    }
}
