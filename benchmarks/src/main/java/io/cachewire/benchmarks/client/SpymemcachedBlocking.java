package io.cachewire.benchmarks.client;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.spy.memcached.CachedData;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.internal.OperationFuture;
import net.spy.memcached.transcoders.Transcoder;
import org.jspecify.annotations.Nullable;

/** Spymemcached, whose futures are made to be waited for. It has no write of many keys: all are sent, then each is waited for. */
final class SpymemcachedBlocking implements BlockingStore {
    private static final int MAX_BYTES = 1 << 20;
    private static final int TIMEOUT_MILLIS = 5000;

    private final MemcachedClient client;

    private SpymemcachedBlocking(MemcachedClient client) {
        this.client = client;
    }

    static SpymemcachedBlocking connect(List<ServerAddress> servers, boolean binary) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        servers.forEach(server -> addresses.add(new InetSocketAddress(server.host(), server.port())));
        ConnectionFactoryBuilder builder = new ConnectionFactoryBuilder()
                .setProtocol(binary ? ConnectionFactoryBuilder.Protocol.BINARY : ConnectionFactoryBuilder.Protocol.TEXT)
                .setLocatorType(ConnectionFactoryBuilder.Locator.CONSISTENT)
                .setHashAlg(DefaultHashAlgorithm.KETAMA_HASH)
                .setTranscoder(new Bytes())
                .setOpTimeout(TIMEOUT_MILLIS)
                .setDaemon(true);
        try {
            return new SpymemcachedBlocking(new MemcachedClient(builder.build(), addresses));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        return (byte[]) client.get(key);
    }

    @Override
    public boolean set(Item item) throws Exception {
        return client.set(item.key(), 0, item.value()).get();
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) {
        Map<String, byte[]> answers = new java.util.LinkedHashMap<>();
        client.getBulk(keys).forEach((key, value) -> answers.put(key, (byte[]) value));
        return answers;
    }

    @Override
    public boolean setAll(Batch batch) throws Exception {
        List<OperationFuture<Boolean>> writes = new ArrayList<>(batch.values().size());
        batch.values().forEach((key, value) -> writes.add(client.set(key, 0, value)));
        boolean all = true;
        for (OperationFuture<Boolean> write : writes) {
            all &= write.get();
        }
        return all;
    }

    @Override
    public void close() {
        client.shutdown();
    }

    /** Bytes as they are: no compression, no flags, no second thread for decoding. */
    private static final class Bytes implements Transcoder<Object> {
        @Override
        public boolean asyncDecode(CachedData data) {
            return false;
        }

        @Override
        public CachedData encode(Object value) {
            return new CachedData(0, (byte[]) value, MAX_BYTES);
        }

        @Override
        public Object decode(CachedData data) {
            return data.getData();
        }

        @Override
        public int getMaxSize() {
            return MAX_BYTES;
        }
    }
}
