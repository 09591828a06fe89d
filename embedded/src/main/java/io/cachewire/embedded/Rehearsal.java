package io.cachewire.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs each command once on a server that nobody else knows, so that every class is loaded before the first server of
 * the JVM is used. A class file cannot be opened while the process is out of descriptors, and the JVM never tries again
 * to load a class that it could not load once.
 */
final class Rehearsal {
    private static final AtomicBoolean DONE = new AtomicBoolean();
    private static final int MOST_MILLIS = 2_000;
    private static final String SCRIPT = String.join(
            "\r\n",
            "set a 0 0 1 noreply",
            "1",
            "add a 0 100 1",
            "1",
            "cas a 0 -1 1 1",
            "12",
            "append b 0 0 1",
            "1",
            "incr a 1",
            "decr a x",
            "touch a 0",
            "get a b",
            "gats 0 a",
            "delete a",
            "ms YQ== 1 b c T0 q",
            "1",
            "mg a v t f s k c h l N30 R30 Oo",
            "ma n N0 J1 v",
            "md a I T30 q",
            "me a",
            "mn",
            "verbosity 1",
            "version",
            "stats",
            "stats settings",
            "stats items",
            "stats slabs",
            "stats conns",
            "stats detail on",
            "get p:a",
            "stats detail dump",
            "stats cachedump 1 1",
            "stats reset",
            "flush_all",
            "unknown",
            "quit",
            "");

    private Rehearsal() {}

    /** The first time in this JVM. */
    static void once(InetAddress loopback) {
        if (DONE.getAndSet(true)) {
            return;
        }
        try {
            // the lines of a log show the time
            ZoneId.systemDefault().getRules();
            Server server = new Server(new InetSocketAddress(loopback, 0), EmbeddedMemcached.builder());
            Thread thread = new Thread(server, "rehearsal-of-embedded-memcached");
            thread.setDaemon(true);
            thread.start();
            try {
                perform(loopback, server.port());
            } finally {
                server.stop();
                thread.join(MOST_MILLIS);
            }
        } catch (IOException e) {
            // it is for bad times only; if these are, the server itself says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void perform(InetAddress loopback, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback, port), MOST_MILLIS);
            socket.setSoTimeout(MOST_MILLIS);
            socket.getOutputStream().write(SCRIPT.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
    }
}
