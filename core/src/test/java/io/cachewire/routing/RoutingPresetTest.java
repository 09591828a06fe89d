package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RoutingPresetTest {
    @Test
    void theDefaultIsLibmemcachedsWeightedRing() {
        assertEquals(RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED, RoutingPreset.DEFAULT);
    }

    @Nested
    class KetamaWeighted extends NodeLocatorContractTest {
        @Override
        protected LocatorFactory factory() {
            return RoutingPreset.DEFAULT;
        }
    }

    @Nested
    class KetamaUnweighted extends NodeLocatorContractTest {
        @Override
        protected LocatorFactory factory() {
            return RoutingPreset.LIBMEMCACHED_KETAMA;
        }
    }

    @Nested
    class Modula extends NodeLocatorContractTest {
        @Override
        protected LocatorFactory factory() {
            return RoutingPreset.LIBMEMCACHED;
        }

        @Override
        protected double movedOnRemoval() {
            return 0.95;
        }
    }

    @Nested
    class Pymemcache extends NodeLocatorContractTest {
        @Override
        protected LocatorFactory factory() {
            return RoutingPreset.PYMEMCACHE;
        }
    }
}
