package io.cachewire.admin;

/** How a server moves pages between slab classes by itself. */
public enum SlabAutomove {
    /** Not at all. */
    OFF,
    /** When a class has two pages worth of free chunks. */
    ON,
    /** With every eviction; for minutes, not for ever. */
    AGGRESSIVE
}
