package io.cachewire.samples.doctor;

import io.cachewire.Escaped;
import io.cachewire.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a server holds, by key prefix: the part of a key up to its first colon, slash or bar. Looks at a bounded sample of the
 * items. To list keys and read items is all it does to the server; the items count as used there.
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
     * @throws IOException when the server cannot be reached, or does not list its keys or speak the meta protocol
     */
    public static Diagnosis of(ServerAddress server, int sample) throws IOException {
        Map<String, Reading> presets = Reading.all();
        Map<String, PrefixReport> prefixes = new TreeMap<>();
        try (ServerReader reader = new ServerReader(server)) {
            ServerReader.Keys keys = reader.keys(sample);
            for (byte[] bytes : keys.sample()) {
                ServerReader.Found found = reader.read(bytes);
                if (found != null) {
                    String key = new String(bytes, StandardCharsets.UTF_8);
                    report(prefixes, prefix(key)).add(key, found, presets);
                }
            }
            return new Diagnosis(server, keys.all(), prefixes);
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
