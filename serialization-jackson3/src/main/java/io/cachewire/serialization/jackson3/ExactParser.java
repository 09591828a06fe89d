package io.cachewire.serialization.jackson3;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/** Refuses numbers that Jackson would change: {@code 1e999} into infinity, and 200 into the byte -56. */
final class ExactParser extends JsonParserDelegate {
    ExactParser(JsonParser parser) {
        super(parser);
    }

    @Override
    public byte getByteValue() {
        int value = delegate.getIntValue();
        if (value != (byte) value) {
            throw outOfRange(byte.class);
        }
        return (byte) value;
    }

    @Override
    public float getFloatValue() {
        float value = delegate.getFloatValue();
        if (!Float.isFinite(value)) {
            throw outOfRange(float.class);
        }
        return value;
    }

    @Override
    public double getDoubleValue() {
        return finite(delegate.getDoubleValue());
    }

    @Override
    public double getValueAsDouble() {
        return finite(delegate.getValueAsDouble());
    }

    @Override
    public double getValueAsDouble(double otherwise) {
        double value = delegate.getValueAsDouble(otherwise);
        return value == otherwise ? value : finite(value);
    }

    @Override
    public Number getNumberValue() {
        Number value = delegate.getNumberValue();
        if (value instanceof Double || value instanceof Float) {
            finite(value.doubleValue());
        }
        return value;
    }

    /** The text of a number that is kept until its type is known, such as that before the name of a subtype. */
    @Override
    public Object getNumberValueDeferred() {
        if (delegate.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
            finite(Double.parseDouble(delegate.getString()));
        }
        return delegate.getNumberValueDeferred();
    }

    private double finite(double value) {
        if (!Double.isFinite(value)) {
            throw outOfRange(double.class);
        }
        return value;
    }

    private InputCoercionException outOfRange(Class<?> type) {
        return new InputCoercionException(this, "out of range", delegate.currentToken(), type);
    }
}
