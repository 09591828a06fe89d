package io.cachewire.verification.servers.table;

import io.cachewire.Protocol;
import io.cachewire.verification.servers.table.Refusals.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The tables of {@code docs/servers.md}: server, operation, dialect. */
final class ServersPage {
    private static final boolean UPDATE = Boolean.getBoolean("api.update");
    private static final String BEGIN = "<!-- tables: written by a test -->\n";
    private static final String FAULT = "fault";
    private static final String END = "\n<!-- end of tables -->";

    private final Table table;
    private final Review review;
    private final List<String> reasons = new ArrayList<>();

    ServersPage(Table table, Review review) {
        this.table = table;
        this.review = review;
    }

    /** What stands in the page now, and what should. */
    record Compared(String now, String expected) {}

    Compared compare() throws IOException {
        Path page = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .getParent()
                .getParent()
                .resolve("docs/servers.md");
        String all = Files.readString(page);
        int begin = all.indexOf(BEGIN);
        int end = all.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new AssertionError(page + " lacks " + BEGIN.strip() + " or " + END.strip());
        }
        String expected = text();
        if (UPDATE && !expected.contains("| " + FAULT + " |")) {
            Files.writeString(page, all.substring(0, begin + BEGIN.length()) + expected + all.substring(end));
            return new Compared(expected, expected);
        }
        return new Compared(all.substring(begin + BEGIN.length(), end), expected);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        List<String> servers = table.servers().stream()
                .filter(server -> !server.contains(" that says "))
                .toList();
        for (Protocol protocol : Protocol.values()) {
            text.append("\n## ").append(protocol).append("\n\n| operation | ");
            text.append(servers.stream().map(ServersPage::heading).collect(Collectors.joining(" | ")));
            text.append(" |\n|---").append("|:-:".repeat(servers.size())).append("|\n");
            for (String operation : Operations.all().keySet()) {
                text.append("| `").append(operation.replaceFirst(",", "`,"));
                text.append(operation.contains(",") ? "" : "`").append(" | ");
                text.append(servers.stream()
                        .map(server -> cell(server, protocol, operation))
                        .collect(Collectors.joining(" | ")));
                text.append(" |\n");
            }
        }
        text.append("\n## Reasons\n\n");
        for (int i = 0; i < reasons.size(); i++) {
            text.append(i + 1).append(". ").append(reasons.get(i)).append('\n');
        }
        return text.toString();
    }

    private static String heading(String server) {
        return server.replaceFirst("^memcached (\\d)", "$1")
                .replace(" (before memcached 1.6.18)", "")
                .replace(", no login", "")
                .replaceFirst(", ([0-9.]+) before.*", " $1");
    }

    private String cell(String server, Protocol protocol, String operation) {
        if (review.isRight(server, protocol, operation)) {
            return "yes";
        }
        return review.refusal(server, protocol, operation).map(this::number).orElse(FAULT);
    }

    private String number(Entry entry) {
        if (!reasons.contains(entry.reason())) {
            reasons.add(entry.reason());
        }
        return Integer.toString(reasons.indexOf(entry.reason()) + 1);
    }
}
