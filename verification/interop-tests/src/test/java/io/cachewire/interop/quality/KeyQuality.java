package io.cachewire.interop.quality;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import io.cachewire.routing.CacheMemcachedFastLocator;
import io.cachewire.routing.EnyimLocator;
import io.cachewire.routing.KetamaLocator;
import io.cachewire.routing.LibmemcachedHash;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.NodeLocator;
import io.cachewire.routing.RoutingPreset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One rule on ten equal servers with 100 000 keys.
 *
 * @param fewest the keys of the server that has fewest, as a multiple of a fair share
 * @param most the same of the server that has most
 * @param deviation the standard deviation over the ten, as a part of a fair share
 * @param movedByRemoval the part of the keys that have another server when the fifth of ten goes; its own keys must
 * @param movedByAddition the same when an eleventh comes; its own share must
 */
record KeyQuality(double fewest, double most, double deviation, double movedByRemoval, double movedByAddition) {
    static final int KEYS = 100_000;
    static final int SERVERS = 10;
    private static final int REMOVED = 4;

    static Map<String, LocatorFactory> rules() {
        Map<String, LocatorFactory> rules = new LinkedHashMap<>();
        for (RoutingPreset preset : RoutingPreset.values()) {
            rules.put(preset.name(), preset);
        }
        rules.put("CacheMemcachedFastLocator.ketama(150)", CacheMemcachedFastLocator.ketama(150));
        rules.put("EnyimLocator.ketamaSha1()", EnyimLocator.ketamaSha1());
        rules.put("KetamaLocator.unweighted(MD5)", KetamaLocator.unweighted(LibmemcachedHash.MD5));
        return rules;
    }

    static KeyQuality of(LocatorFactory rule) {
        List<ServerAddress> ten = servers(SERVERS);
        int[] before = places(rule.build(ten));
        int[] counts = new int[SERVERS];
        for (int place : before) {
            counts[place]++;
        }
        double fair = (double) KEYS / SERVERS;
        double squares =
                IntStream.of(counts).mapToDouble(c -> (c - fair) * (c - fair)).sum();
        List<ServerAddress> nine = new ArrayList<>(ten);
        nine.remove(REMOVED);
        int[] less = places(rule.build(nine));
        int[] more = places(rule.build(servers(SERVERS + 1)));
        int removal = 0;
        int addition = 0;
        for (int i = 0; i < KEYS; i++) {
            removal += (less[i] < REMOVED ? less[i] : less[i] + 1) == before[i] ? 0 : 1;
            addition += more[i] == before[i] ? 0 : 1;
        }
        return new KeyQuality(
                Arrays.stream(counts).min().orElseThrow() / fair,
                Arrays.stream(counts).max().orElseThrow() / fair,
                Math.sqrt(squares / SERVERS) / fair,
                (double) removal / KEYS,
                (double) addition / KEYS);
    }

    /** The row of the table in docs/routing.md. */
    String row(String rule) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %.2f | %.2f | %.1f %% | %.1f %% | %.1f %% |",
                rule,
                fewest,
                most,
                100 * deviation,
                100 * movedByRemoval,
                100 * movedByAddition);
    }

    private static List<ServerAddress> servers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ServerAddress("10.20.30." + (40 + i), 11211))
                .toList();
    }

    private static int[] places(NodeLocator locator) {
        return IntStream.range(0, KEYS)
                .map(i -> locator.locate(DataBlock.ofUtf8("user:" + i)))
                .toArray();
    }
}
