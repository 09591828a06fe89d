package io.cachewire.admin;

import io.cachewire.IllegalRequestException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Which items the LRU crawler is to look at. */
public final class SlabClasses {
    private static final int MAX_CLASS = 255;

    private final String word;

    private SlabClasses(String word) {
        this.word = word;
    }

    /** Those of every slab class. */
    public static SlabClasses all() {
        return new SlabClasses("all");
    }

    /** All items in the order of the hash table; for dumps only. */
    public static SlabClasses hash() {
        return new SlabClasses("hash");
    }

    /**
     * Those of some slab classes.
     *
     * @throws IllegalRequestException for none, or for a number that is not 1 to 255
     */
    public static SlabClasses of(int... classes) {
        if (classes.length == 0 || Arrays.stream(classes).anyMatch(number -> number < 1 || number > MAX_CLASS)) {
            throw new IllegalRequestException("slab classes are one or more numbers from 1 to " + MAX_CLASS);
        }
        return new SlabClasses(
                Arrays.stream(classes).distinct().mapToObj(Integer::toString).collect(Collectors.joining(",")));
    }

    /** As the protocol writes it. */
    @Override
    public String toString() {
        return word;
    }
}
