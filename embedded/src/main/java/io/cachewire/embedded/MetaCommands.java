package io.cachewire.embedded;

import io.cachewire.embedded.DataBlock.Ending;
import io.cachewire.embedded.MetaLine.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The meta commands (protocol.txt, "Meta Commands") as memcached 1.6.18 has them, its order of checks included. */
final class MetaCommands {
    private static final int MOST_TOKENS = 19;

    private final Store store;
    private final ServerClock clock;
    private final Statistics statistics;
    private final TextCommands text;

    MetaCommands(Store store, ServerClock clock, Statistics statistics, TextCommands text) {
        this.store = store;
        this.clock = clock;
        this.statistics = statistics;
        this.text = text;
    }

    void run(CommandLine line, Session session) {
        Reply reply = new Reply(session);
        char verb = line.command().charAt(1);
        if (verb == 'n') {
            reply.line("MN");
        } else if (verb == 'e') {
            debug(line, reply);
        } else if ("gsda".indexOf(verb) < 0 || line.size() < 2) {
            reply.line("ERROR");
        } else if (line.key().length() > TextCommands.LONGEST_KEY || verb == 's' && line.size() == 2) {
            reply.line(TextCommands.BAD_FORMAT);
        } else if (line.size() > MOST_TOKENS) {
            reply.line(verb == 'g' ? "CLIENT_ERROR options flags are too long" : "CLIENT_ERROR options flags too long");
        } else {
            run(verb, line, session, reply);
        }
    }

    private void run(char verb, CommandLine line, Session session, Reply reply) {
        try {
            switch (verb) {
                case 'g' -> get(line, session, reply);
                case 's' -> set(line, session, reply);
                case 'd' -> delete(line, reply);
                default -> arithmetic(line, reply);
            }
        } catch (Refusal refusal) {
            reply.error(refusal.line);
        }
    }

    private void get(CommandLine line, Session session, Reply reply) throws Refusal {
        MetaFlags flags = MetaFlags.of(line, 2, clock);
        if (flags.error != null) {
            throw new Refusal(flags.error);
        }
        Item item = store.find(flags.key);
        boolean created = item == null && flags.vivify;
        if (created) {
            item = new Item(flags.key, 0, 0, new byte[0]);
            store.link(item);
        }
        if (item == null) {
            if (flags.quiet) {
                reply.silence();
            }
            count(flags, null);
            reply.line(miss("EN", line, flags));
            return;
        }
        if (!flags.noBump && !flags.lateBump) {
            store.use(item);
        }
        MetaLine answer = hit(line, flags, item, created ? Presence.CREATED : Presence.FOUND);
        count(flags, item);
        session.write(answer + "\r\n");
        if (flags.value) {
            session.write(item.value);
            session.write("\r\n");
        }
        if (!flags.noBump && flags.lateBump) {
            store.use(item);
        }
    }

    private enum Presence {
        FOUND,
        CREATED
    }

    private MetaLine hit(CommandLine line, MetaFlags flags, Item item, Presence presence) throws Refusal {
        MetaLine answer = new MetaLine().status(flags.value ? "VA " + item.value.length : "HD");
        boolean win = false;
        for (int i = 2; i < line.size(); i++) {
            switch (line.token(i).charAt(0)) {
                case 'T' -> item.exptime = flags.ttl;
                case 'N' -> {
                    if (presence == Presence.CREATED) {
                        item.exptime = flags.vivifyTtl;
                        win = true;
                    }
                }
                case 'R' ->
                    win |= presence == Presence.FOUND
                            && !item.winTaken
                            && item.exptime != 0
                            && item.exptime < flags.recacheTtl;
                case 's' -> answer.flag('s', Integer.toString(item.value.length));
                case 't' -> answer.ttl(item, clock);
                case 'c' -> answer.cas(item.cas);
                case 'f' -> answer.flag('f', Integer.toUnsignedString(item.flags));
                case 'l' -> answer.flag('l', Integer.toUnsignedString(clock.now() - item.lastAccess));
                case 'h' -> answer.flag('h', item.fetched ? "1" : "0");
                case 'O' -> answer.opaque(line.token(i));
                case 'k' -> answer.key(item.key, item.base64Key);
                default -> {}
            }
        }
        if (item.winTaken) {
            answer.flag('Z');
        }
        if (item.stale) {
            answer.flag('X');
            win |= !item.winTaken;
        }
        if (win) {
            answer.flag('W');
            item.winTaken = true;
        }
        return answer;
    }

    private void count(MetaFlags flags, @Nullable Item item) {
        if (item == null) {
            statistics.getMisses++;
        } else if (flags.newTtl) {
            statistics.touchHits++;
        } else {
            statistics.getHits++;
        }
    }

    private static String miss(String status, CommandLine line, MetaFlags flags) throws Refusal {
        MetaLine answer = new MetaLine().status(status);
        for (int i = 2; i < line.size(); i++) {
            switch (line.token(i).charAt(0)) {
                case 'O' -> answer.opaque(line.token(i));
                case 'k' -> answer.key(flags.key, flags.base64);
                default -> {}
            }
        }
        return answer.toString();
    }

    private void set(CommandLine line, Session session, Reply reply) throws Refusal {
        OptionalInt length = Numbers.signed(line.token(2));
        if (length.isEmpty() || !TextCommands.isLength(length.getAsInt())) {
            throw new Refusal(TextCommands.BAD_FORMAT);
        }
        MetaFlags flags = MetaFlags.of(line, 3, clock);
        try {
            DataBlock block = new DataBlock(length.getAsInt(), storing(line, flags, length.getAsInt(), reply));
            if (flags.quiet) {
                reply.silence();
            }
            session.expect(block);
        } catch (Refusal refusal) {
            session.swallow((long) length.getAsInt() + TextCommands.LINE_END_BYTES);
            throw refusal;
        }
    }

    private DataBlock.Completion storing(CommandLine line, MetaFlags flags, int length, Reply reply) throws Refusal {
        if (flags.error != null) {
            throw new Refusal(flags.error);
        }
        StoreMode mode = mode(flags);
        for (int i = 3; i < line.size(); i++) {
            if (line.token(i).charAt(0) == 'O' && !MetaFlags.isOpaque(line.token(i))) {
                new MetaLine().opaque(line.token(i));
            }
        }
        Store.Room room = store.room(flags.key, flags.clientFlags, length);
        if (room != Store.Room.ENOUGH) {
            text.removeOld(flags.key);
            throw new Refusal(text.refusal(room));
        }
        return (value, ending) -> {
            if (ending == Ending.NO_MEMORY) {
                text.removeOld(flags.key);
                reply.error(text.refusal(Store.Room.OUT_OF_MEMORY));
                return;
            }
            statistics.setCommands++;
            if (ending == Ending.OTHER) {
                reply.error(TextCommands.BAD_CHUNK);
                return;
            }
            Item item = new Item(flags.key, flags.clientFlags, flags.ttl, value);
            item.cas = flags.cas;
            item.base64Key = flags.base64;
            finish(line, flags, store.store(item, mode), reply);
        };
    }

    private static StoreMode mode(MetaFlags flags) throws Refusal {
        StoreMode mode = switch (flags.mode) {
            case 0, 'S' -> StoreMode.SET;
            case 'E' -> StoreMode.ADD;
            case 'A' -> StoreMode.APPEND;
            case 'P' -> StoreMode.PREPEND;
            case 'R' -> StoreMode.REPLACE;
            default -> throw new Refusal("CLIENT_ERROR invalid mode for ms M token");
        };
        if (flags.hasCas && (mode == StoreMode.SET || mode == StoreMode.REPLACE)) {
            return flags.invalidate ? StoreMode.CAS_OR_STALE : StoreMode.CAS;
        }
        return mode;
    }

    private static void finish(CommandLine line, MetaFlags flags, StoreOutcome outcome, Reply reply) {
        MetaLine answer = new MetaLine()
                .status(
                        switch (outcome.status()) {
                            case STORED -> "HD";
                            case EXISTS -> "EX";
                            case NOT_FOUND -> "NF";
                            case NOT_STORED -> "NS";
                        });
        for (int i = 3; i < line.size(); i++) {
            String token = line.token(i);
            switch (token.charAt(0)) {
                case 'O' -> answer.flag('O', token.substring(1));
                case 'k' -> answer.key(flags.key, flags.base64);
                case 'c' -> answer.cas(outcome.cas());
                default -> {}
            }
        }
        if (outcome.status() == StoreOutcome.Status.STORED) {
            reply.line(answer.toString());
        } else {
            reply.error(answer.toString());
        }
    }

    private void delete(CommandLine line, Reply reply) throws Refusal {
        MetaFlags flags = MetaFlags.of(line, 2, clock);
        if (flags.error != null) {
            throw new Refusal("CLIENT_ERROR invalid or duplicate flag");
        }
        String tail = miss("", line, flags);
        Item item = store.find(flags.key);
        if (item == null) {
            statistics.deleteMisses++;
            reply.error("NF" + tail);
            return;
        }
        if (flags.hasCas && item.cas != flags.cas) {
            statistics.deleteMisses++;
            reply.error("EX" + tail);
            return;
        }
        if (flags.invalidate) {
            if (flags.newTtl) {
                item.exptime = flags.ttl;
            }
            store.markStale(item);
        } else {
            statistics.deleteHits++;
            store.remove(item);
        }
        if (flags.quiet) {
            reply.silence();
        }
        reply.line("HD" + tail);
    }

    private void arithmetic(CommandLine line, Reply reply) throws Refusal {
        MetaFlags flags = MetaFlags.of(line, 2, clock);
        if (flags.error != null) {
            throw new Refusal("CLIENT_ERROR invalid or duplicate flag");
        }
        Delta.Direction direction = switch (flags.mode) {
            case 0, 'I', '+' -> Delta.Direction.UP;
            case 'D', '-' -> Delta.Direction.DOWN;
            default -> throw new Refusal("CLIENT_ERROR invalid mode for ma M token");
        };
        DeltaOutcome outcome = store.add(flags.key, new Delta(direction, flags.delta), flags.cas);
        if (outcome.status() == DeltaOutcome.Status.NOT_FOUND && flags.vivify) {
            Item item = new Item(
                    flags.key, 0, 0, Long.toUnsignedString(flags.initial).getBytes(StandardCharsets.US_ASCII));
            store.link(item);
            reply.line(counted(line, flags, item, flags.initial, Presence.CREATED));
            return;
        }
        text.count(outcome, direction);
        Item item = outcome.item();
        if (item != null) {
            if (flags.quiet) {
                reply.silence();
            }
            reply.line(counted(line, flags, item, outcome.number(), Presence.FOUND));
            return;
        }
        reply.line(
                switch (outcome.status()) {
                    case NOT_NUMERIC -> TextCommands.NOT_NUMERIC;
                    case CAS_MISMATCH -> miss("EX", line, flags);
                    case NOT_FOUND, DONE -> miss("NF", line, flags);
                });
    }

    private String counted(CommandLine line, MetaFlags flags, Item item, long number, Presence presence)
            throws Refusal {
        String digits = Long.toUnsignedString(number);
        MetaLine answer = new MetaLine().status(flags.value ? "VA " + digits.length() : "HD");
        for (int i = 2; i < line.size(); i++) {
            switch (line.token(i).charAt(0)) {
                case 'c' -> answer.cas(item.cas);
                case 't' -> answer.ttl(item, clock);
                case 'T' -> item.exptime = flags.ttl;
                case 'N' -> item.exptime = presence == Presence.CREATED ? flags.vivifyTtl : item.exptime;
                case 'O' -> answer.opaque(line.token(i));
                case 'k' -> answer.key(flags.key, flags.base64);
                default -> {}
            }
        }
        return answer + (flags.value ? "\r\n" + digits : "");
    }

    private void debug(CommandLine line, Reply reply) {
        if (line.size() < 2 || line.key().length() > TextCommands.LONGEST_KEY) {
            reply.line(TextCommands.BAD_FORMAT);
            return;
        }
        String key = line.key();
        if (line.size() > 2 && line.token(2).equals("b")) {
            key = Base64Key.decode(key);
            if (key.isEmpty()) {
                reply.line(TextCommands.BAD_FORMAT);
                return;
            }
        }
        statistics.metaCommands++;
        Item item = store.find(key);
        if (item == null) {
            reply.line("EN");
            return;
        }
        reply.line(String.format(
                Locale.ROOT,
                "ME %s exp=%d la=%d cas=%s fetch=%s cls=%d size=%d",
                item.base64Key ? Base64Key.encode(item.key) : item.key,
                item.exptime == 0 ? -1 : clock.now() - item.exptime,
                clock.now() - item.lastAccess,
                Long.toUnsignedString(item.cas),
                item.fetched ? "yes" : "no",
                SlabClasses.classOf(item.size()),
                item.size()));
    }
}
