package io.cachewire.embedded;

import java.util.Arrays;

/**
 * The size classes of memcached's memory with its default settings. The embedded server has no slabs; it answers class
 * numbers so that {@code me}, {@code stats items} and {@code stats slabs} look as they do at the real one.
 */
final class SlabClasses {
    static final int PAGE_BYTES = 1024 * 1024;

    private static final int SMALLEST_CHUNK = 96;
    private static final int LARGEST_CHUNK = PAGE_BYTES / 2;
    private static final double GROWTH = 1.25;
    private static final int ALIGNMENT = 8;
    private static final int[] CHUNKS = chunks();

    private SlabClasses() {}

    private static int[] chunks() {
        int[] chunks = new int[64];
        int count = 0;
        int size = SMALLEST_CHUNK;
        while (size < LARGEST_CHUNK / GROWTH) {
            size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            chunks[count++] = size;
            size = (int) (size * GROWTH);
        }
        chunks[count++] = LARGEST_CHUNK;
        return Arrays.copyOf(chunks, count);
    }

    /** The class of an item of that size; items above the largest chunk are in the last class. */
    static int classOf(long size) {
        int slabClass = 1;
        while (slabClass < CHUNKS.length && size > CHUNKS[slabClass - 1]) {
            slabClass++;
        }
        return slabClass;
    }

    static int count() {
        return CHUNKS.length;
    }

    static int chunkSize(int slabClass) {
        return CHUNKS[slabClass - 1];
    }
}
