package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as a value. Its parts have been checked: keys by {@link io.cachewire.KeyRules}, arguments by the operations.
 * The opcodes that each record may carry are named at the record.
 */
public sealed interface Request {
    /** The verb. */
    Opcode opcode();

    /** The key on the wire; empty for a request without one. */
    DataBlock key();

    /** The block of bytes that follows the command line, or null when the request has none. */
    default @Nullable DataBlock data() {
        return null;
    }

    /** The command, whichever way its key goes: {@link Base64} says nothing of what is done. */
    default Request plain() {
        return this;
    }

    /** GET, GETS, ITEM, DELETE. */
    record Keyed(Opcode opcode, DataBlock key) implements Request {}

    /**
     * GET_ALL: reads of two keys or more in one command. The keys but the first are its data block.
     *
     * @param keys in the order of the reads
     * @param withCas whether the cas uniques are wanted
     * @param data the keys behind the first, with a blank between
     */
    record GetAll(List<DataBlock> keys, boolean withCas, DataBlock data) implements Request {
        /** A request for these keys. */
        public static GetAll of(List<DataBlock> keys, boolean withCas) {
            if (keys.size() < 2) {
                throw new IllegalArgumentException(keys.size() + " keys");
            }
            int length = keys.size() - 2;
            for (int i = 1; i < keys.size(); i++) {
                length += keys.get(i).length();
            }
            ByteBuffer joined = ByteBuffer.allocate(length);
            for (int i = 1; i < keys.size(); i++) {
                if (i > 1) {
                    joined.put((byte) ' ');
                }
                keys.get(i).copyTo(joined, 0);
            }
            return new GetAll(keys, withCas, DataBlock.wrap(joined.array()));
        }

        @Override
        public Opcode opcode() {
            return Opcode.GET_ALL;
        }

        @Override
        public DataBlock key() {
            return keys.get(0);
        }
    }

    /** TOUCH, GET_AND_TOUCH, MARK_STALE; {@code exptime} as the protocol has it. */
    record Touch(Opcode opcode, DataBlock key, long exptime) implements Request {}

    /** SET, ADD, REPLACE, APPEND, PREPEND, CAS; {@code cas} counts for CAS only. */
    record Store(Opcode opcode, DataBlock key, DataBlock data, int flags, long exptime, long cas) implements Request {}

    /** INCREMENT, DECREMENT; {@code delta} is unsigned; without {@code initial} an absent item stays absent. */
    record Arithmetic(
            Opcode opcode,
            DataBlock key,
            long delta,
            @Nullable Initial initial) implements Request {}

    /** NOOP, VERSION, STATS, FLUSH_ALL, VERBOSITY; {@code argument} is empty or checked text without line ends. */
    record Server(Opcode opcode, String argument) implements Request {
        @Override
        public DataBlock key() {
            return DataBlock.EMPTY;
        }
    }

    /**
     * META.
     *
     * @param flags checked meta flags with a blank before each, without an opaque; at most {@link #MAX_META_FLAGS} characters
     */
    record Meta(MetaVerb verb, DataBlock key, @Nullable DataBlock data, String flags) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.META;
        }

        /** Whether it gives the item a cas unique of the caller's choice. */
        public boolean choosesCas() {
            return flags.contains(" E");
        }
    }

    /** The most characters of the meta flags of a {@link Meta}. */
    int MAX_META_FLAGS = 300;

    /** The command of a {@link Meta}. */
    enum MetaVerb {
        /** {@code mg}. */
        GET,
        /** {@code ms}, with a data block. */
        SET,
        /** {@code md}. */
        DELETE,
        /** {@code ma}. */
        ARITHMETIC
    }

    /**
     * BASE64_KEY: any command on an item under a key that a command line cannot carry.
     *
     * @param encoded the command with the key in base64
     * @param key the bytes of the key, which decide the server
     */
    record Base64(Request encoded, DataBlock key) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.BASE64_KEY;
        }

        @Override
        public @Nullable DataBlock data() {
            return encoded.data();
        }

        @Override
        public Request plain() {
            return encoded;
        }
    }

    /** What an absent counter is created with; {@code value} is unsigned. */
    record Initial(long value, long exptime) {}
}
