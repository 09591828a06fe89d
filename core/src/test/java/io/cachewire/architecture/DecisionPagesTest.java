package io.cachewire.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ProjectModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every decision page has a number, a status and a date, a row in the index, and a reference from what it explains. */
class DecisionPagesTest {
    private static final Path FOLDER = ProjectModules.PROJECT.resolve("docs/decisions");
    private static final Pattern HEAD = Pattern.compile(
            "# (\\d{4}) (.+)\\n\\nStatus: (?:accepted|superseded)(?:[^\\n]*)\\. Date: (\\d{4}-\\d{2}-\\d{2})\\.\\n\\n");

    @Test
    void indexHasARowForEachPage() throws IOException {
        String rows = Files.readAllLines(FOLDER.resolve("README.md")).stream()
                .filter(line -> line.startsWith("| ["))
                .collect(Collectors.joining("\n"));
        StringBuilder expected = new StringBuilder();
        for (Path page : pages()) {
            String name = page.getFileName().toString();
            Matcher head = HEAD.matcher(Files.readString(page));
            assertTrue(head.lookingAt(), () -> name + " does not begin with a number, a status and a date");
            assertEquals(name.substring(0, 4), head.group(1), name);
            expected.append("| [%s](%s) | %s | %s |%n".formatted(head.group(1), name, head.group(2), head.group(3)));
        }
        assertEquals(expected.toString().strip(), rows);
    }

    @Test
    void numbersAreUnique() throws IOException {
        List<String> numbers = pages().stream()
                .map(page -> page.getFileName().toString().substring(0, 4))
                .toList();
        assertEquals(List.copyOf(new TreeSet<>(numbers)), numbers);
    }

    /** So that who reads the code finds the reason, and a page whose code has gone is noticed. */
    @Test
    void eachPageIsReferredToByWhatItExplains() throws IOException {
        Set<String> found = new TreeSet<>();
        Pattern reference = Pattern.compile("docs/decisions/(\\d{4}-[\\w.-]+?)\\.md");
        for (Path file : explained()) {
            Matcher references = reference.matcher(Files.readString(file));
            while (references.find()) {
                found.add(references.group(1) + ".md");
            }
        }
        Set<String> all = pages().stream()
                .map(page -> page.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, found);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .toList();
        }
    }

    /** Sources, POMs and the guide for contributors. */
    private static List<Path> explained() throws IOException {
        List<Path> files = new java.util.ArrayList<>(
                List.of(ProjectModules.PROJECT.resolve("pom.xml"), ProjectModules.PROJECT.resolve("CONTRIBUTING.md")));
        for (Path module : ProjectModules.folders()) {
            files.add(module.resolve("pom.xml"));
            for (String sources : List.of("src/main", "src/test")) {
                files.addAll(ModuleFolder.files(module.resolve(sources), ".java"));
                files.addAll(ModuleFolder.files(module.resolve(sources), ".kt"));
            }
        }
        return files;
    }
}
