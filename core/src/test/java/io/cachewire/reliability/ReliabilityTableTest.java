package io.cachewire.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ProjectModules;
import io.cachewire.reliability.ReliabilityRows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/reliability.md} what the names of the tests say. {@code -Dapi.update=true} writes
 * the page anew, to be committed with the change.
 */
class ReliabilityTableTest {
    private static final Path PAGE = ProjectModules.PROJECT.resolve("docs").resolve("reliability.md");
    private static final Pattern TEST = Pattern.compile(
            "(?:^|\\s)(?:test|each\\w+|@DisplayName)\\((?:\\s*\\w+,)*\\s*\"([^\"]*)\"", Pattern.MULTILINE);
    private static final Path RELIABILITY = Path.of("io", "cachewire", "reliability");
    /** They hold faults that the catalogue does not have: servers that users have, and Errors on the client's threads. */
    private static final Set<String> BEYOND_THE_CATALOGUE = Set.of(
            "ClientThreadsTest",
            "ColdFuturesTest",
            "EngineFaultTest",
            "ErrorInjectionTest",
            "ForgottenClientTest",
            "GreetingBadInputTest",
            "GreetingTest",
            "MixedServersTest",
            "OtherServersTest");

    private static final Pattern NUMBERED = Pattern.compile("([FS]\\d\\d) (.+)");

    private static final String HEAD = """
            # Reliability and security, row by row

            What can go wrong between a client and its servers, and what this client does then. Above all rows: no caller ever gets
            bytes that do not belong to the key asked for, and every call ends in time, with the right value, a miss, or an error
            whose type says whether a write may have happened.

            Automated: %d of 73 fault rows, %d of 26 security rows. `ReliabilityTableTest` writes this page from the names of the
            tests: all in package `io.cachewire.reliability` of `core`, and those of any module that begin with a row's number. They run
            in every build. They allow a call 500 ms over its time-out where the rows mean 100 ms, because build machines are busy; runs
            of ten thousand calls or random faults get 2 s and more. [soak.md](soak.md) has the figures of long runs,
            and [peers.md](peers.md) shows some of the rows played to other clients.

            """;

    @Test
    void pageIsWhatTheTestsSay() throws IOException {
        String page = page(testsByRow());
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(PAGE, page);
        }
        assertTrue(Files.exists(PAGE), "docs/reliability.md is missing; -Dapi.update=true writes it");
        assertEquals(page, Files.readString(PAGE), "-Dapi.update=true takes the change over");
    }

    @Test
    void everyRowHasATestOrAReason() throws IOException {
        assertFalse(page(testsByRow()).contains("| open |"), "a row has no test");
    }

    @Test
    void rowsAreNumberedWithoutGaps() {
        List<String> numbers = ReliabilityRows.all().stream().map(Row::number).toList();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 73; i++) {
            expected.add(String.format("F%02d", i));
        }
        for (int i = 1; i <= 26; i++) {
            expected.add(String.format("S%02d", i));
        }
        assertEquals(expected, numbers);
    }

    private static Map<String, List<String>> testsByRow() throws IOException {
        Map<String, List<String>> tests = new TreeMap<>();
        for (Path source : sources()) {
            String owner = source.getFileName().toString().replaceFirst("\\..*", "");
            boolean mustBeNumbered = source.getParent().endsWith(RELIABILITY) && !BEYOND_THE_CATALOGUE.contains(owner);
            Matcher found = TEST.matcher(Files.readString(source));
            while (found.find()) {
                String name = found.group(1);
                if (name.startsWith("$name ")) {
                    continue; // the definition of eachDialect
                }
                Matcher numbered = NUMBERED.matcher(name);
                if (numbered.matches()) {
                    tests.computeIfAbsent(numbered.group(1), row -> new ArrayList<>())
                            .add(plain(numbered.group(2)) + " (" + owner + ")");
                } else {
                    assertFalse(mustBeNumbered, () -> owner + ": \"" + name + "\" does not begin with a row's number");
                }
            }
        }
        return tests;
    }

    /** The test sources of all modules, in an order that does not depend on the file system. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path module : ProjectModules.folders()) {
            for (String language : List.of("kotlin", "java")) {
                Path folder = module.resolve("src/test").resolve(language);
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith("Test." + suffix(language)))
                                .sorted()
                                .forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }

    private static String suffix(String language) {
        return language.equals("kotlin") ? "kt" : "java";
    }

    /** A name without the parts that differ from run to run of one test. */
    private static String plain(String name) {
        return name.replaceAll(" \\(\\$\\{[^}]*}\\)| \\(\\$\\w+\\)", "")
                .replaceAll("\\$\\{[^}]*}|\\$\\w+", "...")
                .replace("|", "\\|");
    }

    private static String page(Map<String, List<String>> tests) {
        List<Row> rows = ReliabilityRows.all();
        for (String row : tests.keySet()) {
            assertTrue(rows.stream().anyMatch(r -> r.number().equals(row)), () -> "there is no row " + row);
        }
        long faults = automated(rows, tests, "F");
        long attacks = automated(rows, tests, "S");
        StringBuilder page = new StringBuilder(HEAD.formatted(faults, attacks));
        page.append("| row | expected | test | state |\n|---|---|---|---|\n");
        for (Row row : rows) {
            List<String> names = tests.getOrDefault(row.number(), List.of());
            page.append("| ").append(row.number()).append(' ').append(row.title());
            page.append(" | ").append(row.expected());
            page.append(" | ").append(names.isEmpty() ? row.reason() : String.join("<br>", names));
            page.append(" | ").append(state(row, names)).append(" |\n");
        }
        return page.toString();
    }

    private static String state(Row row, List<String> tests) {
        if (!tests.isEmpty()) {
            assertEquals("", row.reason(), () -> row.number() + " has tests and a reason to have none");
            return "automated";
        }
        return row.reason().isEmpty() ? "open" : "does not apply";
    }

    private static long automated(List<Row> rows, Map<String, List<String>> tests, String kind) {
        return rows.stream()
                .map(Row::number)
                .filter(number -> number.startsWith(kind) && tests.containsKey(number))
                .count();
    }
}
