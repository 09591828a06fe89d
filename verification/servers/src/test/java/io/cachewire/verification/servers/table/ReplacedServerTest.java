package io.cachewire.verification.servers.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.ConnectionLostException;
import io.cachewire.MemcachedClient;
import io.cachewire.PartialResultException;
import io.cachewire.Protocol;
import io.cachewire.RequestTimeoutException;
import io.cachewire.verification.servers.model.ModelServer;
import io.cachewire.verification.servers.model.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A server is upgraded and downgraded under one running client, by every model, with calls through all faces and values that are commands: no
 * answer is wrong, no value is run, and each server is spoken to as it understands.
 */
class ReplacedServerTest {
    private static final Duration TTL = Duration.ofSeconds(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int CALLERS_OF_A_FACE = 2;

    /** Between two changes each caller has so many right answers. */
    private static final int ANSWERS = 150;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Up and down, from meta to text and back, between the generations of meta, and to what is no memcached. */
    private static final List<Models> ORDER = List.of(
            Models.MEMCACHED_1_6_18,
            Models.MEMCACHED_1_6_9,
            Models.MEMCACHED_1_6_45,
            Models.MEMCACHED_1_4_39,
            Models.MEMCACHED_1_6_21,
            Models.MEMCACHED_1_6_0,
            Models.TWEMPROXY,
            Models.MEMCACHED_1_6_29,
            Models.MEMCACHED_1_6_17,
            Models.MEMCACHED_1_5_22,
            Models.HAZELCAST,
            Models.MEMCACHED_1_6_18,
            Models.INFINISPAN,
            Models.MEMCACHED_1_6_12,
            Models.PROXY);

    private static final Set<Models> IN_META = Set.of(
            Models.MEMCACHED_1_6_18,
            Models.MEMCACHED_1_6_21,
            Models.MEMCACHED_1_6_29,
            Models.MEMCACHED_1_6_45,
            Models.PROXY);

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    void noAnswerIsWrongAndNoValueIsRun() throws Exception {
        ModelServer server = ORDER.get(0).start();
        try (Switch address = Switch.to(server.port());
                MemcachedClient client = SuspendFaceKt.clientOf(address.address(), Protocol.AUTO, TIMEOUT)) {
            List<Caller> callers = callers(client);
            for (Models next : ORDER) {
                ModelServer before = server;
                server = next.start();
                address.replaceBy(server.port());
                before.close();
                awaitAnswers(next, callers);
                assertSpoken(next, server);
                assertNothingRun(next, server);
                assertEquals(List.of(), List.copyOf(wrong), next.recordedName());
            }
            over = true;
            for (Caller caller : callers) {
                caller.join(PATIENCE_NANOS / 1_000_000);
                assertTrue(!caller.isAlive(), "a call hangs");
            }
            assertEquals(List.of(), List.copyOf(wrong));
        } finally {
            over = true;
            server.close();
        }
    }

    private List<Caller> callers(MemcachedClient client) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS_OF_A_FACE; i++) {
            for (Face face :
                    List.of(new SuspendFace(client), JavaFace.of(client.blocking()), JavaFace.of(client.async()))) {
                callers.add(new Caller(face, "own-" + face.name() + i));
            }
        }
        callers.forEach(Thread::start);
        return callers;
    }

    private static void awaitAnswers(Models model, List<Caller> callers) throws InterruptedException {
        long start = System.nanoTime();
        List<Integer> wanted =
                callers.stream().map(caller -> caller.right.get() + ANSWERS).toList();
        for (int i = 0; i < callers.size(); i++) {
            Caller caller = callers.get(i);
            while (caller.right.get() < wanted.get(i)) {
                long waited = System.nanoTime() - start;
                assertTrue(waited < PATIENCE_NANOS, () -> model + ": " + caller.key + " is not served: " + caller.last);
                caller.join(2);
            }
        }
    }

    /** The last calls, which were made on it alone, were in its dialect, and none of the others was. */
    private static void assertSpoken(Models model, ModelServer server) {
        Set<String> commands = new HashSet<>();
        for (ModelServer.Ran ran : server.ran()) {
            if (!ran.line().contains("cachewire-")) {
                commands.add(ran.line().split(" ")[0]);
            }
        }
        boolean inMeta = IN_META.contains(model);
        assertEquals(inMeta, commands.contains("ms"), () -> model + " ran " + commands);
        assertEquals(!inMeta, commands.contains("set"), () -> model + " ran " + commands);
    }

    private static void assertNothingRun(Models model, ModelServer server) {
        Set<String> executed = new HashSet<>();
        for (ModelServer.Ran ran : server.ran()) {
            if (InjectionTest.COMMANDS.contains(ran.line())) {
                executed.add(ran.line());
            }
        }
        assertEquals(Set.of(), executed, model.recordedName());
    }

    /** One thread that calls one face, until all is over. */
    private final class Caller extends Thread {
        private final Face face;
        private final String key;
        private final AtomicInteger right = new AtomicInteger();
        private volatile String last = "nothing has failed";
        private int calls;

        Caller(Face face, String key) {
            super("caller " + key);
            setDaemon(true);
            this.face = face;
            this.key = key;
        }

        @Override
        public void run() {
            while (!over) {
                long start = System.nanoTime();
                try {
                    call(calls++);
                    right.incrementAndGet();
                } catch (ConnectionLostException | RequestTimeoutException | PartialResultException e) {
                    last = e.toString();
                } catch (Exception | AssertionError e) {
                    wrong.add(key + ": " + e);
                }
                long took = System.nanoTime() - start;
                if (took > 2 * TIMEOUT.toNanos()) {
                    wrong.add(key + ": a call took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms");
                }
            }
        }

        private void call(int number) throws Exception {
            String command = InjectionTest.VALUES.get(number % InjectionTest.VALUES.size());
            switch (number % 8) {
                case 0 -> face.call("set", key, key + ":" + number, TTL);
                case 1 -> own(face.call("get", key, String.class), number);
                case 2 -> face.call("set", key + "-command", command, TTL);
                case 3 -> command(face.call("get", key + "-command", String.class));
                case 4 ->
                    own(face.call("getAll", List.of(key, key + "-absent", key + "-command"), String.class), number);
                case 5 -> face.fireAndForget().set(key + "-command", command, TTL);
                case 6 -> face.call("delete", key + "-command");
                default -> face.call("add", key + "-command", command, TTL);
            }
        }

        private void own(Object read, int number) {
            if (read instanceof Map<?, ?> all) {
                Set<?> strangers = new HashSet<>(all.keySet());
                strangers.removeAll(Set.of(key, key + "-command"));
                assertEquals(Set.of(), strangers);
                own(all.get(key), number);
                command(all.get(key + "-command"));
            } else if (read != null) {
                String[] parts = read.toString().split(":");
                assertEquals(key, parts[0]);
                // a write of which nobody knows what has become may come late
                assertTrue(Integer.parseInt(parts[1]) <= number, () -> key + " is " + read + " before it was written");
            }
        }

        private void command(Object read) {
            assertTrue(read == null || InjectionTest.VALUES.contains(read), () -> key + "-command is " + read);
        }
    }
}
