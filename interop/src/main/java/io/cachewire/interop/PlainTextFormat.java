package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;

/**
 * What clients without types write: text or bytes under flags 0. Numbers and truth values are written as their language
 * spells them, and read when they are asked for; other values are not written.
 *
 * @param booleans how truth values are spelt
 */
record PlainTextFormat(Booleans booleans) implements ForeignFormat {
    enum Booleans {
        PYTHON("True", "False"),
        LOWER_CASE("true", "false"),
        NUMBER("1", "0");

        private final String yes;
        private final String no;

        Booleans(String yes, String no) {
            this.yes = yes;
            this.no = no;
        }

        String text(boolean value) {
            return value ? yes : no;
        }
    }

    @Override
    public boolean claims(int flags) {
        return flags == 0;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        return new Stored(Encoding.UNTYPED, stored.data());
    }

    @Override
    public boolean writes(Class<?> type) {
        return isPlain(type) || type == Boolean.class || Decimals.isNumber(type);
    }

    @Override
    public EncodedValue write(Object value) {
        return new EncodedValue(data(value, booleans), 0);
    }

    /** The bytes of a text, of bytes, a number or a truth value. */
    static DataBlock data(Object value, Booleans booleans) {
        if (value instanceof byte[] bytes) {
            return DataBlock.copyOf(bytes);
        }
        if (value instanceof DataBlock data) {
            return data;
        }
        if (value instanceof Boolean bit) {
            return DataBlock.ofUtf8(booleans.text(bit));
        }
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null) {
            return DataBlock.ofUtf8(integer.toString());
        }
        if (value instanceof Number real) {
            return DataBlock.ofUtf8(
                    booleans == Booleans.PYTHON ? Reals.python(real.doubleValue()) : Reals.javascript(real.doubleValue()));
        }
        return Utf8.encode((String) value);
    }
}
