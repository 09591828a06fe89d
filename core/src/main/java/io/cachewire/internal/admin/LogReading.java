package io.cachewire.internal.admin;

import io.cachewire.DataBlock;
import io.cachewire.admin.DumpedItem;
import io.cachewire.admin.ItemDebug;
import io.cachewire.admin.WatchEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the lines of dumps, watchers and {@code me} to records: parts in the form {@code name=value} with keys percent-encoded. What is
 * missing or new in a line fails nothing.
 */
final class LogReading {
    private static final String SKIPPED = "skipped=";
    private static final String MGDUMP = "mg ";
    private static final long LAST_SECOND = 0xffff_ffffL;

    private LogReading() {}

    /** A line of a dump, or null when it is none. */
    static @Nullable DumpedItem dumped(String line) {
        if (line.startsWith(MGDUMP)) {
            return dumpedKey(line);
        }
        Map<String, String> fields = fields(line);
        String key = fields.get("key");
        if (key == null) {
            return null;
        }
        DataBlock bytes = decoded(key);
        return new DumpedItem(
                bytes.toUtf8(),
                bytes,
                instant(fields.get("exp")),
                instant(fields.get("la")),
                cas(fields.get("cas")),
                truth(fields.get("fetch")),
                small(fields.get("cls")),
                StatsReading.number(fields.get("size")),
                line);
    }

    /** {@code mg <key> [b]}. */
    private static @Nullable DumpedItem dumpedKey(String line) {
        String[] words = line.substring(MGDUMP.length()).split(" ");
        DataBlock bytes;
        if (words.length > 1 && words[1].equals("b")) {
            try {
                bytes = DataBlock.wrap(Base64.getDecoder().decode(words[0]));
            } catch (IllegalArgumentException e) {
                return null;
            }
        } else {
            bytes = DataBlock.ofUtf8(words[0]);
        }
        return new DumpedItem(bytes.toUtf8(), bytes, null, null, null, null, null, null, line);
    }

    static WatchEvent watched(String line) {
        if (line.startsWith(SKIPPED)) {
            Long count = StatsReading.number(line.substring(SKIPPED.length()));
            return count == null ? new WatchEvent.Unknown(line) : new WatchEvent.Skipped(count, line);
        }
        Map<String, String> fields = fields(line);
        String type = fields.get("type");
        if (type == null) {
            return new WatchEvent.Unknown(line);
        }
        String key = fields.get("key");
        return new WatchEvent.Logged(
                type,
                time(fields.get("ts")),
                StatsReading.number(fields.get("gid")),
                key == null ? null : decoded(key).toUtf8(),
                fields,
                line);
    }

    /** Behind {@code ME <key> }; the remaining time has a minus sign when there is an end. */
    static ItemDebug debugged(String line) {
        Map<String, String> fields = fields(line);
        String exp = fields.get("exp");
        Long left = exp == null || !exp.startsWith("-") ? null : StatsReading.number(exp.substring(1));
        return new ItemDebug(
                left == null || left == 1 ? null : Duration.ofSeconds(left),
                duration(fields.get("la")),
                cas(fields.get("cas")),
                truth(fields.get("fetch")),
                small(fields.get("cls")),
                StatsReading.number(fields.get("size")),
                line);
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : line.split(" ")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                fields.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return Collections.unmodifiableMap(fields);
    }

    /** Percent-encoding; a percent sign that no two hexadecimal digits follow stands for itself. */
    static DataBlock decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return DataBlock.wrap(out.toByteArray());
    }

    private static @Nullable Instant instant(@Nullable String seconds) {
        Long number = StatsReading.number(seconds);
        return number == null || number > LAST_SECOND ? null : Instant.ofEpochSecond(number);
    }

    /** {@code <seconds>.<microseconds>}, the latter without leading zeros. */
    private static @Nullable Instant time(@Nullable String text) {
        int dot = text == null ? -1 : text.indexOf('.');
        if (text == null || dot < 0) {
            return instant(text);
        }
        Instant seconds = instant(text.substring(0, dot));
        Long micros = StatsReading.number(text.substring(dot + 1));
        return seconds == null || micros == null || micros > 999_999 ? seconds : seconds.plusNanos(micros * 1000);
    }

    private static @Nullable Duration duration(@Nullable String seconds) {
        Long number = StatsReading.number(seconds);
        return number == null ? null : Duration.ofSeconds(number);
    }

    private static @Nullable Long cas(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Boolean truth(@Nullable String word) {
        return word == null ? null : word.equals("yes") || word.equals("1");
    }

    private static @Nullable Integer small(@Nullable String text) {
        Long number = StatsReading.number(text);
        return number == null || number > Integer.MAX_VALUE ? null : Integer.valueOf(number.intValue());
    }
}
