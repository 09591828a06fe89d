package io.cachewire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.loading.LoadingStats;
import io.cachewire.observe.Outcome;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of docs/observability.md are what the code registers. */
class MicrometerPageTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static String page() throws IOException {
        String all = Files.readString(Path.of("../../docs/observability.md"));
        int start = all.indexOf("## Micrometer");
        String section = all.substring(start, all.indexOf("\n## ", start + 1));
        return section.replaceAll("(?s)```.*?```", "");
    }

    private static List<String> code(String cell) {
        Matcher matcher = CODE.matcher(cell);
        return matcher.results().map(result -> result.group(1)).toList();
    }

    private static String[] row(String first) throws IOException {
        String line = page().lines()
                .filter(one -> one.startsWith("| `" + first + "` |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row for " + first));
        return line.substring(2).split(" *\\| *", -1);
    }

    @Test
    void eachMeterHasARow() throws IOException {
        for (MemcachedMeter meter : MemcachedMeter.values()) {
            String[] row = row(meter.getName());
            assertEquals(meter.getType().name().toLowerCase(Locale.ROOT), row[1]);
            assertEquals(
                    Arrays.stream(meter.getKeyNames()).map(KeyName::asString).toList(), code(row[2]));
        }
        long rows = page().lines()
                .filter(line -> line.startsWith("| `memcached.client."))
                .count();
        assertEquals(MemcachedMeter.values().length, rows);
    }

    @Test
    void eachTagHasARowWithItsValues() throws IOException {
        for (MemcachedMeter.Tag tag : MemcachedMeter.Tag.values()) {
            row(tag.asString());
        }
        assertEquals(
                Arrays.stream(Outcome.values()).map(Names::of).collect(Collectors.toSet()),
                Set.copyOf(code(row("outcome")[1])));
        assertTrue(code(row("server")[1]).containsAll(List.of(Names.SEVERAL, Names.UNKNOWN, Names.OTHER)));
        assertTrue(code(row("error")[1]).containsAll(List.of(Names.OTHER, Names.NONE)));
    }

    private static LoadingStats noStats() {
        throw new IllegalStateException("not asked when a meter is registered");
    }

    private static void holds(MeterBinder binder) throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        binder.bindTo(registry);
        Set<String> names = new TreeSet<>();
        Set<String> tags = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            names.add(meter.getId().getName());
            meter.getId().getTags().stream().map(Tag::getKey).forEach(tags::add);
        }
        String[] row = row(binder.getClass().getSimpleName());
        assertEquals(names, new TreeSet<>(code(row[1])));
        assertEquals(tags, new TreeSet<>(code(row[2])));
    }

    @Test
    void eachBinderHasARow() throws IOException {
        holds(new MemcachedCacheMetrics(new CacheCounts(), "c", Tags.empty()));
        holds(new LoadingCacheMetrics(MicrometerPageTest::noStats, "c", Tags.empty()));
        try (BlockingMemcachedClient client =
                BlockingMemcachedClient.builder("127.0.0.1:1").build()) {
            holds(new ServerStatsMetrics(client, Duration.ofSeconds(1), Tags.empty()));
        }
    }

    @Test
    void theKeysOfObservationsAreNamed() throws IOException {
        List<String> named = code(page());
        for (KeyName key : MemcachedObservation.OPERATION.getLowCardinalityKeyNames()) {
            assertTrue(named.contains(key.asString()), key::asString);
        }
        for (KeyName key : MemcachedObservation.OPERATION.getHighCardinalityKeyNames()) {
            assertTrue(named.contains(key.asString()), key::asString);
        }
    }
}
