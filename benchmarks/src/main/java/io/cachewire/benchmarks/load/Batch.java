package io.cachewire.benchmarks.load;

import io.cachewire.DataBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The items of one multi-key call, in order: their keys, their values, and these as blocks. */
public record Batch(List<String> keys, Map<String, byte[]> values, Map<String, DataBlock> blocks) {
    static Batch of(List<Item> items) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        Map<String, DataBlock> blocks = new LinkedHashMap<>();
        for (Item item : items) {
            values.put(item.key(), item.value());
            blocks.put(item.key(), item.block());
        }
        return new Batch(List.copyOf(values.keySet()), values, blocks);
    }
}
