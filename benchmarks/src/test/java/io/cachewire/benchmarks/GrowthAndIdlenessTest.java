package io.cachewire.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Small runs of the programs that measure our client alone, or what waits for what: all points are there, and no figure is looked at. */
final class GrowthAndIdlenessTest {
    @TempDir
    private Path out;

    @Test
    void scaleMeasuresEachThingThatGrows() throws Exception {
        run(
                new ScaleCommand(),
                "--callers 1,300 --servers 1,2 --connections 1,2 --keys 1024,2048 --usual-callers 4 --rounds 1 --seconds 0.05");
        String table = Files.readString(out.resolve("scale.txt"));
        for (String block : List.of("callers", "servers", "connections", "keys")) {
            assertTrue(table.contains(block), table);
            assertTrue(Files.readString(out.resolve("scale-" + block + ".svg")).contains("<svg"));
        }
        // four things, two counts, two calls, two styles, and a line of names
        assertEquals(
                1 + 4 * 2 * 2 * 2, Files.readAllLines(out.resolve("scale.csv")).size());
        assertEquals(
                32,
                Pattern.compile("(?m)^\\d+ +[gs]et ").matcher(table).results().count(),
                table);
    }

    @Test
    void idleCountsThreadsAndConnections() throws Exception {
        run(new IdleCommand(), "--servers 3 --connections 1,2 --seconds 0.2");
        String table = Files.readString(out.resolve("idle.txt"));
        assertTrue(
                Pattern.compile(
                                "threads of the client +\\d+: (Def.*, )?(cachewire-\\d+-(apart|connect)-\\d+, )*cachewire-\\d+-deadlines,"
                                        + " cachewire-\\d+-io(, cachewire-forgotten)?(, kotlinx.*)?\\n")
                        .matcher(table)
                        .find(),
                table);
        assertTrue(
                Pattern.compile("servers, connections to each +3, 2")
                        .matcher(table)
                        .find(),
                table);
    }

    @Test
    void stallMovesLargeValuesBesideSmallOnes() throws Exception {
        run(new StallCommand(), "--callers 2 --rounds 1 --seconds 0.1");
        String table = Files.readString(out.resolve("stall.txt"));
        assertEquals(
                2 * 8,
                Pattern.compile("(?m)^  (cachewire|folsom|spymemcached|xmemcached)/.* [1-9]\\d*$")
                        .matcher(table)
                        .results()
                        .count(),
                "large values were moved by all in both blocks: " + table);
        for (String part : List.of("nothing", "large reads", "large writes", "cachewire/suspend, 2", "folsom/await")) {
            assertTrue(table.contains(part), table);
        }
    }

    private void run(Callable<Integer> command, String options) {
        String[] arguments = (options + " --out " + out).split(" ");
        assertEquals(0, new CommandLine(command).execute(arguments));
    }
}
