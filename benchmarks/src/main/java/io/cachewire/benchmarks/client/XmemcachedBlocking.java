package io.cachewire.benchmarks.client;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.rubyeye.xmemcached.transcoders.CachedData;
import net.rubyeye.xmemcached.transcoders.CompressionMode;
import net.rubyeye.xmemcached.transcoders.Transcoder;
import org.jspecify.annotations.Nullable;

/** Xmemcached, whose calls wait. It has no write of many keys: one waits for the other. */
final class XmemcachedBlocking implements BlockingStore {
    private static final int TIMEOUT_MILLIS = 5000;

    private final MemcachedClient client;

    private XmemcachedBlocking(MemcachedClient client) {
        this.client = client;
    }

    static XmemcachedBlocking connect(List<ServerAddress> servers, boolean binary) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        servers.forEach(server -> addresses.add(new InetSocketAddress(server.host(), server.port())));
        XMemcachedClientBuilder builder = new XMemcachedClientBuilder(addresses);
        builder.setSessionLocator(new KetamaMemcachedSessionLocator());
        builder.setTranscoder(new Bytes());
        builder.setOpTimeout(TIMEOUT_MILLIS);
        if (binary) {
            builder.setCommandFactory(new BinaryCommandFactory());
        }
        try {
            return new XmemcachedBlocking(builder.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws Exception {
        return client.get(key);
    }

    @Override
    public boolean set(Item item) throws Exception {
        return client.set(item.key(), 0, item.value());
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) throws Exception {
        return client.get(keys);
    }

    @Override
    public boolean setAll(Batch batch) throws Exception {
        boolean all = true;
        for (Map.Entry<String, byte[]> entry : batch.values().entrySet()) {
            all &= client.set(entry.getKey(), 0, entry.getValue());
        }
        return all;
    }

    @Override
    public void close() {
        try {
            client.shutdown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes as they are: no compression, no flags. */
    private static final class Bytes implements Transcoder<byte[]> {
        @Override
        public CachedData encode(byte[] value) {
            return new CachedData(0, value);
        }

        @Override
        public byte[] decode(CachedData data) {
            return data.getData();
        }

        @Override
        public void setPrimitiveAsString(boolean on) {}

        @Override
        public void setPackZeros(boolean on) {}

        @Override
        public void setCompressionThreshold(int bytes) {}

        @Override
        public boolean isPrimitiveAsString() {
            return false;
        }

        @Override
        public boolean isPackZeros() {
            return false;
        }

        @Override
        public void setCompressionMode(CompressionMode mode) {}
    }
}
