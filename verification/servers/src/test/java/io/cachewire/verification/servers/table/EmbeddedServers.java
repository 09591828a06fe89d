package io.cachewire.verification.servers.table;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.server.memcached.MemcachedServer;
import org.infinispan.server.memcached.configuration.MemcachedServerConfigurationBuilder;

/** The grids that speak memcached's protocol, in this JVM. */
final class EmbeddedServers {
    private static final int FIRST_PORT = 5801;
    private static final int PORTS = 1000;

    /**
     * The loggers of the servers, which tell on the error stream what a client's bad command did to them; held, or they
     * are lost.
     */
    private static final List<Logger> SILENT = Stream.of("com.hazelcast", "org.infinispan", "io.netty")
            .map(Logger::getLogger)
            .toList();

    static {
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private EmbeddedServers() {}

    /** Where a server listens, and how it is ended. */
    record Running(String address, Runnable end) implements Closeable {
        @Override
        public void close() {
            end.run();
        }
    }

    static Running hazelcast() {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().setPort(FIRST_PORT).setPortAutoIncrement(true).setPortCount(PORTS);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getMemcacheProtocolConfig().setEnabled(true);
        HazelcastInstance instance = Hazelcast.newHazelcastInstance(config);
        InetSocketAddress address =
                (InetSocketAddress) instance.getLocalEndpoint().getSocketAddress();
        return new Running("127.0.0.1:" + address.getPort(), instance::shutdown);
    }

    static Running infinispan() throws IOException {
        DefaultCacheManager manager = new DefaultCacheManager(
                new GlobalConfigurationBuilder().nonClusteredDefault().build());
        manager.defineConfiguration("memcached", new ConfigurationBuilder().build());
        MemcachedServer server = new MemcachedServer();
        int port = Processes.freePort();
        server.start(
                new MemcachedServerConfigurationBuilder()
                        .host("127.0.0.1")
                        .port(port)
                        .defaultCacheName("memcached")
                        .build(),
                manager);
        return new Running("127.0.0.1:" + port, () -> {
            server.stop();
            manager.stop();
        });
    }
}
