package io.cachewire.samples.doctor;

import io.cachewire.DataBlock;
import io.cachewire.Escaped;
import io.cachewire.Item;
import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.admin.DumpedItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a server holds, by key prefix: the part of a key up to its first colon, slash or bar. Looks at a bounded sample of the
 * items. To list keys and read items is all it does to the server.
 */
public final class Diagnosis {
    private static final int MOST_PREFIXES = 100;
    private static final String OTHERS = "(others)";

    private final ServerAddress server;
    private final long keys;
    private final Map<String, PrefixReport> prefixes;

    private Diagnosis(ServerAddress server, long keys, Map<String, PrefixReport> prefixes) {
        this.server = server;
        this.keys = keys;
        this.prefixes = prefixes;
    }

    /**
     * Examines a server.
     *
     * @param sample how many items to read at most
     * @throws MemcachedException when the server cannot be reached, or does not list its keys or speak the meta protocol
     */
    public static Diagnosis of(ServerAddress server, int sample) {
        Map<String, Reading> presets = Reading.all();
        Map<String, PrefixReport> prefixes = new TreeMap<>();
        try (ServerReader reader = new ServerReader(server)) {
            ServerReader.Listing listing = reader.list(sample);
            for (DumpedItem listed : listing.sample()) {
                Item<DataBlock> item = reader.read(listed);
                if (item != null) {
                    report(prefixes, prefix(listed.key())).add(listed.key(), item, presets);
                }
            }
            return new Diagnosis(server, listing.all(), prefixes);
        }
    }

    private static PrefixReport report(Map<String, PrefixReport> prefixes, String prefix) {
        String name = prefixes.containsKey(prefix) || prefixes.size() < MOST_PREFIXES ? prefix : OTHERS;
        return prefixes.computeIfAbsent(name, p -> new PrefixReport());
    }

    private static String prefix(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (":/|".indexOf(key.charAt(i)) >= 0) {
                return Escaped.text(key.substring(0, i + 1));
            }
        }
        return "(none)";
    }

    /** The report as lines of text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(server + ": " + keys + " keys, " + looked() + " looked at");
        prefixes.forEach((prefix, report) -> {
            lines.add("");
            lines.add(prefix + "  " + report.items() + " items");
            report.finds().forEach((find, count) -> lines.add(String.format("  %6d  flags %s", count, find)));
            if (report.bestCount() > 0) {
                lines.add("  read by " + String.join(", ", report.bestReaders()) + ": " + report.bestCount() + " of "
                        + report.items());
            }
            if (report.unreadable() > 0) {
                lines.add("  read by no preset: " + report.unreadable());
            }
        });
        return lines;
    }

    private int looked() {
        return prefixes.values().stream().collect(Collectors.summingInt(PrefixReport::items));
    }
}
