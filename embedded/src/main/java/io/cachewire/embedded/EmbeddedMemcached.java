package io.cachewire.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A memcached server inside this JVM, for quick starts and unit tests. It speaks the classic text and the meta
 * commands over TCP on loopback, as memcached 1.6.18 does, with expiry, cas and eviction of the least recently used
 * items. It is not a cache for production: one thread serves everybody, items live on the Java heap, and there is no
 * authentication, no TLS, no binary protocol.
 *
 * <pre>{@code
 * try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
 *     connectTo(memcached.address());
 * }
 * }</pre>
 *
 * <p>Instances may be used from any thread. {@link #close} closes every connection, frees the port, and waits for the
 * server's (daemon) thread; it may be called more than once.
 */
public final class EmbeddedMemcached implements AutoCloseable {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final String HOST = "127.0.0.1";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final long END_MILLIS = 900;

    private final Server server;
    private final Thread thread;

    private EmbeddedMemcached(Server server) {
        this.server = server;
        this.thread = new Thread(server, "embedded-memcached-" + STARTED.incrementAndGet());
        thread.setDaemon(true);
    }

    /** Starts a server on a free port of loopback. */
    public static EmbeddedMemcached start() {
        return builder().start();
    }

    /**
     * Starts a server on a port of loopback.
     *
     * @param port 0 for any free port
     * @throws UncheckedIOException when the port is taken
     */
    public static EmbeddedMemcached start(int port) {
        return builder().port(port).start();
    }

    /** A builder with memcached's defaults: any free port, 64 MiB, items up to 1 MiB, the system's clock. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens, as "127.0.0.1:port". */
    public String address() {
        return HOST + ":" + port();
    }

    /** The address of loopback it listens on. */
    public String host() {
        return HOST;
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Closes every connection and the port, and waits for the server's thread to end. */
    @Override
    public void close() {
        server.stop();
        boolean interrupted = false;
        long limit = System.nanoTime() + END_MILLIS * 1_000_000;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            long millis = (limit - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                break;
            }
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Names the server and where it listens. */
    @Override
    public String toString() {
        return "EmbeddedMemcached[" + address() + "]";
    }

    /** What a server may be given; not thread-safe. */
    public static final class Builder {
        private static final int LARGEST_PORT = 65535;
        private static final int LEAST_BYTES = 1024;

        private int port;
        private long maxBytes = 64L * 1024 * 1024;
        private int maxItemBytes = 1024 * 1024;
        private int maxConnections = 1024;
        private InstantSource clock = Clock.systemUTC();

        private Builder() {}

        /** The port on loopback; 0, the default, for any free one. */
        public Builder port(int value) {
            check(value >= 0 && value <= LARGEST_PORT, "port", value);
            this.port = value;
            return this;
        }

        /**
         * How many bytes of items to hold, counted as memcached counts them; beyond it the least recently used go.
         * Items never take more than a third of the heap.
         */
        public Builder maxBytes(long value) {
            check(value >= LEAST_BYTES, "maxBytes", value);
            this.maxBytes = value;
            return this;
        }

        /** The largest item, key and overhead included: memcached's {@code -I}. */
        public Builder maxItemBytes(int value) {
            check(value >= LEAST_BYTES && value <= 1024 * 1024 * 1024, "maxItemBytes", value);
            this.maxItemBytes = value;
            return this;
        }

        /**
         * How many clients may be connected at a time, memcached's {@code -c}; 1024 by default. One more is told so and
         * closed.
         */
        public Builder maxConnections(int value) {
            check(value >= 1, "maxConnections", value);
            this.maxConnections = value;
            return this;
        }

        int maxConnections() {
            return maxConnections;
        }

        long maxBytes() {
            return maxBytes;
        }

        int maxItemBytes() {
            return maxItemBytes;
        }

        InstantSource clock() {
            return clock;
        }

        /** The clock that items expire by, so that a test need not sleep. */
        public Builder clock(InstantSource value) {
            this.clock = value;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws UncheckedIOException when the port is taken
         */
        public EmbeddedMemcached start() {
            try {
                InetAddress loopback = InetAddress.getByAddress(LOOPBACK);
                Rehearsal.once();
                InetSocketAddress address = new InetSocketAddress(loopback, port);
                Server server = new Server(address, this);
                EmbeddedMemcached memcached = new EmbeddedMemcached(server);
                try {
                    memcached.thread.start();
                } catch (OutOfMemoryError e) {
                    server.discard();
                    throw e;
                }
                return memcached;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on " + HOST + ":" + port, e);
            }
        }

        private static void check(boolean good, String name, long value) {
            if (!good) {
                throw new IllegalArgumentException(name + " " + value);
            }
        }
    }
}
