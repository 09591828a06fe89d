package io.cachewire.interop.live;

import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** folsom in this JVM, with its byte array transcoder; its flags are always 0. */
final class FolsomPeer implements Peer {
    private final MemcacheClient<byte[]> client;

    FolsomPeer(List<ServerAddress> servers) {
        MemcacheClientBuilder<byte[]> builder = MemcacheClientBuilder.newByteArrayClient();
        servers.forEach(server -> builder.withAddress(server.host(), server.port()));
        client = builder.connectBinary();
        // before that it puts keys on other servers
        InJvm.unchecked(
                () -> client.fullyConnectedFuture().toCompletableFuture().get(30, TimeUnit.SECONDS));
    }

    @Override
    public String version() {
        return "folsom 1.21.0";
    }

    @Override
    public Map<String, String> store(Map<String, ?> values, int ttlSeconds) {
        return InJvm.storeEach(
                values,
                (key, value) -> client.set(key, bytes(value), ttlSeconds)
                                .toCompletableFuture()
                                .get()
                        == MemcacheStatus.OK);
    }

    @Override
    public Fetched fetch(Collection<String> keys) {
        return InJvm.fetchEach(
                keys, key -> text(client.get(key).toCompletableFuture().get()));
    }

    private static byte[] bytes(Object value) {
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
    }

    /** Text when it is UTF-8: folsom cannot tell the two apart. */
    private static Object text(byte[] bytes) {
        String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8)) ? text : bytes;
    }

    @Override
    public long increment(String key, long by) {
        var binary = (BinaryMemcacheClient<byte[]>) client;
        return InJvm.unchecked(
                () -> binary.incr(key, by, 0, 0).toCompletableFuture().get());
    }

    @Override
    public Boolean touch(String key, int ttlSeconds) {
        return InJvm.unchecked(
                () -> client.touch(key, ttlSeconds).toCompletableFuture().get() == MemcacheStatus.OK);
    }

    @Override
    public void delete(String key) {
        InJvm.unchecked(() -> client.delete(key).toCompletableFuture().get());
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
