package io.cachewire.verification.servers.model;

import java.util.Set;

/**
 * Infinispan's memcached connector: {@code MN}, no other meta command, one key for each retrieval, and mute after some
 * errors.
 */
final class InfinispanGate implements Gate {
    private static final Set<String> TEXT = Set.of(
            "get",
            "gets",
            "gat",
            "gats",
            "set",
            "add",
            "replace",
            "append",
            "prepend",
            "cas",
            "incr",
            "decr",
            "delete",
            "touch",
            "version",
            "flush_all",
            "quit");
    private static final String BAD = "CLIENT_ERROR bad command line format:  ";
    private static final String INTERNAL = "SERVER_ERROR  Cannot invoke "
            + "\"org.infinispan.server.memcached.text.TextCommand.ordinal()\" because \"this.mc_command_name\" is null\r\n";

    private boolean mute;
    private boolean owesError;

    @Override
    public boolean takes(Line line, Session session) {
        if (mute) {
            return true;
        }
        String command = line.command();
        if (owesError) {
            owesError = false;
            session.write("ERROR\r\nERROR\r\n");
            return true;
        }
        switch (command) {
            case "mn" -> session.write("MN\r\n");
            case "ms" -> refuseStore(line, session);
            case "get", "gets" -> {
                return closesAtManyKeys(line.size() > 2, session);
            }
            case "gat", "gats" -> {
                return closesAtManyKeys(line.size() > 3, session);
            }
            case "stats" -> session.write("CLIENT_ERROR\r\n");
            case "verbosity" ->
                session.write(BAD + "Unknown command verbosity\r\n" + INTERNAL.repeat(line.size() > 1 ? 2 : 1));
            default -> {
                return refuses(line, session);
            }
        }
        return true;
    }

    private void refuseStore(Line line, Session session) {
        if (line.number(2).isPresent()) {
            session.swallow(line.number(2).getAsLong() + 2);
            session.write("ERROR\r\n");
        } else {
            owesError = true;
        }
    }

    private static boolean closesAtManyKeys(boolean many, Session session) {
        if (many) {
            session.close();
        }
        return many;
    }

    private boolean refuses(Line line, Session session) {
        String command = line.command();
        if (!TEXT.contains(command)) {
            session.write("ERROR\r\n");
            return true;
        }
        if (Set.of("incr", "decr").contains(command) && line.token(2).startsWith("-")) {
            session.write(BAD + "Increment or decrement delta cannot be negative: " + line.token(2) + "\r\n");
            mute = true;
            return true;
        }
        if (command.equals("delete") && line.size() > 2 && !line.isQuiet()) {
            session.write(BAD + "null\r\n");
            return true;
        }
        boolean stores =
                Set.of("set", "add", "replace", "append", "prepend", "cas").contains(command);
        if (stores && line.token(1).length() > Commands.LONGEST_KEY) {
            return refuse("Key length over the 250 character limit", line, session);
        }
        if (stores && line.number(4).isEmpty()) {
            session.write(BAD + "null\r\n");
            return true;
        }
        return stores && line.token(3).startsWith("-") && refuse("null", line, session);
    }

    private static boolean refuse(String why, Line line, Session session) {
        session.swallow(line.number(4).orElse(0) + 2);
        session.write(BAD + why + "\r\n" + INTERNAL + INTERNAL);
        return true;
    }
}
