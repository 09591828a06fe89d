package io.cachewire.verification.servers.model;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Hazelcast's memcache endpoint: takes a connection for memcached's by the first three bytes, and closes it where they
 * are of no command; later, an unknown command is an error.
 */
final class HazelcastGate implements Gate {
    private static final Set<String> COMMANDS = Set.of(
            "get", "gets", "set", "add", "replace", "append", "prepend", "incr", "decr", "delete", "touch", "version",
            "stats", "quit");
    private static final int PREFIX = 3;
    private static final int LONGEST_LINE = 64 * 1024;

    private final ModelServer server;
    private boolean recognised;

    HazelcastGate(ModelServer server) {
        this.server = server;
    }

    @Override
    public boolean closesAtPackets() {
        return true;
    }

    @Override
    public boolean takes(Line line, Session session) {
        session.longestLine(LONGEST_LINE);
        if (line.text().length() > LONGEST_LINE || !recognised && !isPrefix(line.text())) {
            session.close();
            return true;
        }
        recognised = true;
        if (!COMMANDS.contains(line.command())) {
            session.write("ERROR\r\n");
            return true;
        }
        if (isInvalid(line)) {
            session.write("CLIENT_ERROR Invalid command: " + line.text() + "\r\n");
            return true;
        }
        return answers(line, session);
    }

    private static boolean isPrefix(String text) {
        return text.length() >= PREFIX
                && COMMANDS.stream().anyMatch(command -> command.startsWith(text.substring(0, PREFIX)));
    }

    private static boolean isInvalid(Line line) {
        return switch (line.command()) {
            case "set", "add", "replace", "append", "prepend" ->
                line.number(4).isEmpty() || line.number(3).orElse(Long.MAX_VALUE) > Integer.MAX_VALUE;
            case "incr", "decr" -> line.token(2).startsWith("-");
            case "delete" -> line.size() > 2 && line.number(2).isEmpty();
            default -> false;
        };
    }

    private boolean answers(Line line, Session session) {
        switch (line.command()) {
            // each item once, in the order of its own table
            case "get", "gets" -> {
                List<Item> items = line.from(1).stream()
                        .distinct()
                        .map(server.store()::fetch)
                        .filter(Objects::nonNull)
                        .sorted(Comparator.comparing((Item item) -> item.key).reversed())
                        .toList();
                items.forEach(item -> session.commands().value(item, false));
                session.write("END\r\n");
                return true;
            }
            case "touch" -> {
                if (server.store().find(line.token(1)) == null) {
                    session.write("NOT_STORED\r\n");
                    return true;
                }
                return false;
            }
            case "stats" -> {
                session.write(
                        "STAT uptime 1\r\nSTAT threads 0\r\nSTAT curr_connections 0\r\nSTAT cmd_get 0\r\nEND\r\n");
                return true;
            }
            default -> {
                return false;
            }
        }
    }
}
