package io.cachewire.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scripts from the test resources. A line is sent with a line end; an empty line ends a group, whose replies are
 * compared before the next group is sent; {@code #} starts a comment line. {@code \xHH} is a byte, {@code {x*300}}
 * repeats, {@code \e} stands for nothing.
 */
final class Corpus {
    static final List<String> FILES = List.of(
            "storage",
            "retrieval",
            "arithmetic",
            "delete-touch-flush",
            "administration",
            "meta-get",
            "meta-set",
            "meta-delete-arithmetic",
            "limits",
            "numbers");

    private static final Pattern REPEAT = Pattern.compile("\\{(.)\\*(\\d+)}");
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private Corpus() {}

    static List<String> groups(String name) throws IOException {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        for (String line : text(name).split("\n", -1)) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isEmpty()) {
                if (group.length() > 0) {
                    groups.add(group.toString());
                    group.setLength(0);
                }
            } else {
                group.append(unescaped(line)).append("\r\n");
            }
        }
        return groups;
    }

    private static String text(String name) throws IOException {
        try (InputStream resource = Corpus.class.getResourceAsStream("corpus/" + name + ".txt")) {
            if (resource == null) {
                throw new IOException("no corpus " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8) + "\n\n";
        }
    }

    private static String unescaped(String line) {
        String repeated = REPEAT.matcher(line)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
        return BYTE.matcher(repeated.replace("\\e", ""))
                .replaceAll(match -> Matcher.quoteReplacement(character(match)));
    }

    private static String character(MatchResult match) {
        return Character.toString((char) Integer.parseInt(match.group(1), 16));
    }
}
