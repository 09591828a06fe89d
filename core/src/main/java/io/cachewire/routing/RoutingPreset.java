package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.BitSet;
import java.util.List;

/**
 * The placement rules of known clients, each named after the client whose items it finds. A preset decides places
 * only; values, flags and key prefixes are other settings. Each rule is described at its locator, the measured
 * agreement in {@code docs/routing.md}. Rules with settings of their own (another hash, resolved node names) are
 * built with the static methods of the locators.
 */
public enum RoutingPreset implements LocatorFactory {
    /**
     * libmemcached's {@code ketama_weighted}, php-memcached's {@code OPT_LIBKETAMA_COMPATIBLE}, memcached (npm) with
     * equal weights; what this client does unless told otherwise.
     */
    LIBMEMCACHED_KETAMA_WEIGHTED(KetamaLocator.weighted()),
    /** libmemcached, pylibmc and php-memcached with nothing set: modula over one-at-a-time, weights ignored. */
    LIBMEMCACHED(ModuloLocator.over(LibmemcachedHash.DEFAULT)),
    /** libmemcached's {@code consistent} or {@code ketama}, set when the servers are already there: weights ignored. */
    LIBMEMCACHED_KETAMA(KetamaLocator.unweighted(LibmemcachedHash.DEFAULT)),
    /** The same, set before the servers are added: pylibmc's {@code {"ketama": True}}, php-memcached's usual order. */
    LIBMEMCACHED_KETAMA_MIXED(KetamaLocator.mixed(LibmemcachedHash.DEFAULT)),
    /** python-memcached up to 1.59. */
    PYTHON_MEMCACHED(PythonMemcachedLocator.over(CommonHash.PYTHON_MEMCACHED)),
    /** python-memcached from 1.60 on (read, not recorded). */
    PYTHON_MEMCACHED_1_60(PythonMemcachedLocator.over(CommonHash.CRC32_SLICE)),
    /** pymemcache's HashClient, keys given as {@code str}. */
    PYMEMCACHE(RendezvousLocator.pymemcache()),
    /** pymemcache's HashClient, keys given as {@code bytes}. */
    PYMEMCACHE_BYTES(RendezvousLocator.pymemcacheBytes()),
    /** moecache; also EnyimMemcached's default locator when servers are given by address. */
    MOECACHE(EnyimLocator.moecache()),
    /** EnyimMemcached's Ketama locator with MD5, servers given by address. */
    ENYIM_KETAMA(EnyimLocator.ketamaMd5()),
    /** Ruby's dalli. */
    DALLI(DalliLocator.factory()),
    /** spymemcached with nothing set. */
    SPYMEMCACHED(ModuloLocator.over(JvmHash.NATIVE)),
    /** spymemcached's consistent locator with KETAMA_HASH; servers given by address. */
    SPYMEMCACHED_KETAMA(
            SpymemcachedKetamaLocator.over(JvmHash.KETAMA, NodeName.spymemcached(HostLookup.LITERALS_ONLY))),
    /** The same with LIBMEMCACHED node keys; servers given by name, or by an address that has none. */
    SPYMEMCACHED_KETAMA_LIBMEMCACHED(SpymemcachedKetamaLocator.over(
            JvmHash.KETAMA, NodeName.spymemcachedLibmemcached(HostLookup.LITERALS_ONLY))),
    /** xmemcached with nothing set. */
    XMEMCACHED(ModuloLocator.weighted(JvmHash.NATIVE).ejecting()),
    /** xmemcached's ketama locator; servers given by addresses that have no name. */
    XMEMCACHED_KETAMA(XmemcachedKetamaLocator.over(JvmHash.KETAMA, NodeName.xmemcached(HostLookup.LITERALS_ONLY))),
    /** The same with {@code cwNginxUpstreamConsistent}; servers given by address. */
    XMEMCACHED_KETAMA_NGINX(
            XmemcachedKetamaLocator.over(JvmHash.KETAMA, NodeName.xmemcachedNginx(HostLookup.LITERALS_ONLY))),
    /** xmemcached's libmemcached locator: libmemcached's {@code ketama} for ASCII keys. */
    XMEMCACHED_LIBMEMCACHED(
            KetamaLocator.unweighted(JvmHash.ONE_AT_A_TIME, NodeName.spymemcachedLibmemcached(HostLookup.LITERALS_ONLY))
                    .ejecting()),
    /** xmemcached's election locator; servers given by addresses that have no name. */
    XMEMCACHED_ELECTION(XmemcachedElectionLocator.over(NodeName.xmemcached(HostLookup.LITERALS_ONLY))),
    /** xmemcached's PHPMemcache locator with the hash that is its default. */
    XMEMCACHED_PHPMEMCACHE(ModuloLocator.weighted(JvmHash.NATIVE.slice()).ejecting()),
    /** folsom's ring. */
    FOLSOM(FolsomLocator.factory()),
    /** gomemcache's ServerList. */
    GOMEMCACHE(ModuloLocator.over(CommonHash.CRC32)),
    /** memjs. */
    MEMJS(ModuloLocator.over(JvmHash.NATIVE_ABSOLUTE)),
    /** memcached for Node.js (npm). */
    NODE_MEMCACHED(NodeMemcachedLocator.ketama()),
    /** The same with {@code compatibility: "hash_ring"}. */
    NODE_MEMCACHED_HASH_RING(NodeMemcachedLocator.hashRing()),
    /** Perl's Cache::Memcached. */
    CACHE_MEMCACHED(CacheMemcachedLocator.factory()),
    /** Perl's Cache::Memcached::Fast without {@code ketama_points}. */
    CACHE_MEMCACHED_FAST(ModuloLocator.weighted(CommonHash.CRC32_SLICE)),
    /** mcrouter's Ch3. */
    MCROUTER_CH3(McrouterLocator.ch3()),
    /** mcrouter's Crc32. */
    MCROUTER_CRC32(McrouterLocator.crc32());

    /** What this client does unless told otherwise. */
    public static final RoutingPreset DEFAULT = LIBMEMCACHED_KETAMA_WEIGHTED;

    private final LocatorFactory rule;

    RoutingPreset(LocatorFactory rule) {
        this.rule = rule;
    }

    @Override
    public NodeLocator build(List<ServerAddress> servers) {
        return rule.build(servers);
    }

    @Override
    public NodeLocator build(List<ServerAddress> servers, BitSet down) {
        return rule.build(servers, down);
    }
}
