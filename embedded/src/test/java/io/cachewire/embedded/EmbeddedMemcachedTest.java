package io.cachewire.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EmbeddedMemcachedTest {
    @Test
    void saysWhereItIs() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                Wire wire = new Wire(memcached.port())) {
            assertEquals("127.0.0.1", memcached.host());
            assertEquals("127.0.0.1:" + memcached.port(), memcached.address());
            assertEquals("VERSION 1.6.18\r\n", wire.ask("version\r\n"));
        }
    }

    @Test
    void takesThePortItIsGiven() {
        EmbeddedMemcached first = EmbeddedMemcached.start();
        int port = first.port();
        assertThrows(UncheckedIOException.class, () -> EmbeddedMemcached.start(port));
        first.close();
        try (EmbeddedMemcached second = EmbeddedMemcached.start(port)) {
            assertEquals(port, second.port());
        }
    }

    @Test
    void refusesSenselessSettings() {
        EmbeddedMemcached.Builder builder = EmbeddedMemcached.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.port(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.port(65_536));
        assertThrows(IllegalArgumentException.class, () -> builder.maxBytes(0));
        assertThrows(IllegalArgumentException.class, () -> builder.maxItemBytes(-1));
    }

    @Test
    void expiresByTheGivenClock() throws IOException {
        SteppedClock clock = new SteppedClock();
        try (EmbeddedMemcached memcached =
                        EmbeddedMemcached.builder().clock(clock).start();
                Wire wire = new Wire(memcached.port())) {
            assertEquals("STORED\r\n", wire.ask("set a 0 60 1\r\nx\r\n"));
            clock.advance(Duration.ofSeconds(59));
            assertEquals("HD t1 l59\r\n", wire.ask("mg a t l\r\n"));
            assertEquals("HD t1 l59\r\n", wire.ask("mg a t l\r\n"));
            assertEquals("HD t1 l0\r\n", wire.ask("mg a t l\r\n"));
            clock.advance(Duration.ofSeconds(1));
            assertEquals("EN\r\n", wire.ask("mg a t\r\n"));
        }
    }

    @Test
    void holdsNoMoreThanItMay() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.builder()
                        .maxBytes(10_000)
                        .maxItemBytes(2_000)
                        .start();
                Wire wire = new Wire(memcached.port())) {
            for (int i = 0; i < 20; i++) {
                assertEquals("STORED\r\n", wire.ask("set k" + i + " 0 0 1000\r\n" + "x".repeat(1000) + "\r\n"));
            }
            assertEquals("END\r\n", wire.ask("get k0 k10\r\n"));
            assertTrue(wire.ask("get k19\r\n").startsWith("VALUE k19 0 1000\r\n"));
            assertEquals(
                    "SERVER_ERROR object too large for cache\r\n",
                    wire.ask("set big 0 0 2000\r\n" + "x".repeat(2000) + "\r\n"));
            assertTrue(wire.ask("stats\r\n").contains("STAT curr_items 9\r\n"));
        }
    }

    @Test
    void closesInTimeWithEverything() throws IOException {
        EmbeddedMemcached memcached = EmbeddedMemcached.start();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            wires.add(new Wire(memcached.port()));
            wires.get(i).ask("version\r\n");
        }
        assertTrue(serverThreads().allMatch(Thread::isDaemon));
        assertTimeout(Duration.ofSeconds(1), memcached::close);
        assertFalse(serverThreads().findAny().isPresent(), "a thread is left");
        for (Wire wire : wires) {
            assertEquals("", wire.untilClosed());
            wire.close();
        }
        assertDoesNotThrow(memcached::close);
        assertThrows(IOException.class, () -> new Wire(memcached.port()));
    }

    private static Stream<Thread> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("embedded-memcached-"));
    }

    @Test
    void closesWhenInterrupted() {
        EmbeddedMemcached memcached = EmbeddedMemcached.start();
        Thread.currentThread().interrupt();
        memcached.close();
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertFalse(serverThreads().findAny().isPresent());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNoFileDescriptor() throws IOException {
        startUseClose();
        long before = descriptors();
        for (int i = 0; i < 30; i++) {
            startUseClose();
        }
        // what other threads of the JVM open at the same time is given a little room
        assertTrue(descriptors() <= before + 5, "open: " + before + ", then " + descriptors());
    }

    private static void startUseClose() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                Wire wire = new Wire(memcached.port())) {
            assertEquals("END\r\n", wire.ask("get a\r\n"));
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(
                Path.of("/proc/" + ManagementFactory.getRuntimeMXBean().getPid() + "/fd"))) {
            return open.count();
        }
    }

    @Test
    void servesManyAtATime() throws Exception {
        int clients = 16;
        int rounds = 300;
        ExecutorService executor = Executors.newFixedThreadPool(clients);
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            List<Future<?>> ends = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                String own = "own" + client;
                ends.add(executor.submit(() -> {
                    try (Wire wire = new Wire(memcached.port())) {
                        for (int i = 0; i < rounds; i++) {
                            String value = own + "-" + i;
                            String header = " 0 " + value.length() + "\r\n" + value + "\r\n";
                            assertEquals(
                                    "STORED\r\nVALUE " + own + " 0" + header.substring(2) + "END\r\n",
                                    wire.ask("set " + own + " 0" + header + "get " + own + "\r\n"));
                            wire.ask("ma shared N0 q\r\n");
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
            try (Wire wire = new Wire(memcached.port())) {
                // the first one creates it with 0
                int total = clients * rounds - 1;
                assertEquals(
                        "VA " + Integer.toString(total).length() + "\r\n" + total + "\r\n",
                        wire.ask("mg shared v\r\n"));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void holdsASlowReaderBack() throws Exception {
        int value = 500_000;
        int gets = 400;
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                Wire slow = new Wire(memcached.port());
                Wire other = new Wire(memcached.port())) {
            slow.ask("set big 0 0 " + value + "\r\n" + "x".repeat(value) + "\r\n");
            slow.send(("get big\r\n").repeat(gets));
            // 200 MB of replies: only as many commands run as the socket and the bound take
            await().atMost(Duration.ofSeconds(5)).until(() -> getHits(other) > 0);
            long held = settled(other);
            assertTrue(held < gets / 2, "ran " + held + " of " + gets);
            assertEquals("STORED\r\n", other.ask("set small 0 0 1\r\nx\r\n"), "others are served meanwhile");
            String reply = "VALUE big 0 " + value + "\r\n" + "x".repeat(value) + "\r\nEND\r\n";
            for (int i = 0; i < gets; i++) {
                assertEquals(reply, slow.read(reply.length()));
            }
            assertEquals(gets, getHits(other));
        }
    }

    /** The number of hits once it stays the same between questions. */
    private static long settled(Wire wire) throws IOException {
        long last = -1;
        int same = 0;
        while (same < 50) {
            long now = getHits(wire);
            same = now == last ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    private static long getHits(Wire wire) throws IOException {
        return wire.ask("stats\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT get_hits "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void answersBeforeItClosesAfterAHalfClose() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                Wire wire = new Wire(memcached.port())) {
            wire.send("set a 0 0 1\r\nx\r\nget a\r\n");
            wire.socket().shutdownOutput();
            assertEquals("STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n", wire.untilClosed());
        }
    }

    @Test
    void survivesAClientThatVanishes() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            for (int i = 0; i < 20; i++) {
                Wire wire = new Wire(memcached.port());
                wire.send("set a 0 0 100\r\nhalf");
                wire.socket().setSoLinger(true, 0);
                wire.close();
            }
            try (Wire wire = new Wire(memcached.port())) {
                assertEquals("END\r\n", wire.ask("get a\r\n"));
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> wire.ask("stats\r\n").contains("STAT curr_connections 1\r\n"));
            }
        }
    }

    @Test
    void cutsOffTheBinaryProtocol() throws IOException {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                Wire wire = new Wire(memcached.port())) {
            wire.send("\u0080\u000b" + "\0".repeat(22));
            assertEquals("", wire.untilClosed());
        }
    }
}
