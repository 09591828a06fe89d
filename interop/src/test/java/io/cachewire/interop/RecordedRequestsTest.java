package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.Expiry;
import io.cachewire.IllegalKeyException;
import io.cachewire.IllegalRequestException;
import io.cachewire.Key;
import io.cachewire.KeyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Difficult keys and expiry times: we send what the other client sends, or refuse it. */
class RecordedRequestsTest {
    private static final long NOW = 1_800_000_000;

    private enum Outcome {
        SAME,
        REFUSED_BY_BOTH,
        REFUSED_BY_US,
        REFUSED_BY_THEM,
        /** Both store, under keys that differ. */
        OTHER_KEY
    }

    private static List<RecordedRow> rows(boolean exptime) {
        return RecordedRow.all("wire").stream()
                .filter(row -> row.has("given_exptime") == exptime)
                .toList();
    }

    private static String namespace(RecordedRow row) {
        JsonNode config = row.config();
        if (row.client().equals("dalli") && config.has("namespace")) {
            return config.get("namespace").asText() + ":";
        }
        for (String field : List.of("set_multi key_prefix", "key_prefix", "OPT_PREFIX_KEY", "namespace")) {
            if (config.has(field)) {
                return config.get(field).asText();
            }
        }
        return "";
    }

    private static InteropPreset preset(RecordedRow row) {
        if (row.config().has("allow_unicode_keys")) {
            return Interop.pymemcache().unicodeKeys();
        }
        InteropPreset preset = Clients.preset(row);
        boolean binary = row.config().has("OPT_BINARY_PROTOCOL");
        return binary && preset instanceof PhpMemcachedPreset php ? php.unicodeKeys() : preset;
    }

    @Test
    void keysAreSentAsTheySendThemOrRefused() {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        Set<String> rewritten = new HashSet<>();
        Set<String> refusedByThem = new HashSet<>();
        for (RecordedRow row : rows(false)) {
            String ours = ours(row);
            String theirs = row.has("wire_key") ? row.text("wire_key") : null;
            // A key that breaks the line makes commands of its own: never ours.
            assertFalse(row.has("wire_line") && ours != null, row::toString);
            Outcome outcome;
            if (ours != null && theirs != null) {
                outcome = ours.equals(theirs) ? Outcome.SAME : Outcome.OTHER_KEY;
            } else if (ours == null && theirs == null && !row.has("wire_line")) {
                outcome = Outcome.REFUSED_BY_BOTH;
            } else {
                outcome = ours == null ? Outcome.REFUSED_BY_US : Outcome.REFUSED_BY_THEM;
            }
            if (outcome == Outcome.OTHER_KEY) {
                rewritten.add(row.client());
            }
            if (outcome == Outcome.REFUSED_BY_THEM) {
                refusedByThem.add(row.client() + " " + row.text("case"));
            }
            counts.merge(outcome, 1, Integer::sum);
        }
        assertEquals(Set.of(), rewritten);
        // An empty key behind a namespace.
        assertEquals(Set.of("php-memcached empty", "python-memcached empty", "dalli empty"), refusedByThem);
        assertEquals(
                Map.of(
                        Outcome.SAME, 131,
                        Outcome.REFUSED_BY_BOTH, 116,
                        Outcome.REFUSED_BY_US, 107,
                        Outcome.REFUSED_BY_THEM, 3),
                counts);
    }

    private static String ours(RecordedRow row) {
        try {
            String namespace = namespace(row);
            InteropPreset preset = preset(row);
            Key sent = preset.keyRewriting().apply(Key.of(namespace + row.text("given_key")), namespace);
            return KeyRules.encode(sent, preset.keyEncoding()).toUtf8();
        } catch (IllegalKeyException refused) {
            return null;
        }
    }

    @Test
    void expiryMeansTheSameOrIsRefused() {
        int checked = 0;
        for (RecordedRow row : rows(true)) {
            double given = row.json().get("given_exptime").asDouble();
            if (given != Math.rint(given)) {
                continue;
            }
            checked++;
            long seconds = (long) given;
            String theirs = row.text("wire_exptime");
            if (seconds < 0) {
                assertThrows(IllegalRequestException.class, () -> Expiry.after(Duration.ofSeconds(seconds)));
            } else if (seconds == 0) {
                assertEquals("0", theirs, row::toString);
                assertEquals(0, Expiry.never().toExptime(NOW));
            } else if (seconds <= Expiry.MAX_RELATIVE_SECONDS) {
                assertEquals(seconds, Expiry.after(Duration.ofSeconds(seconds)).toExptime(NOW));
                boolean asDate = theirs.equals("now + " + seconds);
                assertEquals(asDate ? theirs : String.valueOf(seconds), theirs, row::toString);
            } else if (theirs.startsWith("now")) {
                assertEquals("now + " + seconds, theirs);
                // a ttl ends with the last second that memcached counts to, behind which it drops an item at once
                long last = Math.min(NOW + seconds, Integer.MAX_VALUE);
                assertEquals(last, Expiry.after(Duration.ofSeconds(seconds)).toExptime(NOW));
            } else if (theirs.equals(String.valueOf(seconds)) && seconds > Integer.MAX_VALUE) {
                // memcached drops an item of such a date at once
                assertThrows(IllegalRequestException.class, () -> Expiry.at(Instant.ofEpochSecond(seconds)));
            } else if (theirs.equals(String.valueOf(seconds))) {
                // The server reads it as a date, so that is what it is.
                assertEquals(seconds, Expiry.at(Instant.ofEpochSecond(seconds)).toExptime(NOW));
            }
        }
        assertEquals(159, checked);
    }
}
