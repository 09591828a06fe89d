package io.cachewire.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that want more than there is; the server, in a JVM with 64 MiB of heap, serves the others all the time. */
class HostileClientsTest {
    private static final int MANY = 60;
    private static final String MEGABYTE = "x".repeat(1_000_000);

    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set k%d 0 0 1000000", "add k%d 0 0 1000000", "ms k%d 1000000", "ms k%d 1000000 q"})
    void takesNoMemoryForAValueThatIsOnlyAnnounced(String command) throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            hostile(server, i -> String.format(command, i) + "\r\n");
            serves(server);
            for (int i = 0; i < 5; i++) {
                wires.get(i).send(MEGABYTE + "\r\n");
                assertEquals("", wires.get(i).ask("").replaceAll("STORED\r\n|HD\r\n", ""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set k%d 0 0 1000000", "ms k%d 1000000"})
    void boundsWhatItHasOfUnfinishedValues(String command) throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            hostile(server, i -> String.format(command, i) + "\r\n" + MEGABYTE.substring(1));
            serves(server);
            // those that stand still give way to one that moves
            Wire other = wire(server);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> other.ask("set big 0 0 1000000\r\n" + MEGABYTE + "\r\n")
                            .equals("STORED\r\n"));
        }
    }

    @Test
    void refusesAValueWithoutRoomAndReadsOn() throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            List<Wire> half = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Wire wire = wire(server);
                wire.send("set k" + i + " 0 0 1000000\r\n" + MEGABYTE.substring(1));
                half.add(wire);
            }
            int refused = 0;
            int ended = 0;
            for (Wire wire : half) {
                try {
                    String reply = wire.ask("x\r\n");
                    refused += reply.equals("SERVER_ERROR out of memory storing object\r\n") ? 1 : 0;
                    assertTrue(reply.equals("STORED\r\n") || reply.startsWith("SERVER_ERROR"), reply);
                } catch (IOException e) {
                    ended++;
                }
            }
            assertTrue(refused + ended > 0, "all of it was held");
            serves(server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "get ", "gets ", "get k ", "mg "})
    void boundsALine(String start) throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            hostile(server, 3, i -> start + "k".repeat(20_000_000));
            serves(server);
            hostile(server, i -> start + "k k k k k ".repeat(100_000));
            serves(server);
        }
    }

    @Test
    void boundsTheReplyToALongListOfKeys() throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            Wire first = wire(server);
            assertEquals("STORED\r\n", first.ask("set small 0 0 1\r\nx\r\n"));
            assertEquals("STORED\r\n", first.ask("set big 0 0 1000000\r\n" + MEGABYTE + "\r\n"));
            hostile(server, 4, i -> "get" + " small".repeat(150_000) + "\r\n");
            hostile(server, 4, i -> "gets" + " big".repeat(150_000) + "\r\n");
            serves(server);
            // all of it comes to who reads
            first.send("get" + " big".repeat(200) + "\r\n");
            for (int i = 0; i < 200; i++) {
                assertEquals("VALUE big 0 1000000\r\n", first.read(21));
                assertEquals(MEGABYTE + "\r\n", first.read(1_000_002));
            }
            assertEquals("END\r\n", first.read(5));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"version", "get k", "mg k v", "mn", "stats", "stats cachedump 1 0", "stats settings", "me k"})
    void boundsTheRepliesThatNobodyReads(String command) throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            wire(server).ask("set k 0 0 10\r\n0123456789\r\n");
            String many = (command + "\r\n").repeat(20_000);
            hostile(server, i -> many);
            serves(server);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000, 600_000, 1_000_000})
    void evictsBeforeTheHeapIsFull(int length) throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            Wire wire = wire(server);
            String value = "x".repeat(length);
            int count = Math.min(300_000, 100_000_000 / length);
            int together = Math.max(1, Math.min(5_000, 100_000 / length));
            for (int i = 0; i < count; i += together) {
                StringBuilder sets = new StringBuilder();
                for (int k = i; k < i + together; k++) {
                    sets.append("set key")
                            .append(k)
                            .append(" 0 0 ")
                            .append(length)
                            .append("\r\n")
                            .append(value);
                    sets.append("\r\n");
                }
                assertEquals("STORED\r\n".repeat(together), wire.ask(sets.toString()));
            }
            serves(server);
        }
    }

    @Test
    void countsABoundedNumberOfPrefixes() throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            Wire wire = wire(server);
            assertEquals("OK\r\n", wire.ask("stats detail on\r\n"));
            String tail = "x".repeat(230);
            for (int i = 0; i < 300; i++) {
                StringBuilder deletes = new StringBuilder();
                for (int k = 0; k < 1000; k++) {
                    deletes.append("delete ").append(i * 1000 + k).append(tail).append(":k noreply\r\n");
                }
                assertEquals("", wire.ask(deletes.toString()));
            }
            serves(server);
        }
    }

    @Test
    void takesLittleForAClientThatIsIdle() throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withSmallHeap()) {
            // each has sent much at once, and waits
            for (int i = 0; i < 800; i++) {
                wire(server).send("delete k noreply\r\n".repeat(3_000));
            }
            serves(server);
        }
    }

    /** A client that comes now is served, by both sets of commands, and the JVM is still there. */
    private void serves(ServerInAJvm server) throws IOException {
        for (int i = 0; i < 20; i++) {
            Wire wire = wire(server);
            assertEquals("STORED\r\nHD\r\n", wire.ask("set a 0 0 1\r\nx\r\nms b 1\r\ny\r\n"));
            assertEquals("VALUE a 0 1\r\nx\r\nEND\r\n", wire.ask("get a\r\n"));
        }
        assertTrue(server.isAlive());
    }

    private void hostile(ServerInAJvm server, IntFunction<String> script) throws IOException {
        hostile(server, MANY, script);
    }

    /** Clients that send this, as much of it as is taken, and read nothing. */
    private void hostile(ServerInAJvm server, int count, IntFunction<String> script) throws IOException {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Wire wire = wire(server);
            String text = script.apply(i);
            Thread sender = new Thread(() -> {
                try {
                    wire.send(text);
                } catch (IOException e) {
                    // the server may hang up
                }
            });
            sender.setDaemon(true);
            sender.start();
            senders.add(sender);
        }
        // those that are held back never end; the others have sent all of it then
        await().atMost(Duration.ofSeconds(20)).until(() -> senders.stream().noneMatch(HostileClientsTest::isRunning));
    }

    private static boolean isRunning(Thread sender) {
        return sender.isAlive() && !isHeldBack(sender);
    }

    private static boolean isHeldBack(Thread sender) {
        StackTraceElement[] stack = sender.getStackTrace();
        for (StackTraceElement element : stack) {
            if (element.getMethodName().equals("park")) {
                return true;
            }
        }
        return false;
    }

    private Wire wire(ServerInAJvm server) throws IOException {
        Wire wire = new Wire(server.port());
        wires.add(wire);
        return wire;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outlivesWantOfDescriptors() throws IOException {
        try (ServerInAJvm server = ServerInAJvm.withDescriptors(200)) {
            Wire early = wire(server);
            assertEquals("STORED\r\n", early.ask("set a 0 0 1\r\nx\r\n"));
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                sockets.add(new Socket(InetAddress.getByName("127.0.0.1"), server.port()));
            }
            assertEquals("VALUE a 0 1\r\nx\r\nEND\r\n", early.ask("get a\r\n"));
            // waiting for a descriptor costs next to nothing
            long cpu = server.cpuNanos();
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(100)).until(() -> System.nanoTime() - start > 500_000_000);
            assertTrue(server.cpuNanos() - cpu < 100_000_000, "the server's thread spins");
            assertEquals("VALUE a 0 1\r\nx\r\nEND\r\n", early.ask("get a\r\n"));
            // those that wait are served as soon as others have gone
            Socket last = sockets.remove(sockets.size() - 1);
            for (Socket socket : sockets) {
                socket.close();
            }
            last.setSoTimeout(10_000);
            last.getOutputStream().write("get a\r\n".getBytes(StandardCharsets.ISO_8859_1));
            byte[] reply = last.getInputStream().readNBytes(21);
            assertEquals("VALUE a 0 1\r\nx\r\nEND\r\n", new String(reply, StandardCharsets.ISO_8859_1));
            last.close();
            assertEquals("VALUE a 0 1\r\nx\r\nEND\r\n", wire(server).ask("get a\r\n"));
        }
    }

    @Test
    void acceptsABurst() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            for (int i = 0; i < 500; i++) {
                long start = System.nanoTime();
                wires.add(new Wire(memcached.port()));
                long millis = (System.nanoTime() - start) / 1_000_000;
                assertTrue(millis < 900, "connect " + i + " took " + millis + " ms");
            }
        }
    }

    @Test
    void refusesOneClientTooMany() throws IOException {
        try (EmbeddedMemcached memcached =
                EmbeddedMemcached.builder().maxConnections(2).start()) {
            Wire first = new Wire(memcached.port());
            Wire second = new Wire(memcached.port());
            assertEquals("END\r\n", first.ask("get a\r\n"));
            assertEquals("END\r\n", second.ask("get a\r\n"));
            Wire third = new Wire(memcached.port());
            assertEquals("ERROR Too many open connections\r\n", third.untilClosed());
            first.close();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> second.ask("stats\r\n").contains("STAT curr_connections 1\r\n"));
            try (Wire fourth = new Wire(memcached.port())) {
                assertEquals("END\r\n", fourth.ask("get a\r\n"));
            }
            assertTrue(second.ask("stats\r\n").contains("STAT rejected_connections 1\r\n"));
            second.close();
            third.close();
        }
    }
}
