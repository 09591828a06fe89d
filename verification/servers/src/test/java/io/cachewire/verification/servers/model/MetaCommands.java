package io.cachewire.verification.servers.model;

import io.cachewire.verification.servers.model.ItemStore.Mode;
import io.cachewire.verification.servers.model.ItemStore.Outcome;
import io.cachewire.verification.servers.model.MetaOptions.Refused;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** The meta commands in the forms that they had since 1.5.19. */
final class MetaCommands {
    private static final String INVALID = "CLIENT_ERROR invalid or duplicate flag";

    private final ModelServer server;
    private final Session session;
    private final Traits traits;

    MetaCommands(ModelServer server, Session session) {
        this.server = server;
        this.session = session;
        this.traits = server.traits();
    }

    void run(Line line) {
        String command = line.command();
        if (command.equals("mn")) {
            reply(traits.meta() == MetaForm.FLAG_STRING ? "EN" : "MN");
        } else if (line.size() < 2) {
            reply("ERROR");
        } else if (traits.meta() == MetaForm.FLAG_STRING) {
            runFlagString(line);
        } else if (line.token(1).length() > Commands.LONGEST_KEY || command.equals("ms") && line.size() < 3) {
            reply(Commands.BAD_FORMAT);
        } else {
            try {
                switch (command) {
                    case "mg" -> get(line);
                    case "ms" -> set(line);
                    case "md" -> delete(line);
                    case "ma" -> count(line);
                    default -> debug(line);
                }
            } catch (Refused refused) {
                reply(refused.getMessage());
            }
        }
    }

    /** 1.5.22: what a client of today's meta commands can get from it is a refusal, or a miss. */
    private void runFlagString(Line line) {
        String flags = line.token(2);
        switch (line.command()) {
            case "mg" ->
                reply(
                        flags.contains("b")
                                ? INVALID
                                : line.size() > 3 ? "CLIENT_ERROR incorrect number of tokens supplied" : "EN");
            case "ms" -> reply(INVALID);
            case "md" -> deleteFlagString(line, flags);
            case "me" -> debug(line);
            default -> reply("ERROR");
        }
    }

    private void deleteFlagString(Line line, String flags) {
        if (!flags.matches("[qkI]*")) {
            reply(INVALID);
        } else if (line.size() > 3) {
            reply("CLIENT_ERROR incorrect number of tokens supplied");
        } else {
            boolean deleted = server.store().remove(line.token(1));
            if (!flags.contains("q")) {
                reply(deleted ? "DE " : "NF ");
            }
        }
    }

    private void get(Line line) throws Refused {
        if (line.size() == 2 && !traits.has(Trait.BARE_META_GET)) {
            throw new Refused(Commands.BAD_FORMAT);
        }
        MetaOptions options = new MetaOptions(line, 2, traits);
        Item item = server.store().find(options.key);
        boolean created = item == null && options.has('N');
        server.log(
                "fetchers", "type=item_get key=" + options.key + " status=" + (item == null ? "not_found" : "found"));
        if (created) {
            item = new Item(options.key, new byte[0], 0, 0);
            item.base64 = options.base64;
            server.store().put(item);
        }
        if (item == null) {
            if (!options.has('q')) {
                reply("EN" + (traits.has(Trait.MISS_ECHO) ? options.echo() : ""));
            }
            return;
        }
        boolean value = options.has('v');
        StringBuilder answer = new StringBuilder(value ? "VA " + item.value.length : done());
        boolean win = created;
        for (String token : options.tokens) {
            switch (token.charAt(0)) {
                case 'T' -> item.end = server.store().endOf((int) number(token));
                case 'N' -> item.end = created ? server.store().endOf((int) number(token)) : item.end;
                case 'R' ->
                    win |= !created
                            && !item.won
                            && item.end != 0
                            && item.end - server.store().now() < number(token);
                case 's' -> answer.append(" s").append(item.value.length);
                case 't' -> answer.append(" t").append(ttl(item));
                case 'c' -> answer.append(" c").append(Long.toUnsignedString(item.cas));
                case 'f' -> answer.append(" f").append(Integer.toUnsignedString(item.flags));
                case 'l' -> answer.append(" l").append(server.store().now() - item.lastAccess);
                case 'h' -> answer.append(" h").append(item.fetched ? 1 : 0);
                case 'O' -> answer.append(' ').append(MetaOptions.opaque(token));
                case 'k' -> answer.append(' ').append(options.keyToken());
                default -> {}
            }
        }
        if (item.won) {
            answer.append(" Z");
        }
        if (item.stale) {
            answer.append(" X");
            win |= !item.won;
        }
        if (win) {
            answer.append(" W");
            item.won = true;
        }
        if (!options.has('u')) {
            server.store().use(item);
        }
        reply(answer.toString());
        if (value) {
            session.write(item.value);
            session.write("\r\n");
        }
    }

    private String done() {
        return traits.meta() == MetaForm.CURRENT ? "HD" : "OK";
    }

    private static long number(String token) {
        return Line.number(token.substring(1)).orElse(0);
    }

    private String ttl(Item item) {
        return item.end == 0 ? "-1" : Long.toString(item.end - server.store().now());
    }

    private void set(Line line) throws Refused {
        if (traits.meta() == MetaForm.LENGTH_IS_FLAG) {
            throw new Refused("CLIENT_ERROR invalid flag");
        }
        OptionalLong length = line.number(2);
        if (length.isEmpty() || length.getAsLong() < 0 || length.getAsLong() > Integer.MAX_VALUE - 2) {
            throw new Refused(Commands.BAD_FORMAT);
        }
        try {
            MetaOptions options = new MetaOptions(line, 3, traits);
            options.echo();
            int flags = (int) options.number('F', 0);
            if (session.commands().isTooLarge(options.key, length.getAsLong(), flags)) {
                server.store().remove(options.key);
                throw new Refused(Commands.TOO_LARGE);
            }
            session.expectBlock((int) length.getAsLong(), value -> store(options, value, flags));
        } catch (Refused refused) {
            session.swallow(length.getAsLong() + 2);
            throw refused;
        }
    }

    private void store(MetaOptions options, byte[] value, int flags) {
        ItemStore store = server.store();
        Item item = new Item(options.key, value, flags, store.endOf((int) options.number('T', 0)));
        item.base64 = options.base64;
        Outcome outcome = outcome(options, item);
        session.commands().logStore(options.key, outcome);
        if (outcome == Outcome.STORED && options.has('E')) {
            item.cas = options.number('E', 0);
        }
        if (outcome == Outcome.STORED && options.has('q')) {
            return;
        }
        StringBuilder answer = new StringBuilder(
                switch (outcome) {
                    case STORED -> "HD";
                    case NOT_STORED -> "NS";
                    case EXISTS -> "EX";
                    case NOT_FOUND -> "NF";
                });
        for (String token : options.tokens) {
            switch (token.charAt(0)) {
                case 'O' -> answer.append(' ').append(token);
                case 'k' -> answer.append(' ').append(options.keyToken());
                case 'c' ->
                    answer.append(" c").append(outcome == Outcome.STORED ? Long.toUnsignedString(item.cas) : "0");
                case 's' -> answer.append(traits.has(Trait.STORED_SIZE) ? " s" + item.value.length : "");
                default -> {}
            }
        }
        reply(answer.toString());
    }

    private Outcome outcome(MetaOptions options, Item item) {
        ItemStore store = server.store();
        Mode mode = switch (options.text('M')) {
            case "E", "e" -> Mode.ADD;
            case "R", "r" -> Mode.REPLACE;
            case "A", "a" -> Mode.APPEND;
            case "P", "p" -> Mode.PREPEND;
            default -> Mode.SET;
        };
        Item old = store.find(options.key);
        if (options.has('C') && (mode == Mode.SET || mode == Mode.REPLACE)) {
            long cas = options.number('C', 0);
            boolean older = old != null && Long.compareUnsigned(cas, old.cas) < 0;
            if (options.has('I') && older) {
                store.put(item);
                item.stale = true;
                return Outcome.STORED;
            }
            return store.compareAndStore(item, cas);
        }
        boolean appends = mode == Mode.APPEND || mode == Mode.PREPEND;
        if (appends && old == null && options.has('N') && traits.has(Trait.APPEND_VIVIFY)) {
            item.end = store.endOf((int) options.number('N', 0));
            return store.store(item, Mode.SET);
        }
        return store.store(item, mode);
    }

    private String failed(String status, MetaOptions options) throws Refused {
        return status + (traits.has(Trait.STATUS_BLANK) ? " " : "") + options.echo();
    }

    private void delete(Line line) throws Refused {
        MetaOptions options = new MetaOptions(line, 2, traits);
        Item item = server.store().find(options.key);
        if (item == null) {
            reply(failed("NF", options));
            return;
        }
        if (options.has('C') && options.number('C', 0) != item.cas) {
            reply(failed("EX", options));
            return;
        }
        if (options.has('x')) {
            item.value = new byte[0];
            item.flags = 0;
        }
        if (options.has('I')) {
            server.store().markStale(item);
            item.end = options.has('T') ? server.store().endOf((int) options.number('T', 0)) : item.end;
        } else if (!options.has('x')) {
            server.store().remove(options.key);
            server.log("deletions", "type=deleted key=" + options.key + " cmd=md clsid=1 size=1");
        }
        if (options.has('E')) {
            item.cas = options.number('E', 0);
        }
        if (!options.has('q')) {
            reply(failed(done(), options));
        }
    }

    private void count(Line line) throws Refused {
        MetaOptions options = new MetaOptions(line, 2, traits);
        String mode = options.text('M');
        if (!mode.matches("|[IiDd+-]")) {
            throw new Refused(traits.has(Trait.STRICT) ? "CLIENT_ERROR invalid mode for ma M token" : INVALID);
        }
        Item item = server.store().find(options.key);
        boolean created = item == null && options.has('N');
        if (created) {
            byte[] digits = Long.toUnsignedString(options.number('J', 0)).getBytes(StandardCharsets.ISO_8859_1);
            item = new Item(options.key, digits, 0, 0);
            server.store().put(item);
        }
        if (item == null) {
            reply(failed("NF", options));
            return;
        }
        if (!created && options.has('C') && options.number('C', 0) != item.cas) {
            reply(failed("EX", options));
            return;
        }
        Long number = created
                ? Long.valueOf(options.number('J', 0))
                : session.commands().counted(item, !mode.matches("[Dd-]"), options.number('D', 1));
        if (number == null) {
            throw new Refused(Commands.NOT_NUMERIC);
        }
        if (options.has('E')) {
            item.cas = options.number('E', 0);
        }
        String digits = Long.toUnsignedString(number);
        StringBuilder answer = new StringBuilder(options.has('v') ? "VA " + digits.length() : done());
        for (String token : options.tokens) {
            switch (token.charAt(0)) {
                case 'c' -> answer.append(" c").append(Long.toUnsignedString(item.cas));
                case 't' -> answer.append(" t").append(ttl(item));
                case 'T' -> item.end = server.store().endOf((int) number(token));
                case 'N' -> item.end = created ? server.store().endOf((int) number(token)) : item.end;
                case 'O' -> answer.append(' ').append(MetaOptions.opaque(token));
                case 'k' -> answer.append(' ').append(options.keyToken());
                default -> {}
            }
        }
        if (!options.has('q')) {
            reply(answer + (options.has('v') ? "\r\n" + digits : ""));
        }
    }

    private void debug(Line line) {
        boolean encoded = line.token(2).equals("b") && traits.has(Trait.DEBUG_BASE64);
        String key = line.token(1);
        if (encoded) {
            try {
                key = MetaOptions.decoded(key);
            } catch (Refused refused) {
                reply(Commands.BAD_FORMAT);
                return;
            }
        }
        Item item = server.store().find(key);
        if (item != null) {
            reply("ME " + (item.base64 ? MetaOptions.encoded(item.key) : item.key)
                    + " exp=" + (item.end == 0 ? -1 : server.store().now() - item.end)
                    + " la=" + (server.store().now() - item.lastAccess)
                    + " cas=" + Long.toUnsignedString(item.cas)
                    + " fetch=" + (item.fetched ? "yes" : "no")
                    + " cls=1 size=" + item.size());
        }
        if (item == null || traits.has(Trait.DEBUG_END)) {
            reply("EN");
        }
    }

    private void reply(String line) {
        session.write(line + "\r\n");
    }
}
