package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Inflation;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;

/**
 * What pylibmc, python-memcached and pymemcache's pickle serdes write: bytes 0, text 16, integers 2 or 4 as decimal text of
 * any size, everything else 1 as a pickle; 8 marks zlib.
 *
 * @param flavour which of them
 * @param packing compression on writing
 */
record PythonFormat(Flavour flavour, Packing packing) implements ForeignFormat {
    private static final int PICKLE = 1;
    private static final int INTEGER = 2;
    private static final int LONG = 4;
    private static final int ZLIB = 8;
    private static final int TEXT = 16;

    enum Flavour {
        /** Integers have flag 4, and 2 is left to truth values. */
        PYLIBMC,
        /** Integers have flag 2 and are never compressed, truth values are pickled. */
        PYTHON_MEMCACHED,
        /** Integers have flag 2, truth values are pickled. */
        PYMEMCACHE
    }

    @Override
    public boolean claims(int flags) {
        return switch (flags & ~ZLIB) {
            case 0, PICKLE, INTEGER, LONG, TEXT -> true;
            default -> false;
        };
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & ZLIB) != 0;
        DataBlock data = packed ? Inflation.zlib(stored.data(), maxBytes) : stored.data();
        Encoding encoding =
                switch (stored.flags() & ~ZLIB) {
                    case TEXT -> Encoding.TEXT;
                    case PICKLE -> Encoding.PICKLE;
                    case LONG -> Encoding.INTEGER;
                    case INTEGER -> flavour == Flavour.PYLIBMC ? PythonFormat::bitOrInteger : Encoding.INTEGER;
                    default -> Encoding.BYTES;
                };
        return new Stored(encoding, data);
    }

    private static Object bitOrInteger(DataBlock data) {
        boolean bit = data.length() == 1 && (data.at(0) == '0' || data.at(0) == '1');
        return bit ? new Encoding.Bit(data.at(0) == '1') : Decimals.integer(data);
    }

    @Override
    public boolean writes(Class<?> type) {
        return isPlain(type) || PickleWriter.writes(type);
    }

    @Override
    public EncodedValue write(Object value) {
        if (value instanceof String text) {
            return item(Utf8.encode(text), TEXT);
        }
        if (value instanceof byte[] bytes) {
            return item(DataBlock.copyOf(bytes), 0);
        }
        if (value instanceof DataBlock data) {
            return item(data, 0);
        }
        if (value instanceof Boolean bit && flavour == Flavour.PYLIBMC) {
            return item(DataBlock.ofUtf8(bit ? "1" : "0"), INTEGER);
        }
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null) {
            return item(DataBlock.ofUtf8(integer.toString()), flavour == Flavour.PYLIBMC ? LONG : INTEGER);
        }
        return item(PickleWriter.write(value), PICKLE);
    }

    private EncodedValue item(DataBlock data, int flags) {
        DataBlock packed = flavour == Flavour.PYTHON_MEMCACHED && flags == INTEGER ? null : packing.pack(data);
        return packed == null ? new EncodedValue(data, flags) : new EncodedValue(packed, flags | ZLIB);
    }
}
