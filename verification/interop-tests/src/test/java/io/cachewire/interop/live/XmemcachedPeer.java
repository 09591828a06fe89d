package io.cachewire.interop.live;

import io.cachewire.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.MemcachedClientBuilder;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;

/** xmemcached in this JVM. */
final class XmemcachedPeer implements Peer {
    private static final long TIMEOUT_MILLIS = 10_000;

    private final MemcachedClient client;

    XmemcachedPeer(List<ServerAddress> servers, Consumer<MemcachedClientBuilder> options) {
        try {
            MemcachedClientBuilder builder = new XMemcachedClientBuilder(
                    servers.stream()
                            .map(server -> new InetSocketAddress(server.host(), server.port()))
                            .toList(),
                    servers.stream().mapToInt(ServerAddress::weight).toArray());
            builder.setOpTimeout(TIMEOUT_MILLIS);
            options.accept(builder);
            client = builder.build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String version() {
        return "xmemcached 2.4.9";
    }

    @Override
    public Map<String, String> store(Map<String, ?> values, int ttlSeconds) {
        return InJvm.storeEach(values, (key, value) -> client.set(key, ttlSeconds, value));
    }

    @Override
    public Fetched fetch(Collection<String> keys) {
        return InJvm.fetchEach(keys, client::get);
    }

    @Override
    public long increment(String key, long by) {
        return InJvm.unchecked(() -> client.incr(key, by));
    }

    @Override
    public Boolean touch(String key, int ttlSeconds) {
        return InJvm.unchecked(() -> client.touch(key, ttlSeconds));
    }

    @Override
    public void delete(String key) {
        InJvm.unchecked(() -> client.delete(key));
    }

    @Override
    public void close() {
        try {
            client.shutdown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
