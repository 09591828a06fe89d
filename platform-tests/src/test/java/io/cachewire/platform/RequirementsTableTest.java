package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of README's "Requirements" says what the POMs say; {@code -Dapi.update=true} writes it. */
class RequirementsTableTest {
    private static final String START = "<!-- requirements: written by a test -->\n\n";
    private static final String END = "\n\n<!-- end of requirements -->";

    @Test
    void theReadmeSaysWhatThePomsSay() throws IOException {
        Path readme = Platform.moduleFolder().resolveSibling("README.md");
        String all = Files.readString(readme);
        assertTrue(all.contains(START) && all.contains(END), "README.md has no place for the table");
        int start = all.indexOf(START) + START.length();
        int end = all.indexOf(END);
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(readme, all.substring(0, start) + table() + all.substring(end));
            return;
        }
        assertEquals(table(), all.substring(start, end), "-Dapi.update=true writes the table");
    }

    private static String table() {
        return String.join(
                "\n",
                "| | lowest | newest tested |",
                "|---|---|---|",
                row("JDK", "jdk"),
                row("Kotlin: standard library, and compiler of your code", "stdlib"),
                row("kotlinx-coroutines", "coroutines"),
                row("ktor-network", "ktor"),
                row("kotlinx-serialization, for `cachewire-serialization-json`", "serialization"),
                row("SLF4J", "slf4j"));
    }

    private static String row(String title, String library) {
        return "| " + title + " | " + Versions.lowest(library) + " | " + Versions.newest(library) + " |";
    }
}
