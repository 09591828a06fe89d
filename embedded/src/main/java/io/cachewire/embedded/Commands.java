package io.cachewire.embedded;

import io.cachewire.embedded.TextCommands.Retrieval;

/** From the name of a command, and the number of its tokens, to what runs it. */
final class Commands {
    /** The version the server says it is: the one its behaviour is held to. */
    static final String VERSION = "1.6.18";

    private final TextCommands text;
    private final MetaCommands meta;
    private final StatsCommands stats;

    Commands(TextCommands text, MetaCommands meta, StatsCommands stats) {
        this.text = text;
        this.meta = meta;
        this.stats = stats;
    }

    void run(CommandLine line, Session session) {
        String command = line.command();
        if (command.length() == 2 && command.charAt(0) == 'm') {
            meta.run(line, session);
            return;
        }
        switch (command) {
            case "get", "bget" -> retrieve(line, session, Retrieval.GET);
            case "gets" -> retrieve(line, session, Retrieval.GETS);
            case "gat" -> retrieve(line, session, Retrieval.GAT);
            case "gats" -> retrieve(line, session, Retrieval.GATS);
            case "set" -> store(line, session, StoreMode.SET);
            case "add" -> store(line, session, StoreMode.ADD);
            case "replace" -> store(line, session, StoreMode.REPLACE);
            case "append" -> store(line, session, StoreMode.APPEND);
            case "prepend" -> store(line, session, StoreMode.PREPEND);
            case "cas" -> store(line, session, StoreMode.CAS);
            default -> administer(line, session);
        }
    }

    private void administer(CommandLine line, Session session) {
        int arguments = line.size() - 1;
        switch (line.command()) {
            case "incr" -> arithmetic(line, session, Delta.Direction.UP);
            case "decr" -> arithmetic(line, session, Delta.Direction.DOWN);
            case "delete" -> when(arguments >= 1 && arguments <= 3, session, () -> text.delete(line, session));
            case "touch" -> when(arguments == 2 || arguments == 3, session, () -> text.touch(line, session));
            case "flush_all" -> when(arguments <= 2, session, () -> text.flushAll(line, session));
            case "verbosity" -> when(arguments == 1 || arguments == 2, session, () -> text.verbosity(line, session));
            case "version" -> session.write("VERSION " + VERSION + "\r\n");
            case "stats" -> stats.run(line, session);
            case "quit" -> session.quit();
            case "shutdown" -> session.write("ERROR: shutdown not enabled\r\n");
            default -> unknown(line, session);
        }
    }

    private void retrieve(CommandLine line, Session session, Retrieval retrieval) {
        when(line.size() >= 2, session, () -> text.get(line, session, retrieval));
    }

    private void store(CommandLine line, Session session, StoreMode mode) {
        int least = mode == StoreMode.CAS ? 6 : 5;
        when(line.size() == least || line.size() == least + 1, session, () -> text.store(line, session, mode));
    }

    private void arithmetic(CommandLine line, Session session, Delta.Direction direction) {
        when(line.size() == 3 || line.size() == 4, session, () -> text.arithmetic(line, session, direction));
    }

    private static void when(boolean enoughTokens, Session session, Runnable command) {
        if (enoughTokens) {
            command.run();
        } else {
            session.write("ERROR\r\n");
        }
    }

    /** A browser that was sent to this port is cut off, so that the rest of its request is not read as commands. */
    private static void unknown(CommandLine line, Session session) {
        String command = line.command();
        // only names that start like no command of the real server get as far as this check there
        boolean unlike = command.length() > 1 && "gsacidt".indexOf(command.charAt(0)) < 0;
        if (unlike && line.token(line.size() - 1).startsWith("HTTP/")) {
            session.drop();
        } else {
            session.write("ERROR\r\n");
        }
    }
}
