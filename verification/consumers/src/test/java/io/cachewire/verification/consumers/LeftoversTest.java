package io.cachewire.verification.consumers;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void socketThatIsLeftIsFound() throws Exception {
        Leftovers before = Leftovers.now();
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String found = failure(before);
            assertTrue(found.contains("sockets"), found);
        }
        before.requireNothingNew(LONG);
    }

    @Test
    void selectorThatIsLeftIsFound() throws Exception {
        Leftovers before = Leftovers.now();
        try (Selector selector = Selector.open()) {
            assertTrue(selector.isOpen());
            String found = failure(before);
            assertTrue(found.contains("anon_inode:"), found);
        }
        before.requireNothingNew(LONG);
    }

    @Test
    void threadOfTheClientThatIsLeftIsFound() throws Exception {
        found("cachewire-7-io", true);
    }

    @Test
    void threadThatKeepsTheProgramAliveIsFound() throws Exception {
        found("somebody", false);
    }

    private static void found(String name, boolean daemon) throws Exception {
        Leftovers before = Leftovers.now();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(daemon);
        thread.start();
        try {
            String found = failure(before);
            assertTrue(found.contains("thread " + name), found);
        } finally {
            end.countDown();
        }
        before.requireNothingNew(LONG);
    }

    private static String failure(Leftovers before) {
        return String.valueOf(assertThrows(AssertionError.class, () -> before.requireNothingNew(SHORT))
                .getMessage());
    }
}
