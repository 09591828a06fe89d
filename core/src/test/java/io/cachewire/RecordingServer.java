package io.cachewire;

import io.cachewire.fixture.Daemon;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that writes down what arrives and answers nothing but the greeting and {@code version}, these when it
 * was told to. A {@code version} call is thus a fence: when it has its answer, all that was written before is in
 * {@link #received}.
 */
final class RecordingServer implements AutoCloseable {
    static final String VERSION = "1.6.0-recording";

    private static final Pattern GREETING = Pattern.compile("m[gs] (cachewire-\\w+) .*(O\\w+).*\r\n");

    private static final String GREETINGS = "mg cachewire-.*\r\nms cachewire-.*\r\n\r\n";

    private final ServerSocket listener;
    private final CountDownLatch answering = new CountDownLatch(1);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final Queue<IOException> faults = new ConcurrentLinkedQueue<>();

    private RecordingServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** A server that answers from the start. */
    static RecordingServer start() {
        RecordingServer server = startSilent();
        server.answer();
        return server;
    }

    /** A server that is silent until {@link #answer}. */
    static RecordingServer startSilent() {
        try {
            RecordingServer server = new RecordingServer();
            daemon(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        Daemon.of("recording-server", task).start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                accepted.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            faults.add(closed);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                received.write(b);
                line.append((char) b);
                if (b == '\n') {
                    String reply = reply(line.toString());
                    line.setLength(0);
                    if (!reply.isEmpty()) {
                        answering.await();
                        socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        } catch (IOException closed) {
            faults.add(closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reply(String line) {
        Matcher greeting = GREETING.matcher(line);
        if (greeting.matches()) {
            return (line.startsWith("mg") ? "EN k" : "NS k") + greeting.group(1) + " " + greeting.group(2) + "\r\n";
        }
        return line.equals("version\r\n") ? "VERSION " + VERSION + "\r\n" : "";
    }

    /** From now on the greeting and {@code version} are answered, those that wait included. */
    void answer() {
        answering.countDown();
    }

    /** All bytes of all connections so far behind their greetings, as Latin-1. */
    String received() {
        return received.toString(StandardCharsets.ISO_8859_1).replaceAll(GREETINGS, "");
    }

    /** How many connections were made. */
    int connections() {
        return accepted.size();
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : accepted) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
