package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reply as a value, whole and raw: no serde has seen it. */
public sealed interface Reply {
    /** {@link #opaque()} of a reply that carries none. */
    int NO_OPAQUE = -1;

    /** {@link #opaque()} of a {@link Kind#PART}, which carries none. */
    int MORE_FOLLOW = -2;

    /** What the reply says. */
    Kind kind();

    /** The opaque that the server echoed, or {@link #NO_OPAQUE}. */
    default int opaque() {
        return NO_OPAQUE;
    }

    /** What memcached answers to an increment of an item that is not a number. */
    String NOT_A_NUMBER = "cannot increment or decrement non-numeric value";

    /** True for {@code ERROR}, {@code CLIENT_ERROR} and {@code SERVER_ERROR}, which carry no key, and an opaque in binary only. */
    default boolean isError() {
        return false;
    }

    /** The kinds of replies over all dialects. */
    enum Kind {
        /** {@code VA} (meta), {@code VALUE} (text): an item, or a counter's number by {@code ma}. */
        VALUE,
        /** {@code VALUE}, with another {@code VALUE} behind it. */
        PART,
        /** What came for each of several keys. */
        ALL,
        /** {@code EN} (meta), {@code END} without a value before it (text): a miss, or statistics without a line. */
        END,
        /** {@code HD} (meta): done, without a value. */
        HEADER,
        /** {@code STORED} (text). */
        STORED,
        /** {@code NS} (meta), {@code NOT_STORED} (text). */
        NOT_STORED,
        /** {@code EX} (meta), {@code EXISTS} (text): another cas unique. */
        EXISTS,
        /** {@code NF} (meta), {@code NOT_FOUND} (text). */
        NOT_FOUND,
        /** {@code DELETED} (text). */
        DELETED,
        /** {@code TOUCHED} (text). */
        TOUCHED,
        /** {@code OK}: a server command was done. */
        OK,
        /** {@code RESET}: statistics were reset. */
        RESET,
        /** {@code MN} (meta): the answer to a no-op. */
        NOOP,
        /** A line that is one decimal number (text): the new value of a counter. */
        NUMBER,
        /** {@code VERSION}. */
        VERSION,
        /** {@code STAT} lines, or the {@code PREFIX} and {@code ITEM} lines of detailed ones, up to their {@code END}. */
        STATS,
        /** {@code ERROR}: the command is not known. */
        ERROR,
        /** {@code CLIENT_ERROR}. */
        CLIENT_ERROR,
        /** {@code SERVER_ERROR}. */
        SERVER_ERROR,
        /** A packet about a login, status 0 (binary): the list of mechanisms, or the login is done. */
        SASL,
        /** A packet about a login, status 0x21 (binary): the server's challenge. */
        SASL_CONTINUE
    }

    /**
     * A reply that is one line without free text: END, HEADER, STORED, NOT_STORED, EXISTS, NOT_FOUND, DELETED, TOUCHED, OK, RESET,
     * NOOP.
     */
    record Status(Kind kind, int opaque) implements Reply {}

    /** {@code HD} with meta flags: an item without its value, or what became of one. */
    record Header(int opaque, int flags, long cas, @Nullable ItemMeta meta) implements Reply {
        @Override
        public Kind kind() {
            return Kind.HEADER;
        }
    }

    /**
     * VALUE, and PART for an item of a classic {@code get} with more to follow. {@code key} is there when the dialect echoes it, {@code cas} is 0 when it was not asked for, {@code meta} is there when
     * the dialect was asked for it, and for every item that is stale or being refreshed.
     */
    record Value(
            int opaque,
            @Nullable DataBlock key,
            int flags,
            DataBlock data,
            long cas,
            @Nullable ItemMeta meta) implements Reply {
        /** In place of the data of an item whose client flags have more than 32 bits; to be compared by identity. */
        public static final DataBlock WIDE_FLAGS = DataBlock.wrap(new byte[0]);

        /** What stands for the data of an item that was skipped because it is too long; known by identity. */
        static final DataBlock SKIPPED = DataBlock.wrap(new byte[0]);

        /** Whether the item has client flags of more than 32 bits, which no serde can be told. */
        @SuppressWarnings("ReferenceEquality") // an item of no bytes is another thing
        public boolean hasWideFlags() {
            return data == WIDE_FLAGS;
        }

        /** Whether the data was too long, and skipped: then {@code cas} is how many bytes it had. */
        public boolean isSkipped() {
            return isSkipped(data);
        }

        @SuppressWarnings("ReferenceEquality") // an item of no bytes is another thing
        public static boolean isSkipped(DataBlock data) {
            return data == SKIPPED;
        }

        /**
         * Whether there is no value yet: what a read with auto-vivify has left for the one that makes the value. It looks like an empty value but
         * for the turn, and so does an empty value that is being refreshed, which is taken for one.
         */
        public boolean isPlaceholder() {
            return meta != null && (meta.win || meta.won) && !meta.stale && flags == 0 && data.length() == 0;
        }

        @Override
        public Kind kind() {
            return opaque == MORE_FOLLOW ? Kind.PART : Kind.VALUE;
        }
    }

    /** ALL: one reply for each key of a {@link Request.GetAll}, in its order: an item, END for a miss, or an error. */
    record All(List<Reply> replies) implements Reply {
        @Override
        public Kind kind() {
            return Kind.ALL;
        }
    }

    /**
     * The meta flags of an item. Times are in seconds, -1 when absent or without end.
     *
     * @param ttl what is left ({@code t})
     * @param lastAccess since the last read ({@code l})
     * @param hitBefore read before ({@code h1})
     * @param size bytes of the value ({@code s}), -1 when absent
     * @param win this reader should refresh the item ({@code W})
     * @param stale the item was marked stale ({@code X})
     * @param won another reader is refreshing it ({@code Z})
     */
    record ItemMeta(long ttl, long lastAccess, boolean hitBefore, long size, boolean win, boolean stale, boolean won) {}

    /** A counter's new value, unsigned. */
    record Number(long value, int opaque) implements Reply {
        /** As the text dialect has it. */
        public Number(long value) {
            this(value, NO_OPAQUE);
        }

        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    /** VERSION, ERROR, CLIENT_ERROR, SERVER_ERROR; {@code text} is what follows the word, possibly empty. */
    record Line(Kind kind, String text, int opaque) implements Reply {
        /** As the line dialects have it. */
        public Line(Kind kind, String text) {
            this(kind, text, NO_OPAQUE);
        }

        @Override
        public boolean isError() {
            return kind != Kind.VERSION;
        }

        /** True for the answer to an increment of an item that is not a number, which the server has read as it was meant. */
        public boolean isNotANumber() {
            return kind == Kind.CLIENT_ERROR && text.startsWith(NOT_A_NUMBER);
        }
    }

    /** Statistics in the server's order. */
    record Stats(Map<String, String> lines, int opaque) implements Reply {
        /** As the line dialects have it. */
        public Stats(Map<String, String> lines) {
            this(lines, NO_OPAQUE);
        }

        @Override
        public Kind kind() {
            return Kind.STATS;
        }
    }

    /** SASL, SASL_CONTINUE; {@code data} is the server's half of the exchange. */
    record Sasl(Kind kind, int opaque, DataBlock data) implements Reply {}
}
