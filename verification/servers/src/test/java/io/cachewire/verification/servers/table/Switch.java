package io.cachewire.verification.servers.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An address behind which one server takes the place of another: connections to the one before end, as with its process, and the next are made to
 * the new one. Its threads are daemons.
 */
final class Switch implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket listener;
    private final Set<Socket> open = new HashSet<>();
    private int port;

    private Switch(ServerSocket listener) {
        this.listener = listener;
    }

    /** Leads to a port of loopback until {@link #replaceBy} says another. */
    static Switch to(int port) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
            Switch made = new Switch(listener);
            made.port = port;
            daemon("switch-accept", made::accept);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Where clients connect to. */
    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Puts another server in the place of the one before. */
    void replaceBy(int other) {
        synchronized (this) {
            port = other;
            open.forEach(Switch::end);
            open.clear();
        }
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                return;
            }
            daemon("switch-connection", () -> lead(client));
        }
    }

    private void lead(Socket client) {
        Socket server = connected(client);
        if (server == null) {
            end(client);
            return;
        }
        daemon("switch-down", () -> carry(server, client));
        carry(client, server);
    }

    /** To the server of now; made under the lock, so that no connection to one of before outlives the change. */
    private synchronized @Nullable Socket connected(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            return server;
        } catch (IOException e) {
            return null;
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one of both has ended
        } finally {
            end(from);
            end(to);
            synchronized (this) {
                open.remove(from);
                open.remove(to);
            }
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be closed
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (this) {
            open.forEach(Switch::end);
        }
    }
}
