package io.cachewire.interop.live;

import static io.cachewire.interop.live.Kind.BYTES;
import static io.cachewire.interop.live.Kind.HUGE;
import static io.cachewire.interop.live.Kind.LIST;
import static io.cachewire.interop.live.Kind.LONG_TEXT;
import static io.cachewire.interop.live.Kind.MAP;
import static io.cachewire.interop.live.Kind.NULL;
import static io.cachewire.interop.live.Kind.TEXT;
import static io.cachewire.interop.live.Kind.UNICODE;

import io.cachewire.interop.Interop;
import io.cachewire.routing.CommonHash;
import io.cachewire.routing.LibmemcachedHash;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.rubyeye.xmemcached.transcoders.CompressionMode;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.DefaultHashAlgorithm;

/** All foreign clients and the options with which they are tried; the rows of docs/interop.md. */
final class Setups {
    /** What clients without types share: text and bytes. */
    private static final Set<Kind> ALL_BUT_PLAIN = EnumSet.complementOf(EnumSet.of(TEXT, UNICODE, LONG_TEXT, BYTES));

    private Setups() {}

    static List<Setup> all() {
        List<Setup> all = new ArrayList<>();
        all.addAll(python());
        all.addAll(phpAndRuby());
        all.addAll(perlNodeAndGo());
        all.addAll(jvm());
        return all;
    }

    private static List<Setup> python() {
        Setup pylibmc =
                Setup.of(Program.PYLIBMC, "pylibmc", "{\"client\":\"pylibmc\"}", "pylibmc()", Interop.pylibmc());
        Setup memcache = Setup.of(
                Program.PYTHON_MEMCACHED,
                "python-memcached",
                "{\"client\":\"python-memcached\"}",
                "pythonMemcached()",
                Interop.pythonMemcached());
        return List.of(
                pylibmc.without(NULL),
                Setup.of(
                                Program.PYLIBMC,
                                "pylibmc, ketama_weighted, min_compress_len 1000",
                                "{\"client\":\"pylibmc\",\"behaviors\":{\"ketama_weighted\":true},\"set\":{\"min_compress_len\":1000}}",
                                "pylibmc().ketamaWeighted().compressing(1000)",
                                Interop.pylibmc().ketamaWeighted().compressing(1000))
                        .withWeights()
                        .without(NULL),
                Setup.of(
                                Program.PYLIBMC,
                                "pylibmc, ketama",
                                "{\"client\":\"pylibmc\",\"behaviors\":{\"ketama\":true}}",
                                "pylibmc().ketama()",
                                Interop.pylibmc().ketama())
                        .withWeights()
                        .without(NULL),
                Setup.of(
                                Program.PYLIBMC,
                                "pylibmc, ketama, hash md5, binary",
                                "{\"client\":\"pylibmc\",\"binary\":true,\"behaviors\":{\"ketama\":true,\"hash\":\"md5\"}}",
                                "pylibmc().ketama().hash(LibmemcachedHash.MD5)",
                                Interop.pylibmc().ketama().hash(LibmemcachedHash.MD5))
                        .without(NULL),
                memcache.without(NULL),
                memcache.withWeights().without(NULL),
                Setup.of(
                                Program.PYTHON_MEMCACHED,
                                "python-memcached, useOldServerHashFunction, pickleProtocol 2, min_compress_len 1000",
                                "{\"client\":\"python-memcached\",\"hash\":\"crc32\",\"set\":{\"min_compress_len\":1000},"
                                        + "\"client_options\":{\"pickleProtocol\":2}}",
                                "pythonMemcached().serverHash(CommonHash.CRC32).compressing(1000)",
                                Interop.pythonMemcached()
                                        .serverHash(CommonHash.CRC32)
                                        .compressing(1000))
                        .without(NULL),
                Setup.of(
                                Program.PYMEMCACHE,
                                "pymemcache HashClient, pickle_serde",
                                "{\"client\":\"pymemcache\",\"serde\":\"pickle\"}",
                                "pymemcache().pickle().unicodeKeys()",
                                Interop.pymemcache().pickle().unicodeKeys())
                        .without(NULL),
                Setup.of(
                                Program.PYMEMCACHE,
                                "pymemcache HashClient, JSON of its documentation",
                                "{\"client\":\"pymemcache\",\"serde\":\"json\"}",
                                "pymemcache().json().unicodeKeys()",
                                Interop.pymemcache().json().unicodeKeys())
                        .without(NULL, BYTES),
                Setup.of(
                                Program.PYMEMCACHE,
                                "pymemcache HashClient, no serde, bytes keys",
                                "{\"client\":\"pymemcache\",\"serde\":\"none\",\"bytes_keys\":true}",
                                "pymemcache().bytesKeys()",
                                Interop.pymemcache().bytesKeys())
                        .withAsciiKeys()
                        .without(UNICODE, NULL, LIST, MAP));
    }

    private static List<Setup> phpAndRuby() {
        String php = "{\"options\":{";
        return List.of(
                Setup.of(Program.PHP, "php-memcached", php + "}}", "phpMemcached()", Interop.phpMemcached())
                        .withAsciiKeys()
                        .without(NULL, HUGE),
                Setup.of(
                                Program.PHP,
                                "php-memcached, OPT_LIBKETAMA_COMPATIBLE, zlib",
                                php
                                        + "\"OPT_LIBKETAMA_COMPATIBLE\":true,\"OPT_COMPRESSION_TYPE\":\"COMPRESSION_ZLIB\"}}",
                                "phpMemcached().libketamaCompatible().zlib()",
                                Interop.phpMemcached().libketamaCompatible().zlib())
                        .withWeights()
                        .withAsciiKeys()
                        .without(NULL, HUGE),
                Setup.of(
                                Program.PHP,
                                "php-memcached, DISTRIBUTION_CONSISTENT, SERIALIZER_JSON, binary",
                                php
                                        + "\"OPT_DISTRIBUTION\":\"DISTRIBUTION_CONSISTENT\",\"OPT_SERIALIZER\":\"SERIALIZER_JSON\","
                                        + "\"OPT_BINARY_PROTOCOL\":true}}",
                                "phpMemcached().consistent().json().unicodeKeys()",
                                Interop.phpMemcached().consistent().json().unicodeKeys())
                        .withWeights()
                        .without(NULL, HUGE),
                Setup.of(Program.RUBY, "dalli", "{}", "dalli()", Interop.dalli())
                        .without(EnumSet.allOf(Kind.class)),
                Setup.of(Program.RUBY, "dalli, raw", "{\"raw\":true}", "dalli()", Interop.dalli())
                        .withWeights()
                        .without(NULL, LIST, MAP),
                Setup.of(
                                Program.RUBY,
                                "dalli, serializer JSON",
                                "{\"options\":{\"serializer\":\"JSON\"}}",
                                "dalli().json()",
                                Interop.dalli().json())
                        .withWeights()
                        .without(NULL, BYTES));
    }

    private static List<Setup> perlNodeAndGo() {
        Setup perl = Setup.of(
                Program.PERL,
                "Cache::Memcached",
                "{\"client\":\"plain\"}",
                "cacheMemcached()",
                Interop.cacheMemcached());
        Setup fast = Setup.of(
                Program.PERL_FAST,
                "Cache::Memcached::Fast",
                "{\"client\":\"fast\"}",
                "cacheMemcachedFast()",
                Interop.cacheMemcachedFast());
        return List.of(
                perl.withWeights().without(NULL, LIST, MAP),
                Setup.of(
                                Program.PERL,
                                "Cache::Memcached, compress_threshold 1000",
                                "{\"client\":\"plain\",\"options\":{\"compress_threshold\":1000}}",
                                "cacheMemcached().compressing(1000)",
                                Interop.cacheMemcached().compressing(1000))
                        .without(NULL, LIST, MAP),
                fast.withWeights().without(NULL, LIST, MAP),
                Setup.of(
                                Program.PERL_FAST,
                                "Cache::Memcached::Fast, ketama_points 150",
                                "{\"client\":\"fast\",\"options\":{\"ketama_points\":150}}",
                                "cacheMemcachedFast().ketamaPoints(150)",
                                Interop.cacheMemcachedFast().ketamaPoints(150))
                        .withWeights()
                        .without(NULL, LIST, MAP),
                Setup.of(Program.NODE, "memjs", "{\"client\":\"memjs\"}", "memjs()", Interop.memjs())
                        .without(ALL_BUT_PLAIN),
                Setup.of(
                                Program.NODE,
                                "memcached (npm)",
                                "{\"client\":\"memcached\"}",
                                "nodeMemcached()",
                                Interop.nodeMemcached())
                        .without(NULL, HUGE),
                Setup.of(
                                Program.NODE,
                                "memcached (npm)",
                                "{\"client\":\"memcached\"}",
                                "nodeMemcached()",
                                Interop.nodeMemcached())
                        .withWeights()
                        .without(NULL, HUGE),
                Setup.of(Program.GO, "gomemcache", "{}", "gomemcache()", Interop.gomemcache())
                        .withAsciiKeys()
                        .without(ALL_BUT_PLAIN));
    }

    private static List<Setup> jvm() {
        return List.of(
                Setup.inJvm(
                                "spymemcached",
                                "spymemcached()",
                                Interop.spymemcached(),
                                servers -> new SpymemcachedPeer(servers, new ConnectionFactoryBuilder()))
                        .without(NULL, HUGE, LIST, MAP),
                Setup.inJvm(
                                "spymemcached, CONSISTENT, KETAMA_HASH, binary",
                                "spymemcached().ketama()",
                                Interop.spymemcached().ketama(),
                                servers -> new SpymemcachedPeer(
                                        servers,
                                        new ConnectionFactoryBuilder()
                                                .setLocatorType(ConnectionFactoryBuilder.Locator.CONSISTENT)
                                                .setHashAlg(DefaultHashAlgorithm.KETAMA_HASH)
                                                .setProtocol(ConnectionFactoryBuilder.Protocol.BINARY)))
                        .without(NULL, HUGE, LIST, MAP),
                Setup.inJvm(
                                "xmemcached",
                                "xmemcached()",
                                Interop.xmemcached(),
                                servers -> new XmemcachedPeer(servers, builder -> {}))
                        .withWeights()
                        .without(NULL, HUGE, LIST, MAP),
                Setup.inJvm(
                                "xmemcached, KetamaMemcachedSessionLocator(true), ZIP",
                                "xmemcached().ketamaNginx().zip()",
                                Interop.xmemcached().ketamaNginx().zip(),
                                servers -> new XmemcachedPeer(servers, builder -> {
                                    builder.setSessionLocator(new KetamaMemcachedSessionLocator(true));
                                    builder.getTranscoder().setCompressionMode(CompressionMode.ZIP);
                                }))
                        .withWeights()
                        .without(NULL, HUGE, LIST, MAP),
                Setup.inJvm("folsom, byte array client", "folsom()", Interop.folsom(), FolsomPeer::new)
                        .without(ALL_BUT_PLAIN));
    }
}
