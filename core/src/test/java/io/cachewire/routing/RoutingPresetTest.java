package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.ServerAddress;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingPresetTest {
    private static final List<ServerAddress> SERVERS = List.of(
            ServerAddress.parse("10.0.0.1:11211"),
            ServerAddress.parse("10.0.0.2:11211"),
            ServerAddress.parse("10.0.0.3:11211"));

    @Test
    void theDefaultIsLibmemcachedsWeightedRing() {
        assertEquals(RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED, RoutingPreset.DEFAULT);
    }

    @Test
    void ringsOfResolvedAddressesRefuseNames() {
        List<ServerAddress> named = List.of(ServerAddress.parse("cache1.example.com"));
        for (RoutingPreset preset : List.of(
                RoutingPreset.SPYMEMCACHED_KETAMA,
                RoutingPreset.XMEMCACHED_KETAMA,
                RoutingPreset.XMEMCACHED_KETAMA_NGINX,
                RoutingPreset.XMEMCACHED_ELECTION)) {
            IllegalRequestException refused = assertThrows(IllegalRequestException.class, () -> preset.build(named));
            assertEquals(true, refused.getMessage().contains("cache1.example.com"), refused.getMessage());
        }
    }

    @Test
    void enormousWeightsAreRefusedOrFree() {
        List<ServerAddress> heavy =
                SERVERS.stream().map(s -> s.withWeight(1_000_000_000)).toList();
        assertThrows(IllegalRequestException.class, () -> RoutingPreset.XMEMCACHED_KETAMA.build(heavy));
        assertThrows(IllegalRequestException.class, () -> RoutingPreset.XMEMCACHED_ELECTION.build(heavy));
        assertThrows(
                IllegalRequestException.class,
                () -> CacheMemcachedFastLocator.ketama(150).build(heavy));
        NodeLocator buckets = RoutingPreset.PYTHON_MEMCACHED.build(heavy);
        assertEquals(0, buckets.locateHash(999_999_999));
        assertEquals(1, buckets.locateHash(1_000_000_000));
        assertEquals(2, buckets.locateHash(2_999_999_999L));
        assertEquals(0, buckets.locateHash(3_000_000_000L));
        assertEquals(2, buckets.locateHash(-1));
    }

    @Test
    void xmemcachedForgetsDeadServers() {
        BitSet down = new BitSet();
        down.set(1);
        NodeLocator two = RoutingPreset.XMEMCACHED.build(SERVERS, down);
        DataBlock key = DataBlock.ofUtf8("b"); // 98: even, so the first of two
        assertEquals(0, two.locate(key));
        assertEquals(2, RoutingPreset.XMEMCACHED.build(SERVERS).locate(key));
        assertEquals(2, RoutingPreset.SPYMEMCACHED.build(SERVERS, down).locate(key));
    }

    @ParameterizedTest
    @EnumSource
    void everyPresetPlacesOverOneAndManyServers(RoutingPreset preset) {
        for (int n = 1; n <= SERVERS.size(); n++) {
            NodeLocator locator = preset.build(SERVERS.subList(0, n));
            for (int i = 0; i < 200; i++) {
                int node = locator.locate(DataBlock.ofUtf8("key:" + i));
                assertEquals(true, node >= 0 && node < n);
                assertEquals(node, locator.locate(DataBlock.ofUtf8("key:" + i), 0));
            }
        }
    }
}
