package io.cachewire.internal.admin;

import io.cachewire.admin.ConnectionStats;
import io.cachewire.admin.ServerStats;
import io.cachewire.admin.SettingsStats;
import io.cachewire.admin.SizeStats;
import io.cachewire.admin.SlabItems;
import io.cachewire.admin.SlabStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the lines of {@code stats} to records (protocol.txt, "Statistics"). A line that is missing, new or no number fails nothing: the
 * format "is subject to change for the convenience of memcache developers".
 */
final class StatsReading {
    private StatsReading() {}

    static ServerStats general(Map<String, String> raw) {
        Long time = number(raw, "time");
        return new ServerStats(
                number(raw, "pid"),
                seconds(raw, "uptime"),
                time == null || time > 0xffff_ffffL ? null : Instant.ofEpochSecond(time),
                raw.get("version"),
                number(raw, "curr_items"),
                number(raw, "total_items"),
                number(raw, "bytes"),
                number(raw, "limit_maxbytes"),
                number(raw, "curr_connections"),
                number(raw, "cmd_get"),
                number(raw, "cmd_set"),
                number(raw, "get_hits"),
                number(raw, "get_misses"),
                number(raw, "evictions"),
                raw);
    }

    static SettingsStats settings(Map<String, String> raw) {
        return new SettingsStats(
                number(raw, "maxbytes"),
                number(raw, "maxconns"),
                number(raw, "tcpport"),
                number(raw, "udpport"),
                number(raw, "verbosity"),
                truth(raw, "evictions"),
                truth(raw, "cas_enabled"),
                number(raw, "num_threads"),
                number(raw, "item_size_max"),
                truth(raw, "lru_crawler"),
                number(raw, "slab_automove"),
                truth(raw, "flush_enabled"),
                truth(raw, "dump_enabled"),
                raw);
    }

    /** {@code items:<class>:<name>}. */
    static Map<Integer, SlabItems> items(Map<String, String> raw) {
        return grouped(
                raw,
                "items:",
                lines -> new SlabItems(
                        number(lines, "number"),
                        seconds(lines, "age"),
                        number(lines, "mem_requested"),
                        number(lines, "evicted"),
                        number(lines, "outofmemory"),
                        number(lines, "reclaimed"),
                        lines));
    }

    /** {@code <class>:<name>}, and some totals. */
    static SlabStats slabs(Map<String, String> raw) {
        Map<Integer, SlabStats.SlabClass> classes = grouped(
                raw,
                "",
                lines -> new SlabStats.SlabClass(
                        number(lines, "chunk_size"),
                        number(lines, "chunks_per_page"),
                        number(lines, "total_pages"),
                        number(lines, "used_chunks"),
                        number(lines, "free_chunks"),
                        lines));
        return new SlabStats(classes, number(raw, "active_slabs"), number(raw, "total_malloced"), raw);
    }

    static SizeStats sizes(Map<String, String> raw) {
        Map<Integer, Long> counts = new TreeMap<>();
        raw.forEach((name, value) -> {
            Long size = number(name);
            Long count = number(value);
            if (size != null && size <= Integer.MAX_VALUE && count != null) {
                counts.put(size.intValue(), count);
            }
        });
        boolean enabled = !"disabled".equals(raw.get("sizes_status"));
        return new SizeStats(enabled, Collections.unmodifiableMap(counts), raw);
    }

    /** {@code <file descriptor>:<name>}. */
    static Map<Integer, ConnectionStats> connections(Map<String, String> raw) {
        return grouped(
                raw,
                "",
                lines -> new ConnectionStats(
                        lines.get("addr"),
                        lines.get("listen_addr"),
                        lines.get("state"),
                        seconds(lines, "secs_since_last_cmd"),
                        lines));
    }

    private static <T> Map<Integer, T> grouped(
            Map<String, String> raw, String prefix, Function<Map<String, String>, T> shape) {
        Map<Integer, Map<String, String>> groups = new LinkedHashMap<>();
        raw.forEach((name, value) -> {
            int colon = name.indexOf(':', prefix.length());
            Long group = name.startsWith(prefix) && colon > 0 ? number(name.substring(prefix.length(), colon)) : null;
            if (group != null && group <= Integer.MAX_VALUE) {
                groups.computeIfAbsent(group.intValue(), key -> new LinkedHashMap<>())
                        .put(name.substring(colon + 1), value);
            }
        });
        Map<Integer, T> shaped = new LinkedHashMap<>();
        groups.forEach((group, lines) -> shaped.put(group, shape.apply(Collections.unmodifiableMap(lines))));
        return Collections.unmodifiableMap(shaped);
    }

    private static @Nullable Long number(Map<String, String> raw, String name) {
        return number(raw.get(name));
    }

    /** A number of the server's, never negative, or null. */
    static @Nullable Long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 19) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException beyondALong) {
            return null;
        }
    }

    private static @Nullable Duration seconds(Map<String, String> raw, String name) {
        Long seconds = number(raw, name);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    /** memcached says yes and no, on and off. */
    private static @Nullable Boolean truth(Map<String, String> raw, String name) {
        String word = raw.get(name);
        if ("yes".equals(word) || "on".equals(word) || "1".equals(word)) {
            return true;
        }
        return "no".equals(word) || "off".equals(word) || "0".equals(word) ? false : null;
    }
}
