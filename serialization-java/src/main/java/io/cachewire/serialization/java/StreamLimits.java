package io.cachewire.serialization.java;

import io.cachewire.IllegalRequestException;

/** How much one stream may ask for. */
record StreamLimits(int maxDepth, int maxReferences, int maxArrayLength, int maxBytes) {
    static final StreamLimits DEFAULT = new StreamLimits(20, 250_000, 1 << 20, 8 << 20);

    StreamLimits {
        requirePositive("maxDepth", maxDepth);
        requirePositive("maxReferences", maxReferences);
        requirePositive("maxArrayLength", maxArrayLength);
        requirePositive("maxBytes", maxBytes);
    }

    private static void requirePositive(String name, int limit) {
        if (limit < 1) {
            throw new IllegalRequestException(name + " must be 1 or more, not " + limit);
        }
    }
}
