package io.cachewire.serialization.jackson3;

/**
 * What a JSON document may have, on reading and on writing.
 *
 * @param maxDepth how deep arrays and objects may nest
 * @param maxNumberLength characters of a number
 * @param maxStringLength characters of a text or a name
 * @param maxBytes bytes of the document
 */
record JsonLimits(int maxDepth, int maxNumberLength, int maxStringLength, int maxBytes) {
    static final JsonLimits DEFAULT = new JsonLimits(64, 1000, 8 << 20, 8 << 20);

    /** Beyond it a thread's stack may not do. */
    private static final int MOST_DEPTH = 1000;

    JsonLimits {
        if (maxDepth < 1 || maxDepth > MOST_DEPTH) {
            throw new IllegalArgumentException("maxDepth must be 1 to " + MOST_DEPTH + ", not " + maxDepth);
        }
        requirePositive("maxNumberLength", maxNumberLength);
        requirePositive("maxStringLength", maxStringLength);
        requirePositive("maxBytes", maxBytes);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, not " + value);
        }
    }
}
