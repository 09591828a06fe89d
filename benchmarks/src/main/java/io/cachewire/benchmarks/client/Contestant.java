package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import java.time.Duration;

/** A client in one style of calling, connected. */
public interface Contestant extends AutoCloseable {
    /** Whether it can do this at all, and whether the figure would mean something. */
    boolean takes(Cell cell);

    /** Stores all items, reads them back and compares every byte. */
    void load(Items items) throws Exception;

    /** One round in one cell. */
    Figures run(Cell cell, Items items, Duration measured) throws Exception;

    @Override
    void close();
}
