package io.cachewire.samples.doctor;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.interop.Interop;
import io.cachewire.interop.InteropPreset;
import io.cachewire.serde.Compression;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.SerdeChain;
import io.cachewire.serialization.json.JsonSerde;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A preset as a reader of single items, away from any server. */
final class Reading {
    private final SerdeChain chain;

    private Reading(SerdeChain chain) {
        this.chain = chain;
    }

    private static Reading of(InteropPreset preset) {
        return new Reading(new SerdeChain(
                List.of(preset.serde().boundedBy(ServerReader.MOST_BYTES)),
                FlagScheme.builder().build(),
                Compression.none(),
                ServerReader.MOST_BYTES));
    }

    /** All presets by the name that a program calls them by, and the client without a preset. */
    static Map<String, Reading> all() {
        Map<String, Reading> all = new LinkedHashMap<>();
        all.put(
                "no preset",
                new Reading(new SerdeChain(
                        List.of(new JsonSerde()), FlagScheme.DEFAULT, Compression.none(), ServerReader.MOST_BYTES)));
        all.put("pylibmc", of(Interop.pylibmc()));
        all.put("pythonMemcached", of(Interop.pythonMemcached()));
        all.put("pymemcache.pickle", of(Interop.pymemcache().pickle()));
        all.put("pymemcache.json", of(Interop.pymemcache().json()));
        all.put("phpMemcached", of(Interop.phpMemcached()));
        all.put("dalli", of(Interop.dalli()));
        all.put("dalli.json", of(Interop.dalli().json()));
        all.put("spymemcached", of(Interop.spymemcached()));
        all.put("spymemcached.whalin", of(Interop.spymemcached().whalin()));
        all.put("xmemcached", of(Interop.xmemcached()));
        all.put("nodeMemcached", of(Interop.nodeMemcached()));
        all.put("cacheMemcached", of(Interop.cacheMemcached()));
        all.put("enyim", of(Interop.enyim()));
        all.put("moecache", of(Interop.moecache()));
        all.put("memjs", of(Interop.memjs()));
        return all;
    }

    /**
     * Whether it makes a value of the item; a stored null is one. Serialized objects that come out as text or bytes have not
     * been read, only taken for something else.
     */
    boolean reads(String key, EncodedValue item, StoredForm form) {
        try {
            Object value = chain.decode(key, item, ValueType.of(Object.class));
            boolean raw = value instanceof String || value instanceof byte[] || value instanceof DataBlock;
            return !(raw && form.isSerialized());
        } catch (SerdeException e) {
            return false;
        }
    }
}
