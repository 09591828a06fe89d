package io.cachewire.interop.live;

import io.cachewire.interop.live.Sharing.Direction;
import io.cachewire.interop.live.Sharing.Way;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/** What the live tests of this run have found, for the table in docs/interop.md. */
final class Results {
    private static final Map<String, String> ROWS = new ConcurrentHashMap<>();

    private Results() {}

    static void add(Setup setup, String version, Direction read, Direction written) {
        StringBuilder row = new StringBuilder("| ")
                .append(setup.name())
                .append(" | ")
                .append(version)
                .append(" | `")
                .append(setup.preset())
                .append("` | ")
                .append(read.found())
                .append('/')
                .append(read.stored())
                .append(", ")
                .append(written.found())
                .append('/')
                .append(written.stored())
                .append(" |");
        for (Kind kind : Kind.values()) {
            row.append(' ')
                    .append(cell(read.ways().get(kind), written.ways().get(kind)))
                    .append(" |");
        }
        ROWS.put(setup.name(), row.toString());
    }

    private static String cell(Way read, Way written) {
        if (read == Way.ARRIVED) {
            return written == Way.ARRIVED ? "⇄" : "→";
        }
        if (written == Way.ARRIVED) {
            return "←";
        }
        return read == Way.NOT_WRITTEN ? "" : "✗";
    }

    /** The kinds that do not go both ways. */
    static Set<Kind> notShared(Direction read, Direction written) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (read.ways().get(kind) != Way.ARRIVED || written.ways().get(kind) != Way.ARRIVED) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** The rows so far by the names of their setups. */
    static Map<String, String> rows() {
        return new LinkedHashMap<>(ROWS);
    }

    /** The whole table, in this order. */
    static String table(List<String> names) {
        StringJoiner table = new StringJoiner("\n");
        table.add(head());
        names.forEach(name -> table.add(ROWS.get(name)));
        return table.toString();
    }

    private static String head() {
        StringBuilder head = new StringBuilder("| foreign client | version | `Interop.` | found |");
        StringBuilder line = new StringBuilder("\n|---|---|---|---|");
        for (Kind kind : Kind.values()) {
            head.append(' ').append(kind.title()).append(" |");
            line.append("---|");
        }
        return head.append(line).toString();
    }
}
