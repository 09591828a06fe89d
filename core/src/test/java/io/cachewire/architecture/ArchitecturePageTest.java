package io.cachewire.architecture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ProjectModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/architecture.md} says is there. */
class ArchitecturePageTest {
    private static final Path PAGE = ProjectModules.PROJECT.resolve("docs/architecture.md");

    @Test
    void packagesAreThoseOfTheImportRules() throws IOException {
        Set<String> named = found("(?m)^\\| `(io\\.cachewire[.a-z]*)` \\|");
        assertEquals(new TreeSet<>(Layers.ALL), named);
    }

    @Test
    void classesOnTheWayOfACallExist() throws IOException {
        Set<String> named = found("(?m)^\\| \\d+ \\| `([\\w.]+)` \\|");
        assertTrue(named.size() > 10, () -> "the page names only " + named);
        for (String name : named) {
            assertDoesNotThrow(() -> Class.forName(name, false, getClass().getClassLoader()), name);
        }
    }

    @Test
    void everyModuleIsNamed() throws IOException {
        List<String> folders = ProjectModules.folders().stream()
                .map(folder ->
                        ProjectModules.PROJECT.relativize(folder).toString().replace('\\', '/'))
                // one row for all that tries the product
                .map(folder -> folder.startsWith("verification/") ? "verification" : folder)
                .toList();
        String page = Files.readString(PAGE);
        Set<String> missing = folders.stream()
                .filter(folder -> !page.contains("`" + folder + "`"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }

    private static Set<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
