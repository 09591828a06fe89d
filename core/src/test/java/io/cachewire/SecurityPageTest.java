package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.ProjectModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each row of {@code docs/security.md} names tests, by their sentence or their method, that there are. */
class SecurityPageTest {
    private static final Pattern NAMED = Pattern.compile("(.+) \\((\\w+Test)\\)");
    private static final String HELD_BY = "held by";

    @Test
    void everyRowNamesATestThatThereIs() throws IOException {
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String row : rows()) {
            List<String> cells = cells(row);
            String last = cells.get(cells.size() - 1);
            if (last.equals(HELD_BY) || last.matches("-+")) {
                continue;
            }
            rows++;
            for (String test : last.split("<br>")) {
                Matcher named = NAMED.matcher(test);
                if (!named.matches() || !isThere(named.group(1), named.group(2))) {
                    wrong.add(test);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(rows > 30, "rows: " + rows);
    }

    @Test
    void everyTableSaysWhatHoldsIt() throws IOException {
        List<String> page = Files.readAllLines(ProjectModules.PROJECT.resolve("docs/security.md"));
        for (int i = 1; i < page.size(); i++) {
            if (page.get(i).startsWith("|--")) {
                List<String> head = cells(page.get(i - 1));
                assertEquals(HELD_BY, head.get(head.size() - 1), page.get(i - 1));
            }
        }
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(ProjectModules.PROJECT.resolve("docs/security.md")).stream()
                .filter(line -> line.startsWith("|"))
                .toList();
    }

    private static List<String> cells(String row) {
        return Stream.of(row.substring(1, row.lastIndexOf('|')).split("\\|"))
                .map(String::strip)
                .toList();
    }

    /** A sentence is a test's name, perhaps behind the number of a row; a method is in code quotes. */
    private static boolean isThere(String what, String owner) throws IOException {
        String source = source(owner);
        return what.startsWith("`")
                ? Pattern.compile("\\b" + what.substring(1, what.length() - 1) + "\\(")
                        .matcher(source)
                        .find()
                : Pattern.compile("\"(?:[FS]\\d\\d )?" + Pattern.quote(what))
                        .matcher(source)
                        .find();
    }

    private static String source(String owner) throws IOException {
        for (Path module : ProjectModules.folders()) {
            Path tests = module.resolve("src/test");
            if (!Files.isDirectory(tests)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(tests)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().matches(owner + "\\.(java|kt)"))
                        .toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.get(0));
                }
            }
        }
        return "";
    }
}
