package io.cachewire.embedded;

import io.cachewire.embedded.TextCommands.Retrieval;
import org.jspecify.annotations.Nullable;

/**
 * A classic retrieval, key by key, so that a line of many keys does not hold all their values at once. One key that is
 * too long refuses the line as a whole, so nothing is written before all have been looked at.
 */
final class Hits implements Steps {
    private final TextCommands commands;
    private final CommandLine line;
    private final int exptime;
    private final Retrieval retrieval;
    private final Session session;
    private int next;

    /** @param first the index of the first key in the line */
    Hits(TextCommands commands, CommandLine line, int first, int exptime, Retrieval retrieval, Session session) {
        this.commands = commands;
        this.line = line;
        this.next = first;
        this.exptime = exptime;
        this.retrieval = retrieval;
        this.session = session;
    }

    void start() {
        if (!line.hasTokenOver(TextCommands.LONGEST_KEY, next)) {
            session.run(this);
            return;
        }
        // the keys in front of it are used and counted
        String key = key();
        while (key != null && key.length() <= TextCommands.LONGEST_KEY) {
            commands.look(key, exptime, retrieval);
            key = key();
        }
        session.write(TextCommands.BAD_FORMAT + "\r\n");
    }

    private @Nullable String key() {
        if (next == line.size() && line.hasMore()) {
            line.advance();
            next = 0;
        }
        return next < line.size() ? line.token(next++) : null;
    }

    @Override
    public boolean next() {
        String key = key();
        if (key == null) {
            session.write("END\r\n");
            return false;
        }
        Item item = commands.look(key, exptime, retrieval);
        if (item != null) {
            session.write("VALUE " + item.key + " " + Integer.toUnsignedString(item.flags) + " " + item.value.length
                    + (retrieval.showsCas() ? " " + Long.toUnsignedString(item.cas) : "") + "\r\n");
            session.write(item.value);
            session.write("\r\n");
        }
        return true;
    }

    @Override
    public long held() {
        return line.length();
    }
}
