package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of README's "Requirements" says what the POMs and {@code docs/servers.md} say; {@code -Dapi.update=true} writes it. */
class RequirementsTableTest {
    private static final String START = "<!-- requirements: written by a test -->\n\n";
    private static final String END = "\n\n<!-- end of requirements -->";

    @Test
    void theReadmeSaysWhatIsTested() throws IOException {
        Path readme = Platform.projectFolder().resolve("README.md");
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
        List<String> rows = new ArrayList<>(List.of(
                "| | lowest | newest tested | the dialect that `AUTO` speaks |",
                "|---|---|---|---|",
                row("JDK", "jdk"),
                row("Kotlin: standard library, and compiler of your code", "stdlib"),
                row("kotlinx-coroutines", "coroutines"),
                row("ktor-network", "ktor"),
                row("kotlinx-serialization, for `cachewire-serialization-json`", "serialization"),
                row("Jackson 2, for `cachewire-serialization-jackson`", "jackson"),
                row("Jackson 3, for `cachewire-serialization-jackson3`", "jackson3"),
                row("Caffeine, for `cachewire-loading`", "caffeine"),
                row("Micrometer, for `cachewire-micrometer`", "micrometer"),
                row("OpenTelemetry, for `cachewire-opentelemetry`", "opentelemetry"),
                row("Spring, for `cachewire-spring`", "spring"),
                row("Spring Boot, for `cachewire-spring-boot-starter`", "spring-boot"),
                row("SLF4J", "slf4j")));
        TestedServers.ofThePage()
                .byProduct()
                .forEach((product, servers) ->
                        rows.add(row(product, servers.lowest(), servers.newest(), servers.spoken())));
        return String.join("\n", rows);
    }

    private static String row(String title, String library) {
        return row(title, Versions.lowest(library), Versions.newest(library), "");
    }

    private static String row(String title, String lowest, String newest, String spoken) {
        return "| " + title + " | " + lowest + " | " + newest + " | " + (spoken.isEmpty() ? "" : spoken + " ") + "|";
    }

    @Test
    void aColumnOfTheServersPageBecomesARow() {
        String page = String.join(
                "\n",
                "## AUTO",
                "| operation | 1.6.9 | 1.6.18 | 1.10.0 | some proxy 2.0 | 1.6.18 with -Y |",
                "| `meta.get` | 2 | yes | yes | 2 | 1 |",
                "## TEXT",
                "| operation | 1.6.18 |",
                "| `meta.get` | 2 |",
                "1. The server wants a login and the client has no credentials.",
                "2. Meta commands need the meta dialect.");
        Map<String, TestedServers> products = TestedServers.parse(page).byProduct();
        assertEquals(List.of("memcached", "some proxy"), List.copyOf(products.keySet()));
        TestedServers memcached = products.get("memcached");
        assertEquals("1.6.9", memcached.lowest());
        assertEquals("1.10.0", memcached.newest());
        assertEquals("text: 1.6.9; meta: 1.6.18, 1.10.0; none without credentials: 1.6.18 with -Y", memcached.spoken());
        assertEquals("text", products.get("some proxy").spoken());
        String other = page.replace("2. Meta commands need the meta dialect.", "2. Something else.");
        assertThrows(IllegalStateException.class, () -> TestedServers.parse(other));
    }
}
