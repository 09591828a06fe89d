package io.cachewire.admin;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One slab class of {@code stats items}. A part is null when the server did not tell it; {@code raw} has every line.
 *
 * @param number items in the class
 * @param age of the oldest item in the LRU
 * @param memRequested bytes of its items
 * @param evicted items removed before they expired
 * @param outOfMemory stores that found no room
 * @param reclaimed stores that reused the room of an expired item
 * @param raw all lines of the class, in the server's order, without their prefix
 */
public record SlabItems(
        @Nullable Long number,
        @Nullable Duration age,
        @Nullable Long memRequested,
        @Nullable Long evicted,
        @Nullable Long outOfMemory,
        @Nullable Long reclaimed,
        Map<String, String> raw) {}
