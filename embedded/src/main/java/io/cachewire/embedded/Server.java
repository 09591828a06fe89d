package io.cachewire.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The thread that does everything: accepts, reads, runs commands and writes. One thread means one order of all
 * commands, so the store needs no lock. It ends, and closes every socket, when {@link #stop} was called.
 *
 * <p>Whatever is thrown while a connection is served, an Error too, ends that connection only. While sockets cannot be
 * accepted, for want of descriptors or memory, it serves those that it has and tries again every {@link #PAUSE_NANOS}.
 */
final class Server implements Runnable {
    private static final Logger LOGGER = System.getLogger(Server.class.getName());
    private static final int STAGING_BYTES = 64 * 1024;
    private static final int MOST_ACCEPTED = 256;
    private static final int SHARE_OF_HEAP = 3;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final long PAUSE_MILLIS = 20;
    private static final long WARN_NANOS = 1_000_000_000;
    private static final int BACKLOG = 1024;
    private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey listenerKey;
    private final int port;
    private final int maxConnections;
    private final Statistics statistics = new Statistics();
    private final Store store;
    private final Commands commands;
    private final Memory memory;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private boolean accepting = true;
    private long lastWarned = System.nanoTime() - WARN_NANOS;
    private long paused;
    private volatile boolean stopped;

    /** Opens the port; the caller starts the thread, or calls {@link #discard}. */
    Server(InetSocketAddress address, EmbeddedMemcached.Builder settings) throws IOException {
        ServerClock clock = new ServerClock(settings.clock());
        // it is needed in bad times, so it is made in good ones
        LOGGER.isLoggable(Level.WARNING);
        maxConnections = settings.maxConnections();
        selector = Selector.open();
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            listenerKey = channel.register(selector, SelectionKey.OP_ACCEPT);
            port = channel.socket().getLocalPort();
        } catch (IOException e) {
            closeQuietly(channel);
            closeQuietly(selector);
            throw e;
        }
        listener = channel;
        memory = new Memory(Memory.defaultLimit(), this::clients);
        PrefixStatistics prefixes = new PrefixStatistics();
        long heap = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        store = new Store(clock, statistics, settings.maxBytes(), settings.maxItemBytes(), heap);
        TextCommands text = new TextCommands(store, clock, statistics, prefixes);
        StatsReport report =
                new StatsReport(store, clock, statistics, prefixes, port, maxConnections, this::connections);
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

    /** Closes what the constructor opened; for a server whose thread was not started. */
    void discard() {
        closeQuietly(listener);
        closeQuietly(selector);
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                turn();
            }
        } finally {
            for (SelectionKey key : selector.keys()) {
                closeQuietly(key.channel());
            }
            closeQuietly(selector);
        }
    }

    private void turn() {
        try {
            if (accepting) {
                selector.select(this::serve);
            } else {
                selector.select(this::serve, PAUSE_MILLIS);
                acceptAgain();
            }
        } catch (ClosedSelectorException e) {
            stopped = true;
        } catch (IOException | RuntimeException | Error e) {
            warn("the embedded memcached cannot wait for its clients", e);
            // whatever it is, it must not be tried in a tight loop
            LockSupport.parkNanos(PAUSE_NANOS);
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
                connection.close();
            } catch (RuntimeException e) {
                // a bug of ours: this client loses its connection, the others go on
                connection.close();
                warn("the embedded memcached drops a connection", e);
            } catch (Error e) {
                connection.close();
                store.shrink();
                warn("the embedded memcached drops a connection", e);
            }
        } else {
            accept();
        }
    }

    /** Accepts all that wait, so that a burst of clients does not wait for a turn each. */
    private void accept() {
        for (int i = 0; i < MOST_ACCEPTED; i++) {
            SocketChannel channel = null;
            try {
                channel = listener.accept();
                if (channel == null) {
                    return;
                }
                open(channel);
            } catch (IOException | RuntimeException | Error e) {
                closeQuietly(channel);
                pause(e);
                return;
            }
        }
    }

    private void open(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        if (selector.keys().size() > maxConnections) {
            statistics.rejectedConnections++;
            channel.write(ByteBuffer.wrap(TOO_MANY));
            channel.close();
            return;
        }
        channel.socket().setTcpNoDelay(true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new Connection(channel, key, commands, statistics, memory));
        statistics.totalConnections++;
    }

    private void pause(Throwable reason) {
        paused = System.nanoTime();
        accepting = false;
        listenerKey.interestOps(0);
        warn("the embedded memcached cannot accept, and tries again", reason);
    }

    private void acceptAgain() {
        if (!accepting && System.nanoTime() - paused >= PAUSE_NANOS) {
            listenerKey.interestOps(SelectionKey.OP_ACCEPT);
            accepting = true;
        }
    }

    /** At most once a second, as what it is about can happen to each client. */
    private void warn(String what, Throwable reason) {
        if (System.nanoTime() - lastWarned < WARN_NANOS) {
            return;
        }
        lastWarned = System.nanoTime();
        try {
            LOGGER.log(Level.WARNING, what, reason);
        } catch (RuntimeException | Error e) {
            // a log that cannot be written, with a full heap or without descriptors, must not end the server
        }
    }

    private Stream<Connection> clients() {
        return selector.keys().stream()
                .map(SelectionKey::attachment)
                .filter(Connection.class::isInstance)
                .map(Connection.class::cast);
    }

    private int connections() {
        return (int) selector.keys().stream().filter(SelectionKey::isValid).count() - 1;
    }

    static void closeQuietly(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception | Error e) {
            // nothing is left to be done with it
        }
    }
}
