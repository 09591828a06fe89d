package io.cachewire.samples.doctor;

import io.cachewire.DataBlock;
import io.cachewire.Item;
import io.cachewire.serde.EncodedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was found under one prefix. */
final class PrefixReport {
    private final Map<String, Integer> finds = new TreeMap<>();
    private final Map<String, Integer> readers = new LinkedHashMap<>();
    private int items;
    private int unreadable;

    void add(String key, Item<DataBlock> item, Map<String, Reading> presets) {
        items++;
        StoredForm form = StoredForm.of(item.value());
        finds.merge("0x" + Integer.toHexString(item.flags()) + " " + form.title(), 1, Integer::sum);
        boolean anyone = false;
        for (Map.Entry<String, Reading> preset : presets.entrySet()) {
            if (preset.getValue().reads(key, new EncodedValue(item.value(), item.flags()), form)) {
                readers.merge(preset.getKey(), 1, Integer::sum);
                anyone = true;
            }
        }
        unreadable += anyone ? 0 : 1;
    }

    /** Items looked at. */
    int items() {
        return items;
    }

    /** Flags and form of the bytes, with the number of items. */
    Map<String, Integer> finds() {
        return finds;
    }

    /** Items that no preset reads. */
    int unreadable() {
        return unreadable;
    }

    /** The presets that read the most items, all of them unless {@link #unreadable} or a mixture. */
    List<String> bestReaders() {
        int most = readers.values().stream().mapToInt(i -> i).max().orElse(0);
        return readers.entrySet().stream()
                .filter(reader -> reader.getValue() == most)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** How many items {@link #bestReaders} read. */
    int bestCount() {
        return readers.values().stream().mapToInt(i -> i).max().orElse(0);
    }
}
