package io.cachewire.serialization.jackson3;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;

/** Big numbers from text, as {@code JsonSerde} writes them, or from JSON numbers, as others do; of bounded length and exponent. */
final class BigNumbers {
    /** Reading a number takes time by the square of its length, and calculating with it by its exponent. */
    private static final int MOST_DIGITS = 10_000;

    /** No digit has fewer, so that what is let through here is let through on reading. */
    private static final int BITS_PER_DIGIT = 4;

    static final ReadFromText<BigDecimal> DECIMAL = new FromTextOrNumber<>(BigDecimal.class, BigNumbers::decimal) {
        @Override
        BigDecimal number(JsonParser parser) {
            return parser.getDecimalValue();
        }

        @Override
        boolean isNumber(JsonParser parser) {
            return parser.hasToken(JsonToken.VALUE_NUMBER_INT) || parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT);
        }

        @Override
        boolean isShortEnough(BigDecimal number) {
            return isShort(number);
        }
    };

    static final ReadFromText<BigInteger> INTEGER = new FromTextOrNumber<>(BigInteger.class, BigNumbers::integer) {
        @Override
        BigInteger number(JsonParser parser) {
            return parser.getBigIntegerValue();
        }

        @Override
        boolean isNumber(JsonParser parser) {
            return parser.hasToken(JsonToken.VALUE_NUMBER_INT);
        }

        @Override
        boolean isShortEnough(BigInteger number) {
            return isShort(number);
        }
    };

    private BigNumbers() {}

    static boolean isShort(BigInteger number) {
        return isShort(number.bitLength() / BITS_PER_DIGIT);
    }

    static boolean isShort(BigDecimal number) {
        // abs of the least integer is negative
        return isShort(number.unscaledValue()) && Math.abs((long) number.scale()) <= MOST_DIGITS;
    }

    private static boolean isShort(int digits) {
        return digits <= MOST_DIGITS;
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(shortText(text));
    }

    private static BigInteger integer(String text) {
        return new BigInteger(shortText(text));
    }

    private static String shortText(String text) {
        if (!isShort(text.length() / 2)) {
            throw new NumberFormatException("too long");
        }
        return text;
    }

    private abstract static class FromTextOrNumber<T> extends ReadFromText<T> {
        FromTextOrNumber(Class<T> type, Function<String, T> parse) {
            super(type, parse, null);
        }

        abstract T number(JsonParser parser);

        abstract boolean isNumber(JsonParser parser);

        abstract boolean isShortEnough(T number);

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            T number = isNumber(parser) ? number(parser) : super.deserialize(parser, context);
            return isShortEnough(number) ? number : context.reportInputMismatch(this, "too long");
        }
    }
}
