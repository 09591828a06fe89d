package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Corners of the rules that the recorded placements do not reach. */
class LocatorRulesTest {
    private static List<ServerAddress> servers(String... texts) {
        return Stream.of(texts).map(ServerAddress::parse).toList();
    }

    private static int[] places(LocatorFactory rule, List<ServerAddress> servers) {
        NodeLocator locator = rule.build(servers);
        return IntStream.range(0, 300)
                .map(i -> locator.locate(DataBlock.ofUtf8("key:" + i)))
                .toArray();
    }

    private static void assertSamePlaces(LocatorFactory one, LocatorFactory two, List<ServerAddress> servers) {
        assertEquals(
                IntStream.of(places(one, servers)).boxed().toList(),
                IntStream.of(places(two, servers)).boxed().toList());
    }

    @Test
    void aWeightOfTwoIsEnoughForTheMixedRing() {
        List<ServerAddress> two = servers("10.0.0.1:11211:1", "10.0.0.2:11211:2");
        List<ServerAddress> one = servers("10.0.0.1:11211:1", "10.0.0.2:11211:1");
        HashFunction hash = LibmemcachedHash.DEFAULT;
        assertSamePlaces(RoutingPreset.LIBMEMCACHED_KETAMA_MIXED, KetamaLocator.weighted(hash), two);
        assertSamePlaces(RoutingPreset.LIBMEMCACHED_KETAMA_MIXED, KetamaLocator.unweighted(hash), one);
    }

    @Test
    void xmemcachedSharesAPointByNameAndRemainder() {
        long shared = 2155638455L; // odd, so the second of the two by name
        List<ServerAddress> servers = servers("10.3.0.1:20974", "10.3.0.1:35949");
        List<ServerAddress> turned = servers("10.3.0.1:35949", "10.3.0.1:20974");
        assertEquals(1, RoutingPreset.XMEMCACHED_KETAMA.build(servers).locateHash(shared));
        assertEquals(0, RoutingPreset.XMEMCACHED_KETAMA.build(turned).locateHash(shared));
    }

    @Test
    void pymemcacheGivesEqualScoresToTheGreaterName() {
        DataBlock key = DataBlock.ofUtf8("key:0");
        assertEquals(
                0,
                RoutingPreset.PYMEMCACHE
                        .build(servers("10.0.0.1:7104", "10.0.0.1:52666"))
                        .locate(key));
        assertEquals(
                1,
                RoutingPreset.PYMEMCACHE
                        .build(servers("10.0.0.1:52666", "10.0.0.1:7104"))
                        .locate(key));
    }

    @Test
    void pymemcacheBytesAreHashedAsPythonPrintsThem() {
        List<ServerAddress> servers = servers("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5");
        NodeLocator bytes = RoutingPreset.PYMEMCACHE_BYTES.build(servers);
        NodeLocator str = RoutingPreset.PYMEMCACHE.build(servers);
        String[][] printed = {
            {"it's", "b\"it's\""},
            {"say \"it's\"", "b'say \"it\\'s\"'"},
            {"a\\b\tc", "b'a\\\\b\\tc'"},
            {"é", "b'\\xc3\\xa9'"},
            {"\u0001\u007f\n\r", "b'\\x01\\x7f\\n\\r'"}
        };
        for (String[] pair : printed) {
            for (int attempt = 0; attempt < 5; attempt++) {
                assertEquals(
                        str.locate(DataBlock.ofUtf8(pair[1]), attempt),
                        bytes.locate(DataBlock.ofUtf8(pair[0]), attempt),
                        pair[1]);
            }
        }
    }

    @Test
    void mcrouterHashesUpToTheMark() {
        NodeLocator ch3 = RoutingPreset.MCROUTER_CH3.build(servers("a", "b", "c", "d", "e", "f", "g"));
        for (int i = 0; i < 50; i++) {
            int home = ch3.locate(DataBlock.ofUtf8("tenant:" + i));
            assertEquals(home, ch3.locate(DataBlock.ofUtf8("tenant:" + i + "|#|item:" + 7 * i)));
        }
    }

    @Test
    void pythonTakesAnyNumberForAHash() {
        NodeLocator locator = RoutingPreset.PYTHON_MEMCACHED.build(servers("a", "b:11211:2"));
        assertEquals(0, locator.locateHash(3));
        assertEquals(1, locator.locateHash(-1));
        assertEquals(0, locator.locateHash(-3));
    }
}
