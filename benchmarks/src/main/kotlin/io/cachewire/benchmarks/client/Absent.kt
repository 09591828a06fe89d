package io.cachewire.benchmarks.client

import io.cachewire.benchmarks.load.Cell
import io.cachewire.benchmarks.load.Figures
import io.cachewire.benchmarks.load.Items
import java.time.Duration

/** In the place of a contestant that this machine cannot have. */
internal object Absent : Contestant {
    override fun takes(cell: Cell): Boolean = false

    override fun load(items: Items): Unit = Unit

    override fun run(cell: Cell, items: Items, measured: Duration): Figures = error("takes no cell")

    override fun close(): Unit = Unit
}
