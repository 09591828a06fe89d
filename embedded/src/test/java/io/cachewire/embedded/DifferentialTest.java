package io.cachewire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.fixture.MemcachedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bytes to a real memcached and to the embedded one, both fresh: the replies must be the same. */
class DifferentialTest {
    private static final int COMMANDS = 1500;

    private MemcachedServer real;
    private EmbeddedMemcached embedded;

    @BeforeEach
    void startBoth() {
        // its background threads hold an item for a moment after it was read, and arithmetic gives a held item a new
        // number where it
        // pads the number of any other: with them no script could foresee the reply
        real = MemcachedServer.start("-o", "no_lru_maintainer,no_lru_crawler");
        embedded = EmbeddedMemcached.start();
    }

    @AfterEach
    void stopBoth() {
        real.close();
        embedded.close();
    }

    private static List<String> corpus() {
        return Corpus.FILES;
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void answersTheCorpus(String file) throws IOException {
        try (Wire theirs = new Wire(real.port());
                Wire ours = new Wire(embedded.port())) {
            for (String group : Corpus.groups(file)) {
                Replies.assertSame(theirs.ask(group), ours.ask(group), Replies.readable(group));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void answersTheCorpusCutAtRandom(String file) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String context = file + ", seed " + seed + "L";
        try (Wire theirs = new Wire(real.port());
                Wire ours = new Wire(embedded.port())) {
            for (String group : Corpus.groups(file)) {
                // the real one gets it whole: what is compared is that borders change nothing here
                Replies.assertSame(
                        theirs.ask(group), ours.askInPieces(group, random), context + Replies.readable(group));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 0, 0, 0})
    void answersRandomCommands(long fixedSeed) throws IOException {
        long seed = fixedSeed == 0 ? new Random().nextLong() : fixedSeed;
        RandomScript script = new RandomScript(new Random(seed), RandomScript.Pace.LOCKSTEP);
        List<String> last = new ArrayList<>();
        try (Wire theirs = new Wire(real.port());
                Wire ours = new Wire(embedded.port())) {
            for (int i = 0; i < COMMANDS; i++) {
                String command = script.next();
                last.add(command);
                String expected = theirs.ask(command);
                String context = "seed " + seed + "L, command " + i + ", last ones:\n"
                        + Replies.readable(String.join("", last.subList(Math.max(0, i - 30), i + 1)));
                Replies.assertSame(expected, ours.ask(command), context);
                script.observe(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 0, 0, 0})
    void answersRandomPipelinesCutAtRandom(long fixedSeed) throws IOException {
        long seed = fixedSeed == 0 ? new Random().nextLong() : fixedSeed;
        Random random = new Random(seed);
        RandomScript script = new RandomScript(random, RandomScript.Pace.PIPELINED);
        try (Wire theirs = new Wire(real.port());
                Wire ours = new Wire(embedded.port())) {
            for (int round = 0; round < 10; round++) {
                StringBuilder pipeline = new StringBuilder();
                for (int i = 0; i < 150; i++) {
                    pipeline.append(script.next());
                }
                String context = "seed " + seed + "L, round " + round + "\n" + Replies.readable(pipeline.toString());
                String expected = theirs.askInPieces(pipeline.toString(), random);
                Replies.assertSame(expected, ours.askInPieces(pipeline.toString(), random), context);
                // what the pipeline left behind, counters included
                String state = "gets a b c n m\r\n";
                Replies.assertSame(theirs.ask(state), ours.ask(state), context);
                script.observe(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quit\r\nget a\r\n",
                "quit now\r\n",
                "set a 0 0 1\r\nx\r\nget a\r\nquit\r\n",
                "GET / HTTP/1.1\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
                "HTTP/1.1\r\n"
            })
    void closesAfter(String script) throws IOException {
        assertEquals(untilClosed(real.port(), script), untilClosed(embedded.port(), script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "set ", "gat 0 ", "mg ", " gats "})
    void closesOnALongLineWithoutAnEnd(String start) throws IOException {
        String script = start + "a".repeat(20_000);
        assertEquals(untilClosed(real.port(), script), untilClosed(embedded.port(), script));
    }

    private static String untilClosed(int port, String script) throws IOException {
        try (Wire wire = new Wire(port)) {
            wire.send(script);
            return wire.untilClosed();
        }
    }

    @Test
    void statsHaveTheSameNames() throws IOException {
        String work = "set a 0 0 1\r\nx\r\nset b 1 100 1000\r\n" + "y".repeat(1000)
                + "\r\nget a b c\r\ndelete c\r\nincr a 1\r\n";
        try (MemcachedServer withDefaults = MemcachedServer.start();
                Wire theirs = new Wire(withDefaults.port());
                Wire ours = new Wire(embedded.port())) {
            assertEquals(theirs.ask(work), ours.ask(work));
            for (String what : List.of("", " settings", " items", " slabs")) {
                String command = "stats" + what + "\r\n";
                assertEquals(names(theirs.ask(command)), names(ours.ask(command)), command);
            }
        }
    }

    @Test
    void countsTheSame() throws IOException {
        String work = String.join(
                "",
                List.of(
                        "set n 0 0 1\r\n"
                                + "5\r\n"
                                + "set b 1 100 3\r\n"
                                + "yyy\r\n"
                                + "add b 0 0 1\r\n"
                                + "x\r\n"
                                + "set s 0 -1 1\r\n"
                                + "x\r\n"
                                + "get n b c s\r\n",
                        "delete c\r\n"
                                + "delete b\r\n"
                                + "incr n 1\r\n"
                                + "incr c 1\r\n"
                                + "decr n 1\r\n"
                                + "decr c 1\r\n"
                                + "touch n 0\r\n"
                                + "touch c 0\r\n"
                                + "gat 0 n c\r\n",
                        "cas n 0 0 1 1\r\n"
                                + "5\r\n"
                                + "cas c 0 0 1 1\r\n"
                                + "5\r\n"
                                + "mg n v\r\n"
                                + "mg c v\r\n"
                                + "me n\r\n"
                                + "mg n T0\r\n"
                                + "md n\r\n"
                                + "ma n N0\r\n"
                                + "ma n\r\n",
                        "ms z 1\r\n1\r\nset big 0 0 2000000\r\n" + "x".repeat(2_000_000) + "\r\n"));
        try (Wire theirs = new Wire(real.port());
                Wire ours = new Wire(embedded.port())) {
            Replies.assertSame(theirs.ask(work), ours.ask(work), work);
            assertEquals(counters(theirs.ask("stats\r\n")), counters(ours.ask("stats\r\n")));
            assertEquals(theirs.ask("stats reset\r\n"), ours.ask("stats reset\r\n"));
            assertEquals(counters(theirs.ask("stats\r\n")), counters(ours.ask("stats\r\n")));
        }
    }

    private static List<String> names(String stats) {
        return stats.lines()
                .filter(line -> line.startsWith("STAT "))
                .map(line -> line.split(" ")[1])
                .collect(Collectors.toList());
    }

    private static List<String> counters(String stats) {
        return stats.lines()
                .filter(line -> line.matches(
                        "STAT (cmd_|get_|delete_|incr_|decr_|cas_|touch_|store_|curr_items|total_items|bytes"
                                + " |limit_maxbytes).*"))
                .collect(Collectors.toList());
    }
}
