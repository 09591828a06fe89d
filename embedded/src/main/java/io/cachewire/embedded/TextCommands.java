package io.cachewire.embedded;

import io.cachewire.embedded.DataBlock.Ending;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The classic text commands (protocol.txt): parsing, the store's answer, and the reply line, errors as memcached
 * 1.6.18 words them.
 */
final class TextCommands {
    static final int LONGEST_KEY = 250;
    static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";
    static final String BAD_CHUNK = "CLIENT_ERROR bad data chunk";
    static final String TOO_LARGE = "SERVER_ERROR object too large for cache";
    static final String OUT_OF_MEMORY = "SERVER_ERROR out of memory storing object";
    static final String NOT_NUMERIC = "CLIENT_ERROR cannot increment or decrement non-numeric value";
    static final int LINE_END_BYTES = 2;

    private static final String BAD_EXPTIME = "CLIENT_ERROR invalid exptime argument";

    private final Store store;
    private final ServerClock clock;
    private final Statistics statistics;
    private final PrefixStatistics prefixes;

    TextCommands(Store store, ServerClock clock, Statistics statistics, PrefixStatistics prefixes) {
        this.store = store;
        this.clock = clock;
        this.statistics = statistics;
        this.prefixes = prefixes;
    }

    /** What a retrieval command does and shows besides the value. */
    enum Retrieval {
        GET,
        GETS,
        GAT,
        GATS;

        boolean touches() {
            return this == GAT || this == GATS;
        }

        boolean showsCas() {
            return this == GETS || this == GATS;
        }
    }

    void get(CommandLine line, Session session, Retrieval retrieval) {
        int first = 1;
        int exptime = 0;
        if (retrieval.touches()) {
            OptionalInt number = Numbers.signed(line.token(1));
            if (number.isEmpty()) {
                session.write(BAD_EXPTIME + "\r\n");
                return;
            }
            exptime = clock.moment(number.getAsInt());
            first = 2;
        }
        new Hits(this, line, first, exptime, retrieval, session).start();
    }

    /** The item of one key of a retrieval, counted. */
    @Nullable
    Item look(String key, int exptime, Retrieval retrieval) {
        Item item = store.fetch(key);
        prefixes.countGet(key, item);
        if (retrieval.touches()) {
            if (item == null) {
                statistics.touchMisses++;
            } else {
                item.exptime = exptime;
                statistics.touchHits++;
            }
        } else if (item == null) {
            statistics.getMisses++;
        } else {
            statistics.getHits++;
        }
        return item;
    }

    void store(CommandLine line, Session session, StoreMode mode) {
        Reply reply = new Reply(session).forLine(line);
        String key = line.key();
        if (key.length() > LONGEST_KEY) {
            reply.line(BAD_FORMAT);
            return;
        }
        OptionalInt flags = Numbers.unsigned(line.token(2));
        OptionalInt exptime = Numbers.signed(line.token(3));
        OptionalInt length = Numbers.signed(line.token(4));
        OptionalLong cas = mode == StoreMode.CAS ? Numbers.unsignedLong(line.token(5)) : OptionalLong.of(0);
        if (flags.isEmpty() || exptime.isEmpty() || length.isEmpty() || cas.isEmpty() || !isLength(length.getAsInt())) {
            reply.line(BAD_FORMAT);
            return;
        }
        prefixes.countSet(key);
        Store.Room room = store.room(key, flags.getAsInt(), length.getAsInt());
        if (room != Store.Room.ENOUGH) {
            refuse(key, mode, room, reply);
            session.swallow((long) length.getAsInt() + LINE_END_BYTES);
            return;
        }
        int end = clock.moment(exptime.getAsInt());
        session.expect(new DataBlock(length.getAsInt(), (value, ending) -> {
            if (ending == Ending.NO_MEMORY) {
                refuse(key, mode, Store.Room.OUT_OF_MEMORY, reply);
                return;
            }
            statistics.setCommands++;
            if (ending == Ending.OTHER) {
                reply.line(BAD_CHUNK);
                return;
            }
            Item item = new Item(key, flags.getAsInt(), end, value);
            item.cas = cas.getAsLong();
            reply.line(store.store(item, mode).status().name());
        }));
    }

    /** A length that memcached can add a line end to. */
    static boolean isLength(int length) {
        return length >= 0 && length <= Integer.MAX_VALUE - LINE_END_BYTES;
    }

    private void refuse(String key, StoreMode mode, Store.Room room, Reply reply) {
        reply.line(refusal(room));
        if (mode == StoreMode.SET) {
            removeOld(key);
        }
    }

    /** The line for an item there is no room for, counted. */
    String refusal(Store.Room room) {
        if (room == Store.Room.TOO_LARGE) {
            statistics.storeTooLarge++;
            return TOO_LARGE;
        }
        statistics.storeNoMemory++;
        return OUT_OF_MEMORY;
    }

    /** After a refused store no reader shall see the value from before it. */
    void removeOld(String key) {
        Item old = store.find(key);
        if (old != null) {
            store.remove(old);
        }
    }

    void delete(CommandLine line, Session session) {
        Reply reply = new Reply(session);
        if (line.size() > 2) {
            reply.forLine(line);
            boolean zero = line.token(2).equals("0");
            boolean quiet = line.endsWith("noreply");
            if (!(line.size() == 3 && (zero || quiet) || line.size() == 4 && zero && quiet)) {
                reply.line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]");
                return;
            }
        }
        String key = line.key();
        if (key.length() > LONGEST_KEY) {
            reply.line(BAD_FORMAT);
            return;
        }
        prefixes.countDelete(key);
        Item item = store.find(key);
        if (item == null) {
            statistics.deleteMisses++;
            reply.line("NOT_FOUND");
        } else {
            statistics.deleteHits++;
            store.remove(item);
            reply.line("DELETED");
        }
    }

    void arithmetic(CommandLine line, Session session, Delta.Direction direction) {
        Reply reply = new Reply(session).forLine(line);
        String key = line.key();
        if (key.length() > LONGEST_KEY) {
            reply.line(BAD_FORMAT);
            return;
        }
        OptionalLong amount = Numbers.unsignedLong(line.token(2));
        if (amount.isEmpty()) {
            reply.line("CLIENT_ERROR invalid numeric delta argument");
            return;
        }
        DeltaOutcome outcome = store.add(key, new Delta(direction, amount.getAsLong()), 0);
        count(outcome, direction);
        reply.line(
                switch (outcome.status()) {
                    case DONE -> Long.toUnsignedString(outcome.number());
                    case NOT_NUMERIC -> NOT_NUMERIC;
                    case NOT_FOUND, CAS_MISMATCH -> "NOT_FOUND";
                });
    }

    void count(DeltaOutcome outcome, Delta.Direction direction) {
        boolean up = direction == Delta.Direction.UP;
        if (outcome.status() == DeltaOutcome.Status.DONE) {
            statistics.incrHits += up ? 1 : 0;
            statistics.decrHits += up ? 0 : 1;
        } else if (outcome.status() == DeltaOutcome.Status.NOT_FOUND) {
            statistics.incrMisses += up ? 1 : 0;
            statistics.decrMisses += up ? 0 : 1;
        }
    }

    void touch(CommandLine line, Session session) {
        Reply reply = new Reply(session).forLine(line);
        if (line.key().length() > LONGEST_KEY) {
            reply.line(BAD_FORMAT);
            return;
        }
        OptionalInt exptime = Numbers.signed(line.token(2));
        if (exptime.isEmpty()) {
            reply.line(BAD_EXPTIME);
            return;
        }
        Item item = store.fetch(line.key());
        if (item == null) {
            statistics.touchMisses++;
            reply.line("NOT_FOUND");
        } else {
            item.exptime = clock.moment(exptime.getAsInt());
            statistics.touchHits++;
            reply.line("TOUCHED");
        }
    }

    void flushAll(CommandLine line, Session session) {
        Reply reply = new Reply(session).forLine(line);
        statistics.flushCommands++;
        int delay = 0;
        if (line.size() != (line.endsWith("noreply") ? 2 : 1)) {
            OptionalInt number = Numbers.signed(line.token(1));
            if (number.isEmpty()) {
                reply.line(BAD_EXPTIME);
                return;
            }
            delay = number.getAsInt();
        }
        store.flush(delay > 0 ? clock.moment(delay) : 0);
        reply.line("OK");
    }

    void verbosity(CommandLine line, Session session) {
        Reply reply = new Reply(session).forLine(line);
        reply.line(Numbers.unsigned(line.token(1)).isPresent() ? "OK" : BAD_FORMAT);
    }
}
