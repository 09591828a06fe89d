package io.cachewire.interop.quality;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.interop.GeneratedPart;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bounds on every placement rule, and the table of their figures in docs/routing.md with its plots. */
class KeyQualityTest {
    /** The least that must move on average when one of ten servers goes, and when an eleventh comes. */
    private static final double SHARE_OF_TEN = 0.1;

    private static final double SHARE_OF_ELEVEN = 1 / 11.0;

    private static final Map<String, KeyQuality> FIGURES = new LinkedHashMap<>();

    /** What kind of rule it is, which says how many keys move. */
    private enum Family {
        /** Points on a circle, or the highest score: only the keys of the server that goes or comes move. */
        RING(0.13, 0.005, 0.02),
        /** Enyim's swapped ends and its seed bugs: a ring, but a very uneven one. */
        UNEVEN_RING(0.40, 0.005, 0.05),
        /** A number modulo the servers: nearly all keys move. */
        MODULO(0.03, 0.85, 1.0),
        /** Bits of a hash that is not made for it, modulo the servers. */
        UNEVEN_MODULO(0.25, 0.85, 1.0),
        /** Ch3: few move when the last comes or goes, many when one in the middle does. */
        CH3(0.03, 0.4, 0.7);

        private final double mostDeviation;
        private final double low;
        private final double high;

        Family(double mostDeviation, double low, double high) {
            this.mostDeviation = mostDeviation;
            this.low = low;
            this.high = high;
        }

        static Family of(String rule) {
            return switch (rule) {
                case "LIBMEMCACHED",
                        "PYTHON_MEMCACHED",
                        "PYTHON_MEMCACHED_1_60",
                        "SPYMEMCACHED",
                        "XMEMCACHED",
                        "GOMEMCACHE",
                        "MEMJS",
                        "CACHE_MEMCACHED",
                        "CACHE_MEMCACHED_FAST",
                        "MCROUTER_CRC32" -> MODULO;
                case "XMEMCACHED_PHPMEMCACHE" -> UNEVEN_MODULO;
                case "MCROUTER_CH3" -> CH3;
                case "MOECACHE" -> UNEVEN_RING;
                default -> RING;
            };
        }
    }

    @BeforeAll
    static void measure() {
        for (Map.Entry<String, LocatorFactory> rule : KeyQuality.rules().entrySet()) {
            FIGURES.put(rule.getKey(), KeyQuality.of(rule.getValue()));
        }
    }

    @Test
    void everyRuleSpreadsKeysWithinTheBoundOfItsFamily() {
        FIGURES.forEach((rule, figures) -> assertTrue(
                figures.deviation() <= Family.of(rule).mostDeviation,
                () -> rule + " deviates by " + figures.deviation()));
    }

    @Test
    void aServerThatGoesMovesWhatItsFamilySays() {
        FIGURES.forEach((rule, figures) -> {
            Family family = Family.of(rule);
            boolean ring = family == Family.RING || family == Family.UNEVEN_RING;
            double low = ring ? SHARE_OF_TEN / 2 : family.low;
            double high = ring ? SHARE_OF_TEN + family.high : family.high;
            double moved = figures.movedByRemoval();
            assertTrue(moved >= low && moved <= high, () -> rule + " moves " + moved);
        });
    }

    @Test
    void aServerThatComesMovesWhatItsFamilySays() {
        FIGURES.forEach((rule, figures) -> {
            Family family = Family.of(rule);
            boolean modulo = family == Family.MODULO || family == Family.UNEVEN_MODULO;
            double low = modulo ? family.low : SHARE_OF_ELEVEN / 3;
            double high = modulo ? family.high : SHARE_OF_ELEVEN + 0.03;
            double moved = figures.movedByAddition();
            assertTrue(moved >= low && moved <= high, () -> rule + " moves " + moved);
        });
    }

    @Test
    void everyPresetIsMeasured() {
        for (RoutingPreset preset : RoutingPreset.values()) {
            assertTrue(FIGURES.containsKey(preset.name()), preset::name);
        }
    }

    @Test
    void theTableInTheDocumentationIsThisOne() throws Exception {
        StringJoiner table = new StringJoiner("\n");
        table.add("| rule | fewest | most | deviation | moved, fifth of ten removed | moved, eleventh added |");
        table.add("|---|---|---|---|---|---|");
        FIGURES.forEach((rule, figures) -> table.add(figures.row(rule)));
        Path docs = GeneratedPart.docs();
        if (GeneratedPart.UPDATE) {
            QualityPlots.write(FIGURES, docs.resolve("interop"));
        }
        new GeneratedPart(docs.resolve("routing.md"), "key quality").check(table.toString());
    }
}
