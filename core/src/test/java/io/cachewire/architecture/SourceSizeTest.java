package io.cachewire.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No main file of any module grows beyond 400 lines unnoticed. */
class SourceSizeTest {
    private static final int MOST_LINES = 400;

    /** Longer files, by path from the root of the repository, each with its reason. A name that is no longer needed fails. */
    private static final Map<String, String> LONGER = Map.of(
            "core/src/main/java/io/cachewire/AsyncMemcachedClient.java", "one face is one class",
            "core/src/main/java/io/cachewire/BlockingMemcachedClient.java", "one face is one class",
            "core/src/main/java/io/cachewire/ClientBuilder.java", "a method for each setting",
            "core/src/main/java/io/cachewire/operation/Wakeups.java",
                    "who is woken with whom, and what becomes of the rest",
            "core/src/main/kotlin/io/cachewire/connection/Connection.kt",
                    "one state, whose parts make sense together only");

    @Test
    void mainFilesAreShortOrNamed() throws IOException {
        Path root = ModuleFolder.path().getParent();
        Map<String, Long> tooLong = new TreeMap<>();
        List<Path> files = mainFiles(root);
        assertFalse(files.isEmpty(), "no source files found");
        for (Path file : files) {
            try (Stream<String> lines = Files.lines(file)) {
                long count = lines.count();
                if (count > MOST_LINES) {
                    tooLong.put(root.relativize(file).toString().replace('\\', '/'), count);
                }
            }
        }
        assertEquals(LONGER.keySet(), tooLong.keySet(), () -> "files over " + MOST_LINES + " lines: " + tooLong);
    }

    private static List<Path> mainFiles(Path root) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("src/main"))
                    .flatMap(main ->
                            Stream.of(".java", ".kt").flatMap(ending -> ModuleFolder.files(main, ending).stream()))
                    .toList();
        }
    }
}
