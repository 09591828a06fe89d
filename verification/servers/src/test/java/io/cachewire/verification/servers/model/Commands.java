package io.cachewire.verification.servers.model;

import io.cachewire.verification.servers.model.ItemStore.Mode;
import io.cachewire.verification.servers.model.ItemStore.Outcome;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The classic text commands; hands meta and administrative ones on. */
final class Commands {
    static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";
    static final String TOO_LARGE = "SERVER_ERROR object too large for cache";
    static final String NOT_NUMERIC = "CLIENT_ERROR cannot increment or decrement non-numeric value";
    static final int LONGEST_KEY = 250;
    static final int LARGEST_ITEM = 1024 * 1024;

    private final ModelServer server;
    private final Session session;
    private final Traits traits;
    private final MetaCommands meta;
    private final AdminCommands admin;

    Commands(ModelServer server, Session session) {
        this.server = server;
        this.session = session;
        this.traits = server.traits();
        this.meta = new MetaCommands(server, session);
        this.admin = new AdminCommands(server, session);
    }

    void run(Line line) {
        String command = line.command();
        if (command.matches("m[ngsdae]") && traits.meta() != MetaForm.NONE) {
            meta.run(line);
            return;
        }
        switch (command) {
            case "get", "gets", "gat", "gats" -> get(line);
            case "set", "add", "replace", "append", "prepend", "cas" -> store(line);
            case "incr", "decr" -> count(line);
            case "delete" -> delete(line);
            case "touch" -> touch(line);
            default -> admin.run(line);
        }
    }

    private void get(Line line) {
        boolean touches = line.command().startsWith("gat");
        int first = touches ? 2 : 1;
        if (line.size() <= first || touches && !traits.has(Trait.GAT)) {
            reply("ERROR");
            return;
        }
        if (line.from(first).stream().anyMatch(key -> key.length() > LONGEST_KEY)) {
            reply(BAD_FORMAT);
            return;
        }
        boolean withCas = line.command().endsWith("s") && traits.has(Trait.GETS_CAS);
        for (String key : line.from(first)) {
            Item item = server.store().fetch(key);
            if (item != null && touches) {
                item.end = end(line.number(1).orElse(0));
            }
            server.log("fetchers", "type=item_get key=" + key + " status=" + (item == null ? "not_found" : "found"));
            if (item != null) {
                value(item, withCas);
            }
        }
        reply("END");
    }

    void value(Item item, boolean withCas) {
        reply("VALUE " + item.key + " " + Integer.toUnsignedString(item.flags) + " " + item.value.length
                + (withCas ? " " + Long.toUnsignedString(item.cas) : ""));
        session.write(item.value);
        session.write("\r\n");
    }

    private void store(Line line) {
        boolean cas = line.command().equals("cas");
        int least = cas ? 6 : 5;
        if (line.size() < least || line.size() > least + 1) {
            reply("ERROR");
            return;
        }
        boolean quiet = line.isQuiet();
        OptionalLong length = line.number(4);
        OptionalLong exptime = line.number(3);
        OptionalLong flags = line.number(2);
        boolean goodNumbers = length.isPresent()
                && exptime.isPresent()
                && flags.isPresent()
                && length.getAsLong() >= 0
                && length.getAsLong() < Integer.MAX_VALUE - 2;
        boolean goodKey = line.token(1).length() <= LONGEST_KEY || !traits.has(Trait.LIMITS);
        if (!goodNumbers || !goodKey) {
            reply(BAD_FORMAT, quiet && !traits.has(Trait.STRICT));
            if (goodNumbers && traits.has(Trait.STRICT)) {
                session.swallow(length.getAsLong() + 2);
            }
            return;
        }
        if (isTooLarge(line.token(1), length.getAsLong(), (int) flags.getAsLong())) {
            reply(TOO_LARGE, quiet);
            session.swallow(length.getAsLong() + 2);
            server.store().remove(line.token(1));
            return;
        }
        session.expectBlock((int) length.getAsLong(), value -> {
            Item item = new Item(line.token(1), value, (int) flags.getAsLong(), end(exptime.getAsLong()));
            Outcome outcome = cas
                    ? server.store().compareAndStore(item, line.number(5).orElse(0))
                    : server.store().store(item, mode(line.command()));
            logStore(item.key, outcome);
            reply(outcome.name(), quiet);
        });
    }

    void logStore(String key, Outcome outcome) {
        server.log(
                "mutations",
                "type=item_store key=" + key + " status=" + outcome.name().toLowerCase(Locale.ROOT)
                        + " cmd=set ttl=0 clsid=1 cfd=22 size=1");
    }

    private static Mode mode(String command) {
        return switch (command) {
            case "add" -> Mode.ADD;
            case "replace" -> Mode.REPLACE;
            case "append" -> Mode.APPEND;
            case "prepend" -> Mode.PREPEND;
            default -> Mode.SET;
        };
    }

    boolean isTooLarge(String key, long length, int flags) {
        return traits.has(Trait.LIMITS) && Item.size(key, length, flags) > LARGEST_ITEM;
    }

    /** The moment of an exptime of the wire. */
    long end(long exptime) {
        long wire = traits.has(Trait.EXPTIME_WRAPS) ? (int) exptime : exptime;
        if (!traits.has(Trait.EXPTIME_RULE)) {
            return wire <= 0 ? 0 : server.store().now() + wire;
        }
        return server.store().endOf(wire);
    }

    private void count(Line line) {
        if (line.size() < 3 || line.size() > 4) {
            reply("ERROR");
            return;
        }
        boolean quiet = line.isQuiet();
        OptionalLong delta = Line.unsigned(line.token(2));
        if (delta.isEmpty()) {
            reply("CLIENT_ERROR invalid numeric delta argument", quiet);
            return;
        }
        Item item = server.store().find(line.token(1));
        if (item == null) {
            reply("NOT_FOUND", quiet);
            return;
        }
        Long number = counted(item, line.command().equals("incr"), delta.getAsLong());
        reply(number == null ? notANumber(item) : Long.toUnsignedString(number), quiet);
    }

    @Nullable
    Long counted(Item item, boolean up, long delta) {
        return server.store().count(item, up ? Long::sum : ItemStore::down, delta, traits.has(Trait.PADDED_COUNT));
    }

    private String notANumber(Item item) {
        return traits.has(Trait.PADDED_COUNT) ? NOT_NUMERIC : "CLIENT_ERROR For input string: \"" + item.text() + "\"";
    }

    private void delete(Line line) {
        if (line.size() < 2 || line.size() > 4) {
            reply("ERROR");
            return;
        }
        boolean time =
                line.size() > 2 && !line.token(2).equals("0") && !line.token(2).equals("noreply");
        if (time && traits.has(Trait.DELETE_USAGE)) {
            reply(BAD_FORMAT + ".  Usage: delete <key> [noreply]", line.isQuiet());
            return;
        }
        boolean deleted = server.store().remove(line.token(1));
        if (deleted) {
            server.log("deletions", "type=deleted key=" + line.token(1) + " cmd=delete clsid=1 size=1");
        }
        reply(deleted ? "DELETED" : "NOT_FOUND", line.isQuiet());
    }

    private void touch(Line line) {
        OptionalLong exptime = line.number(2);
        if (line.size() < 3 || exptime.isEmpty()) {
            reply(line.size() < 3 ? "ERROR" : "CLIENT_ERROR invalid exptime argument");
            return;
        }
        Item item = server.store().fetch(line.token(1));
        if (item != null) {
            item.end = end(exptime.getAsLong());
        }
        reply(item == null ? "NOT_FOUND" : "TOUCHED", line.isQuiet());
    }

    void reply(String line) {
        session.write(line + "\r\n");
    }

    void reply(String line, boolean quiet) {
        if (!quiet) {
            reply(line);
        }
    }
}
