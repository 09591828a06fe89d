package io.cachewire;

import org.jspecify.annotations.Nullable;

/** The server understood a server command and answered that it does not carry it out. */
public final class CommandRefusedException extends MemcachedException {
    /** The words of the protocol. */
    public enum Reason {
        /** {@code BUSY}: the LRU crawler or the page mover works on another request; later it may go. */
        BUSY("BUSY"),
        /** {@code BADCLASS}: there is no such slab class. */
        BAD_CLASS("BADCLASS"),
        /** {@code NOSPARE}: the source class has no page to spare. */
        NO_SPARE("NOSPARE"),
        /** {@code NOTFULL}: the target class has room. */
        NOT_FULL("NOTFULL"),
        /** {@code UNSAFE}: a page cannot be moved now; later it may go. */
        UNSAFE("UNSAFE"),
        /** {@code SAME}: source and target are one class. */
        SAME("SAME"),
        /** {@code MEMLIMIT_TOO_SMALL}. */
        LIMIT_TOO_SMALL("MEMLIMIT_TOO_SMALL"),
        /** {@code MEMLIMIT_ADJUST_FAILED}: the limit could not be changed. */
        LIMIT_NOT_CHANGED("MEMLIMIT_ADJUST_FAILED"),
        /** Any other line. */
        OTHER("");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        private static Reason of(String line) {
            int blank = line.indexOf(' ');
            String first = blank < 0 ? line : line.substring(0, blank);
            for (Reason reason : values()) {
                if (reason.word.equals(first)) {
                    return reason;
                }
            }
            return OTHER;
        }
    }

    private final Reason reason;

    /** Made by the operations; {@code line} is the server's. */
    public CommandRefusedException(String line, @Nullable ServerAddress server) {
        super("the server answered: " + Escaped.text(line), Delivery.ANSWERED, server, null, null);
        this.reason = Reason.of(line);
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
