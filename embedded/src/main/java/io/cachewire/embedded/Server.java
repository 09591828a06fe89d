package io.cachewire.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The thread that does everything: accepts, reads, runs commands and writes. One thread means one order of all
 * commands, so the store needs no lock. It ends, and closes every socket, when {@link #stop} was called or when it
 * fails.
 */
final class Server implements Runnable {
    private static final Logger LOGGER = System.getLogger(Server.class.getName());
    private static final int STAGING_BYTES = 64 * 1024;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final int port;
    private final Statistics statistics = new Statistics();
    private final Commands commands;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private volatile boolean stopped;

    /** Opens the port; the caller starts the thread. */
    Server(InetSocketAddress address, long maxBytes, int maxItemBytes, InstantSource source) throws IOException {
        selector = Selector.open();
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            channel.bind(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            port = channel.socket().getLocalPort();
        } catch (IOException e) {
            closeQuietly(channel);
            closeQuietly(selector);
            throw e;
        }
        listener = channel;
        ServerClock clock = new ServerClock(source);
        PrefixStatistics prefixes = new PrefixStatistics();
        Store store = new Store(clock, statistics, maxBytes, maxItemBytes);
        TextCommands text = new TextCommands(store, clock, statistics, prefixes);
        StatsReport report = new StatsReport(store, clock, statistics, prefixes, port, this::connections);
        commands = new Commands(
                text,
                new MetaCommands(store, clock, statistics, text),
                new StatsCommands(report, prefixes, statistics));
    }

    int port() {
        return port;
    }

    /** Makes the thread end; any thread may call it. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the embedded memcached ends", e);
        } finally {
            for (SelectionKey key : selector.keys()) {
                closeQuietly(key.channel());
            }
            closeQuietly(selector);
        }
    }

    private void serve(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Connection connection) {
            try {
                connection.ready(staging);
            } catch (IOException e) {
                closeQuietly(key.channel());
            } catch (RuntimeException e) {
                // a bug of ours: this client loses its connection, the others go on
                LOGGER.log(Level.WARNING, "the embedded memcached drops a connection", e);
                closeQuietly(key.channel());
            }
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new Connection(channel, key, commands, statistics));
            statistics.totalConnections++;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the embedded memcached cannot accept", e);
        }
    }

    private int connections() {
        return (int) selector.keys().stream().filter(SelectionKey::isValid).count() - 1;
    }

    private static void closeQuietly(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOGGER.log(Level.DEBUG, "closing failed", e);
        }
    }
}
