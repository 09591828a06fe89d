package io.cachewire.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats slabs}. A part is null when the server did not tell it; {@code raw} has every line.
 *
 * @param classes the slab classes that are in use, by number
 * @param activeSlabs how many are in use
 * @param totalMalloced bytes of all pages
 * @param raw all lines, in the server's order
 */
public record SlabStats(
        Map<Integer, SlabClass> classes,
        @Nullable Long activeSlabs,
        @Nullable Long totalMalloced,
        Map<String, String> raw) {
    /**
     * One slab class.
     *
     * @param chunkSize bytes of a chunk
     * @param chunksPerPage chunks in a page
     * @param totalPages pages of the class
     * @param usedChunks chunks with an item
     * @param freeChunks chunks without
     * @param raw all lines of the class, in the server's order, without their prefix
     */
    public record SlabClass(
            @Nullable Long chunkSize,
            @Nullable Long chunksPerPage,
            @Nullable Long totalPages,
            @Nullable Long usedChunks,
            @Nullable Long freeChunks,
            Map<String, String> raw) {}
}
