package io.cachewire.embedded;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counters of {@code stats detail}: per text before the first colon of a key, classic commands only, and for 10 000
 * prefixes at most.
 */
final class PrefixStatistics {
    private static final class Counts {
        long gets;
        long hits;
        long sets;
        long deletes;
    }

    private static final int MOST_PREFIXES = 10_000;

    private final Map<String, Counts> prefixes = new LinkedHashMap<>();
    private boolean on;

    void turnOn() {
        on = true;
    }

    void turnOff() {
        on = false;
    }

    boolean isOn() {
        return on;
    }

    void reset() {
        prefixes.clear();
    }

    void countGet(String key, @Nullable Item item) {
        Counts counts = of(key);
        if (counts != null) {
            counts.gets++;
            counts.hits += item == null ? 0 : 1;
        }
    }

    void countSet(String key) {
        Counts counts = of(key);
        if (counts != null) {
            counts.sets++;
        }
    }

    void countDelete(String key) {
        Counts counts = of(key);
        if (counts != null) {
            counts.deletes++;
        }
    }

    private @Nullable Counts of(String key) {
        int colon = key.indexOf(':');
        if (!on || colon < 0) {
            return null;
        }
        String prefix = key.substring(0, colon);
        Counts counts = prefixes.get(prefix);
        if (counts == null && prefixes.size() < MOST_PREFIXES) {
            counts = new Counts();
            prefixes.put(prefix, counts);
        }
        return counts;
    }

    String dump() {
        StringBuilder dump = new StringBuilder();
        prefixes.forEach((prefix, counts) -> dump.append(String.format(
                Locale.ROOT,
                "PREFIX %s get %d hit %d set %d del %d\r\n",
                prefix,
                counts.gets,
                counts.hits,
                counts.sets,
                counts.deletes)));
        return dump.append("END\r\n").toString();
    }
}
