package io.cachewire.interop;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.SerdeChain;
import java.util.List;

/** The preset for a client as it was set up when its answers were recorded. */
final class Clients {
    private Clients() {}

    static InteropPreset preset(RecordedRow row) {
        JsonNode config = row.config();
        return switch (row.client()) {
            case "pylibmc" -> config.has("min_compress_len")
                    ? Interop.pylibmc().compressing(config.get("min_compress_len").asInt())
                    : Interop.pylibmc();
            case "python-memcached" -> config.has("min_compress_len")
                    ? Interop.pythonMemcached().compressing(config.get("min_compress_len").asInt())
                    : Interop.pythonMemcached();
            case "pymemcache" -> pymemcache(config);
            case "moecache" -> Interop.moecache();
            case "EnyimMemcached" -> Interop.enyim();
            case "php-memcached" -> php(config);
            case "dalli" -> dalli(config);
            case "Cache::Memcached", "Cache::Memcached::Fast" -> perl(row.client(), config);
            case "memjs" -> Interop.memjs();
            case "memcached (npm)" -> Interop.nodeMemcached();
            case "spymemcached" -> spymemcached(config.path("transcoder").asText());
            case "xmemcached" -> xmemcached(config.path("transcoder").asText() + config.path("mode").asText());
            case "folsom" -> Interop.folsom();
            default -> throw new IllegalArgumentException(row.toString());
        };
    }

    private static PymemcachePreset pymemcache(JsonNode config) {
        if (config.path("serde").asText().startsWith("PickleSerde")) {
            return Interop.pymemcache().pickle();
        }
        if (config.path("serde").asText().equals("compressed_serde")) {
            return Interop.pymemcache().compressed();
        }
        return config.has("serializer") ? Interop.pymemcache().json() : Interop.pymemcache();
    }

    private static PhpMemcachedPreset php(JsonNode config) {
        String options = config.path("options").asText() + config.path("serializer").asText();
        PhpMemcachedPreset preset = Interop.phpMemcached();
        if (options.toLowerCase(java.util.Locale.ROOT).contains("json")) {
            preset = preset.json();
        }
        if (options.contains("zlib")) {
            preset = preset.zlib();
        }
        boolean off = options.contains("compression off") || config.has("compression");
        return off ? preset.uncompressed() : preset;
    }

    private static DalliPreset dalli(JsonNode config) {
        String options = config.path("options").asText();
        DalliPreset preset = Interop.dalli();
        if (options.contains("JSON") || config.has("serializer")) {
            preset = preset.json();
        }
        if (options.contains("gzip")) {
            preset = preset.gzip();
        }
        if (options.contains("compression_min_size 10")) {
            preset = preset.compressing(10);
        }
        return options.contains("compress false") || config.has("compress") ? preset.uncompressed() : preset;
    }

    private static PerlPreset perl(String client, JsonNode config) {
        PerlPreset preset = client.endsWith("Fast") ? Interop.cacheMemcachedFast() : Interop.cacheMemcached();
        return config.has("compress_threshold")
                ? preset.compressing(config.get("compress_threshold").asInt())
                : preset;
    }

    private static SpymemcachedPreset spymemcached(String transcoder) {
        SpymemcachedPreset preset = Interop.spymemcached();
        if (transcoder.startsWith("WhalinV1")) {
            return preset.whalinV1();
        }
        if (transcoder.startsWith("Whalin")) {
            return preset.whalin();
        }
        return transcoder.endsWith("threshold100") ? preset.compressing(100) : preset;
    }

    private static XmemcachedPreset xmemcached(String transcoder) {
        XmemcachedPreset preset = Interop.xmemcached();
        if (transcoder.startsWith("WhalinV1")) {
            return preset.whalinV1();
        }
        if (transcoder.startsWith("Whalin")) {
            return preset.whalin();
        }
        if (transcoder.contains("primitiveAsString")) {
            return preset.primitivesAsText();
        }
        if (transcoder.contains("packZeros-false")) {
            return preset.unpackedZeros();
        }
        return transcoder.contains("ZIP") ? preset.zip().compressing(100) : preset;
    }

    /** The way of values in a client with the preset. */
    static SerdeChain chain(InteropPreset preset) {
        return new SerdeChain(
                List.of(preset.serde()), FlagScheme.builder().build(), Compression.none(), 1 << 20);
    }
}
