package io.cachewire.interop.live;

import static org.awaitility.Awaitility.await;

import io.cachewire.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;

/** spymemcached in this JVM, once all servers are connected: before that it puts keys elsewhere. */
final class SpymemcachedPeer implements Peer {
    private final MemcachedClient client;

    SpymemcachedPeer(List<ServerAddress> servers, ConnectionFactoryBuilder factory) {
        try {
            client = new MemcachedClient(
                    factory.setOpTimeout(10_000).build(),
                    servers.stream()
                            .map(server -> new InetSocketAddress(server.host(), server.port()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.getAvailableServers().size() == servers.size());
    }

    @Override
    public String version() {
        return "spymemcached 2.12.3";
    }

    @Override
    public Map<String, String> store(Map<String, ?> values, int ttlSeconds) {
        return InJvm.storeEach(
                values, (key, value) -> client.set(key, ttlSeconds, value).get());
    }

    @Override
    public Fetched fetch(Collection<String> keys) {
        return InJvm.fetchEach(keys, client::get);
    }

    @Override
    public long increment(String key, long by) {
        return client.incr(key, by);
    }

    @Override
    public Boolean touch(String key, int ttlSeconds) {
        return InJvm.unchecked(() -> client.touch(key, ttlSeconds).get());
    }

    @Override
    public void delete(String key) {
        InJvm.unchecked(() -> client.delete(key).get());
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
