package io.cachewire.interop.live;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the clients in this JVM have in common: one call after the other, failures told by key. */
final class InJvm {
    private InJvm() {}

    interface Store {
        boolean store(String key, Object value) throws Exception;
    }

    interface Fetch {
        /** Null on a miss. */
        Object fetch(String key) throws Exception;
    }

    static Map<String, String> storeEach(Map<String, ?> values, Store store) {
        Map<String, String> failed = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            try {
                if (value == null) {
                    failed.put(key, "null is not stored");
                } else if (!store.store(key, value)) {
                    failed.put(key, "not stored");
                }
            } catch (Exception e) {
                failed.put(key, e.toString());
            }
        });
        return failed;
    }

    static Peer.Fetched fetchEach(Collection<String> keys, Fetch fetch) {
        Map<String, Object> hits = new LinkedHashMap<>();
        Map<String, String> failed = new LinkedHashMap<>();
        for (String key : keys) {
            try {
                Object value = fetch.fetch(key);
                if (value != null) {
                    hits.put(key, value);
                }
            } catch (Exception e) {
                failed.put(key, e.toString());
            }
        }
        return new Peer.Fetched(hits, failed);
    }

    static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
