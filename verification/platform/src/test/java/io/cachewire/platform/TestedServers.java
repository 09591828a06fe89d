package io.cachewire.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers that {@code docs/servers.md} has a column for, and what {@code AUTO} speaks with each. Another test writes that page, from trials on
 * every recorded server, so that the page and this list cannot differ.
 *
 * @param servers in the order of the columns
 */
record TestedServers(List<Server> servers) {
    /**
     * A column of the page.
     *
     * @param product such as "memcached" or "Hazelcast"
     * @param spoken the dialect, or why there is none
     */
    record Server(String product, String version, String note, String spoken) {}

    private static final Pattern HEADING = Pattern.compile("(.*?) ?([0-9]+(?:\\.[0-9]+)+)( with -Y)?");
    private static final String PROBE = "| `meta.get` | ";
    private static final Map<String, String> SPOKEN = Map.of(
            "yes", "meta",
            "Meta commands need the meta dialect.", "text",
            "The server wants a login and the client has no credentials.", "none without credentials");

    private static final Comparator<String> BY_NUMBERS = (one, other) -> Arrays.compare(numbers(one), numbers(other));

    static TestedServers ofThePage() {
        Path page = Platform.projectFolder().resolve("docs").resolve("servers.md");
        try {
            return parse(Files.readString(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestedServers parse(String page) {
        List<String> lines =
                page.lines().dropWhile(line -> !line.equals("## AUTO")).toList();
        List<String> headings = cells(lines, "| operation | ");
        List<String> answers = cells(lines, PROBE);
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            servers.add(server(headings.get(i), spoken(answers.get(i), lines)));
        }
        return new TestedServers(servers);
    }

    private static List<String> cells(List<String> lines, String start) {
        String line = lines.stream()
                .filter(each -> each.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("docs/servers.md has no row \"" + start + "\" for AUTO"));
        return Arrays.stream(line.substring(start.length()).split("\\|"))
                .map(String::strip)
                .toList();
    }

    /** Whether the operation that needs meta works tells which dialect it is; a number stands for a reason below the tables. */
    private static String spoken(String cell, List<String> lines) {
        String reason = lines.stream()
                .filter(line -> line.startsWith(cell + ". "))
                .map(line -> line.substring(cell.length() + 2))
                .findFirst()
                .orElse(cell);
        String spoken = SPOKEN.get(reason);
        if (spoken == null) {
            throw new IllegalStateException("docs/servers.md: no dialect follows from \"" + reason + "\"");
        }
        return spoken;
    }

    private static Server server(String heading, String spoken) {
        Matcher parts = HEADING.matcher(heading);
        if (!parts.matches()) {
            throw new IllegalStateException("docs/servers.md: a column without a version: " + heading);
        }
        String product = parts.group(1).isEmpty() ? "memcached" : parts.group(1);
        String note = parts.group(3) == null ? "" : parts.group(3);
        return new Server(product, parts.group(2), note, spoken);
    }

    /** By product, in the order of the columns. */
    Map<String, TestedServers> byProduct() {
        Map<String, List<Server>> products = new LinkedHashMap<>();
        servers.forEach(one -> products.computeIfAbsent(one.product(), key -> new ArrayList<>())
                .add(one));
        Map<String, TestedServers> parts = new LinkedHashMap<>();
        products.forEach((product, some) -> parts.put(product, new TestedServers(some)));
        return parts;
    }

    String lowest() {
        return versions().min(BY_NUMBERS).orElseThrow();
    }

    String newest() {
        return versions().max(BY_NUMBERS).orElseThrow();
    }

    private Stream<String> versions() {
        return servers.stream().map(Server::version);
    }

    /** What is spoken, with the versions of each unless it is the same for all. */
    String spoken() {
        Map<String, List<String>> versions = new LinkedHashMap<>();
        for (Server one : servers) {
            versions.computeIfAbsent(one.spoken(), key -> new ArrayList<>()).add(one.version() + one.note());
        }
        if (versions.size() == 1) {
            return versions.keySet().iterator().next();
        }
        return versions.entrySet().stream()
                .map(one -> one.getKey() + ": " + String.join(", ", one.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
