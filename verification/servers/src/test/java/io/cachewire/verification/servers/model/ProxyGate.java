package io.cachewire.verification.servers.model;

import java.util.Set;

/**
 * memcached's own proxy: the commands of items, {@code stats} and {@code watch} of its own, and a close at every other.
 */
final class ProxyGate implements Gate {
    private static final Set<String> KNOWN = Set.of(
            "get", "gets", "gat", "gats", "set", "add", "replace", "append", "prepend", "cas", "incr", "decr", "delete",
            "touch", "mn", "mg", "ms", "md", "ma", "me", "version", "stats", "watch", "quit");
    private static final String PARSING = "CLIENT_ERROR parsing request\r\n";

    @Override
    public boolean takes(Line line, Session session) {
        String command = line.command();
        if (command.startsWith("\u0080")) {
            session.write(PARSING);
            return true;
        }
        if (!KNOWN.contains(command)) {
            session.close();
            return true;
        }
        if (isUnreadable(line)) {
            session.write(PARSING);
            return true;
        }
        if (command.equals("delete") && line.size() > 2 && line.isQuiet()) {
            session.write(Commands.BAD_FORMAT + ".  Usage: delete <key> [noreply]\r\n");
            return true;
        }
        boolean stores =
                Set.of("set", "add", "replace", "append", "prepend", "cas").contains(command);
        if (stores && line.token(1).length() > Commands.LONGEST_KEY) {
            session.write(Commands.BAD_FORMAT + "\r\n");
            session.swallow(line.number(4).orElse(0) + 2);
            return true;
        }
        return false;
    }

    private static boolean isUnreadable(Line line) {
        return switch (line.command()) {
            case "ms" -> line.number(2).isEmpty();
            case "set", "add", "replace", "append", "prepend", "cas" ->
                line.number(4).isEmpty();
            case "mg" -> line.from(2).stream().anyMatch(flag -> !Character.isLetter(flag.charAt(0)));
            default -> false;
        };
    }
}
