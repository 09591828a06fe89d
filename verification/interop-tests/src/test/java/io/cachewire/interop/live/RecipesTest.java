package io.cachewire.interop.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.interop.GeneratedPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes of docs/interop.md as they stand there: the other side's code stores, ours finds the value. */
class RecipesTest {
    private static final int LONGEST_SECONDS = 60;
    private static final String OURS = "import io.cachewire.*;\nimport io.cachewire.interop.*;\nimport java.util.*;\n";

    private static Pool pool;

    @TempDir
    Path folder;

    /**
     * What stands around a snippet to make it a program.
     *
     * @param program who runs it; null for the JVM, and for a client that is not to be had here
     * @param file the name of its file
     */
    private record Frame(Program program, String file, String before, String after) {}

    private static final Map<String, Frame> FRAMES = Map.ofEntries(
            Map.entry("Python, pylibmc", new Frame(Program.PYLIBMC, "a.py", "import pylibmc\n", "")),
            Map.entry("Python, python-memcached", new Frame(Program.PYTHON_MEMCACHED, "a.py", "import memcache\n", "")),
            Map.entry(
                    "Python, pymemcache",
                    new Frame(
                            Program.PYMEMCACHE,
                            "a.py",
                            "from pymemcache import serde\nfrom pymemcache.client.hash import HashClient\n",
                            "client.get('user:1')\n")),
            Map.entry("PHP", new Frame(Program.PHP, "a.php", "<?php\n", "")),
            Map.entry("Ruby, dalli", new Frame(Program.RUBY, "a.rb", "require 'dalli'\nrequire 'json'\n", "")),
            Map.entry("Perl", new Frame(Program.PERL_FAST, "a.pl", "use Cache::Memcached::Fast;\n", "")),
            Map.entry(
                    "Node.js",
                    new Frame(
                            Program.NODE,
                            "a.js",
                            "const Memcached = require('" + Program.folder() + "/node/node_modules/memcached')\n"
                                    + "const done = error => process.exit(error ? 1 : 0)\n",
                            "")),
            Map.entry(
                    "Go, gomemcache",
                    new Frame(
                            Program.GO,
                            "a.go",
                            "package main\nimport \"github.com/bradfitz/gomemcache/memcache\"\nfunc main() {\n",
                            "}\n")),
            Map.entry(
                    "spymemcached",
                    new Frame(
                            null,
                            "",
                            "import net.spy.memcached.*;\nimport net.spy.memcached.ConnectionFactoryBuilder.Locator;\n",
                            "client.waitForQueues(30, java.util.concurrent.TimeUnit.SECONDS);\nclient.shutdown();\n")),
            Map.entry(
                    "xmemcached",
                    new Frame(
                            null,
                            "",
                            "import net.rubyeye.xmemcached.*;\nimport net.rubyeye.xmemcached.impl.*;\n"
                                    + "import net.rubyeye.xmemcached.utils.AddrUtil;\n",
                            "client.shutdown();\n")),
            Map.entry(
                    "folsom",
                    new Frame(
                            null,
                            "",
                            "import com.spotify.folsom.*;\nimport java.nio.charset.StandardCharsets;\n",
                            "client.shutdown();\n")));

    /** Its client is not in Debian: that recipe is compiled on our side only. */
    private static final String NOT_RUN = "C#, EnyimMemcached";

    @BeforeAll
    static void startServers() {
        pool = new Pool();
    }

    @AfterAll
    static void stopServers() {
        pool.close();
    }

    static Stream<String> titles() throws IOException {
        return recipes().stream().map(Recipe::title);
    }

    private static List<Recipe> recipes() throws IOException {
        return Recipe.in(Files.readString(GeneratedPart.docs().resolve("interop.md")));
    }

    @Test
    void eachRecipeIsTried() throws IOException {
        List<String> known = new ArrayList<>(FRAMES.keySet());
        known.add(NOT_RUN);
        assertEquals(known.stream().sorted().toList(), titles().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("titles")
    void oursFindsWhatTheirsStores(String title) throws Exception {
        Recipe recipe = recipes().stream()
                .filter(one -> one.title().equals(title))
                .findFirst()
                .orElseThrow();
        List<String> servers =
                pool.servers(i -> 1).stream().limit(2).map(String::valueOf).toList();
        String[] names = servers.toArray(String[]::new);
        pool.clear();
        if (title.equals(NOT_RUN)) {
            assertEquals(null, JavaSnippet.run(folder, OURS, recipe.oursReading("greeting"), names));
            return;
        }
        String code = recipe.theirsAt(servers);
        Frame frame = FRAMES.get(title);
        if (frame.program() == null) {
            JavaSnippet.run(folder, frame.before(), code(title, code) + frame.after() + "return null;", names);
        } else {
            run(frame, code);
        }
        long misses = pool.sum("get_misses");
        String key = code.contains("user:1") ? "user:1" : "greeting";
        Object expected = key.equals("greeting") ? "hello" : Map.of("name", "Ada");
        assertEquals(
                expected,
                JavaSnippet.run(Files.createDirectory(folder.resolve("ours")), OURS, recipe.oursReading(key), names));
        // the greeting reads a key that no item has
        assertEquals(misses + 1, pool.sum("get_misses"), "servers asked that did not have the key");
    }

    /** spymemcached sends to the next server until the right one is connected; folsom refuses. */
    private static String code(String title, String code) {
        String store = "client.set(";
        return switch (title) {
            case "spymemcached" ->
                code.replace(store, "while (client.getAvailableServers().size() < 2) Thread.sleep(10);\n" + store);
            case "folsom" ->
                code.replace(store, "client.awaitFullyConnected(30, java.util.concurrent.TimeUnit.SECONDS);\n" + store)
                        .replace("300);", "300).toCompletableFuture().get();");
            default -> code;
        };
    }

    private void run(Frame frame, String code) throws Exception {
        List<String> found = LiveSharingTest.installed(() -> frame.program()
                .command()
                .orElseThrow(() -> new Setup.MissingPeerException(
                        frame.file() + " needs " + frame.program().packages())));
        Path file = folder.resolve(frame.file());
        Files.writeString(file, frame.before() + code + frame.after());
        List<String> command = frame.program() == Program.GO
                ? List.of("go", "run", file.toString())
                : List.of(found.get(0), file.toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().putAll(Program.environment());
        Process process = builder.start();
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String out = Files.readString(folder.resolve("out"));
        assertEquals(0, ended ? process.exitValue() : -1, () -> Files.exists(file) ? out + code : out);
    }
}
