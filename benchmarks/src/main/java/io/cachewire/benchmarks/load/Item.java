package io.cachewire.benchmarks.load;

import io.cachewire.DataBlock;

/**
 * What is stored.
 *
 * @param value not to be changed
 * @param block the same bytes, for clients that have a type of their own for bytes that will not change
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Item(String key, byte[] value, DataBlock block) {
    Item(String key, byte[] value) {
        this(key, value, DataBlock.wrap(value));
    }
}
