package io.cachewire.verification.servers.table;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Protocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A second client: for a server that does not show to one dialect what another has stored. */
final class OtherClient implements Raw {
    private final BlockingMemcachedClient client;

    OtherClient(String address, Protocol protocol, Duration timeout) {
        client = BlockingMemcachedClient.builder(address)
                .protocol(protocol)
                .requestTimeout(timeout)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public void set(String key, String value) {
        client.set(key, value);
    }

    @Override
    public void delete(String key) {
        client.delete(key);
    }

    @Override
    public @Nullable String get(String key) {
        return client.get(key, String.class);
    }

    @Override
    public void close() {
        client.close();
    }
}
