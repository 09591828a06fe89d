package io.cachewire.routing;

import org.junit.jupiter.api.Nested;

/** The contract, held by the locators of this package. Bounds are what the rule keeps, not what one would like. */
class LocatorContractsTest {
    /** A rule in which only the dead server's keys move. */
    private abstract static class Stable extends NodeLocatorContractTest {
        private final LocatorFactory factory;

        Stable(LocatorFactory factory) {
            this.factory = factory;
        }

        @Override
        protected LocatorFactory factory() {
            return factory;
        }
    }

    /** Hash modulo a number: almost every key moves with it. */
    private abstract static class Unstable extends Stable {
        Unstable(LocatorFactory factory) {
            super(factory);
        }

        @Override
        protected double movedOnRemoval() {
            return 0.95;
        }
    }

    @Nested
    class KetamaWeighted extends Stable {
        KetamaWeighted() {
            super(RoutingPreset.DEFAULT);
        }
    }

    @Nested
    class KetamaUnweighted extends Stable {
        KetamaUnweighted() {
            super(RoutingPreset.LIBMEMCACHED_KETAMA);
        }
    }

    @Nested
    class Modula extends Unstable {
        Modula() {
            super(RoutingPreset.LIBMEMCACHED);
        }
    }

    @Nested
    class PythonMemcached extends Unstable {
        PythonMemcached() {
            super(RoutingPreset.PYTHON_MEMCACHED);
        }
    }

    @Nested
    class Pymemcache extends Stable {
        Pymemcache() {
            super(RoutingPreset.PYMEMCACHE);
        }
    }

    @Nested
    class PymemcacheBytes extends Stable {
        PymemcacheBytes() {
            super(RoutingPreset.PYMEMCACHE_BYTES);
        }
    }

    @Nested
    class Moecache extends Stable {
        Moecache() {
            super(RoutingPreset.MOECACHE);
        }

        @Override
        protected double largestShare() {
            return 2.0;
        }

        @Override
        protected double smallestShare() {
            return 0.3;
        }
    }

    @Nested
    class EnyimKetama extends Stable {
        EnyimKetama() {
            super(RoutingPreset.ENYIM_KETAMA);
        }
    }

    @Nested
    class Dalli extends Stable {
        Dalli() {
            super(RoutingPreset.DALLI);
        }
    }

    @Nested
    class SpymemcachedKetama extends Stable {
        SpymemcachedKetama() {
            super(RoutingPreset.SPYMEMCACHED_KETAMA);
        }

        @Override
        protected int choices() {
            return 7;
        }
    }

    @Nested
    class Xmemcached extends Unstable {
        Xmemcached() {
            super(RoutingPreset.XMEMCACHED);
        }

        @Override
        protected double largestShare() {
            return 1.7;
        }

        /** Numbers in step at the end of the keys show in a hash that adds characters. */
        @Override
        protected double smallestShare() {
            return 0.3;
        }
    }

    @Nested
    class XmemcachedKetama extends Stable {
        XmemcachedKetama() {
            super(RoutingPreset.XMEMCACHED_KETAMA);
        }
    }

    @Nested
    class XmemcachedElection extends Stable {
        XmemcachedElection() {
            super(RoutingPreset.XMEMCACHED_ELECTION);
        }

        @Override
        protected int choices() {
            return 1;
        }
    }

    @Nested
    class Folsom extends Stable {
        Folsom() {
            super(RoutingPreset.FOLSOM);
        }
    }

    @Nested
    class Memjs extends Unstable {
        Memjs() {
            super(RoutingPreset.MEMJS);
        }

        @Override
        protected double largestShare() {
            return 1.7;
        }

        @Override
        protected double smallestShare() {
            return 0.4;
        }
    }

    @Nested
    class NodeMemcached extends Stable {
        NodeMemcached() {
            super(RoutingPreset.NODE_MEMCACHED);
        }
    }

    @Nested
    class CacheMemcached extends Unstable {
        CacheMemcached() {
            super(RoutingPreset.CACHE_MEMCACHED);
        }
    }

    @Nested
    class CacheMemcachedFastKetama extends Stable {
        CacheMemcachedFastKetama() {
            super(CacheMemcachedFastLocator.ketama(150));
        }
    }

    @Nested
    class McrouterCh3 extends Stable {
        McrouterCh3() {
            super(RoutingPreset.MCROUTER_CH3);
        }

        @Override
        protected int choices() {
            return 1;
        }
    }
}
