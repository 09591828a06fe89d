package io.cachewire.verification.servers.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model server on a free port of loopback: a thread for each connection, one lock for everything else. What it ran,
 * and which connections it closed, can be asked.
 */
public final class ModelServer implements Closeable {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Traits traits;
    private final Function<ModelServer, Gate> gates;
    private final ServerSocket listener;
    private final ItemStore store = new ItemStore();
    private final Map<Session, Connection> open = new LinkedHashMap<>();
    private final Map<Session, Set<String>> watchers = new LinkedHashMap<>();
    private final List<Ran> ran = new ArrayList<>();
    private final List<Integer> hangUps = new ArrayList<>();
    private int accepted;
    private boolean crawlerRuns;

    /** A command line that was executed, or refused, on a connection; connections count from 1. */
    public record Ran(int connection, String line) {}

    /** What a connection has taken and given so far. */
    public record Progress(long received, long written, boolean closed) {}

    private static final class Connection {
        final Socket socket;
        final int number;
        long received;
        long written;
        boolean closed;

        Connection(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }
    }

    ModelServer(Traits traits, Function<ModelServer, Gate> gates) {
        this.traits = traits;
        this.gates = gates;
        this.crawlerRuns = traits.has(Trait.CRAWLER_RUNS);
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("model-accept", this::accept).start();
    }

    private static Thread daemon(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Where it listens, as "127.0.0.1:port". */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The port of loopback that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The item of a key, or null. */
    public synchronized @Nullable Item item(String key) {
        return store.find(key);
    }

    /** The command lines so far, in order; data blocks that were read as such are not among them. */
    public synchronized List<Ran> ran() {
        return List.copyOf(ran);
    }

    /** The connections that the server closed, by their numbers and in order. */
    public synchronized List<Integer> hangUps() {
        return List.copyOf(hangUps);
    }

    /** How many connections were accepted so far. */
    public synchronized int accepted() {
        return accepted;
    }

    /** Waits until the connection from a port has taken so many bytes, or was closed; what it gave in return. */
    public synchronized Progress awaitReceived(int clientPort, long bytes) throws InterruptedException {
        while (true) {
            Optional<Connection> found = open.values().stream()
                    .filter(c -> c.socket.getPort() == clientPort)
                    .findFirst();
            if (found.isPresent() && (found.get().closed || found.get().received >= bytes)) {
                return new Progress(found.get().received, found.get().written, found.get().closed);
            }
            wait();
        }
    }

    private void accept() {
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
                socket.setTcpNoDelay(true);
            } catch (IOException e) {
                return;
            }
            Session session;
            Connection connection;
            synchronized (this) {
                accepted++;
                connection = new Connection(socket, accepted);
                session = new Session(this);
                open.put(session, connection);
            }
            daemon("model-connection-" + connection.number, () -> serve(session, connection))
                    .start();
        }
    }

    private void serve(Session session, Connection connection) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (Socket socket = connection.socket) {
            OutputStream out = socket.getOutputStream();
            while (true) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    break;
                }
                byte[] replies;
                synchronized (this) {
                    replies = session.receive(buffer, count);
                    // counted before they are written, so that a full socket cannot stop who waits for the count
                    connection.received += count;
                    connection.written += replies.length;
                    if (session.isClosed()) {
                        connection.closed = true;
                        hangUps.add(connection.number);
                    }
                    notifyAll();
                }
                out.write(replies);
                synchronized (this) {
                    // no event may overtake the answer to the watch
                    session.watching().ifPresent(logs -> watchers.put(session, logs));
                }
                if (session.isClosed()) {
                    break;
                }
            }
        } catch (IOException e) {
            // the client has gone
        } finally {
            synchronized (this) {
                connection.closed = true;
                watchers.remove(session);
                notifyAll();
            }
        }
    }

    ItemStore store() {
        return store;
    }

    Traits traits() {
        return traits;
    }

    Gate newGate() {
        return gates.apply(this);
    }

    void ran(Session session, String line) {
        Connection connection = open.get(session);
        ran.add(new Ran(connection == null ? 0 : connection.number, line));
    }

    boolean crawlerRuns() {
        return crawlerRuns;
    }

    void crawlerRuns(boolean now) {
        crawlerRuns = now;
    }

    /** Logs to those who watch this log. */
    void log(String log, String line) {
        watchers.forEach((session, logs) -> {
            if (logs.contains(log)) {
                try {
                    session.push("ts=1000000000.000000 gid=1 " + line + "\n");
                } catch (IOException e) {
                    // the watcher has gone
                }
            }
        });
    }

    void push(Session session, byte[] bytes) throws IOException {
        Connection connection = open.get(session);
        if (connection != null) {
            connection.socket.getOutputStream().write(bytes);
        }
    }

    /** Closes the port and every connection. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Connection connection : connections()) {
                connection.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized List<Connection> connections() {
        return List.copyOf(open.values());
    }
}
