package io.cachewire.serialization.jackson3;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** Refuses what JSON does not have, which Jackson would write as text, and what the parser's limits would not let in again. */
final class ExactGenerator extends JsonGeneratorDelegate {
    private final JsonLimits limits;

    ExactGenerator(JsonGenerator generator, JsonLimits limits) {
        super(generator, false);
        this.limits = limits;
    }

    @Override
    public JsonGenerator writeNumber(double value) {
        requireFinite(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeNumber(float value) {
        requireFinite(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeArray(double[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            requireFinite(array[i]);
        }
        return super.writeArray(array, offset, length);
    }

    @Override
    public JsonGenerator writeNumber(@Nullable BigDecimal value) {
        requireNumber(value == null ? 0 : value.precision());
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeNumber(@Nullable BigInteger value) {
        // a digit has more than three bits
        if (value != null && value.bitLength() / 3 > limits.maxNumberLength()) {
            requireNumber(value.toString().length());
        }
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeName(String name) {
        requireText(name);
        return super.writeName(name);
    }

    @Override
    public JsonGenerator writeString(@Nullable String text) {
        if (text != null) {
            requireText(text);
        }
        return super.writeString(text);
    }

    @Override
    public JsonGenerator writeString(char[] text, int offset, int length) {
        requireText(CharBuffer.wrap(text, offset, length));
        return super.writeString(text, offset, length);
    }

    private static void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new SerdeException(Reason.ENCODE, "JSON has neither NaN nor infinities", null);
        }
    }

    private void requireNumber(int length) {
        if (length > limits.maxNumberLength()) {
            throw new SerdeException(
                    Reason.LIMIT, "a number has more than " + limits.maxNumberLength() + " characters", null);
        }
    }

    /** Jackson writes half a surrogate pair as an escape, which other languages cannot read. */
    private void requireText(CharSequence text) {
        int length = text.length();
        if (length > limits.maxStringLength()) {
            throw new SerdeException(
                    Reason.LIMIT, "a text has more than " + limits.maxStringLength() + " characters", null);
        }
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean isPair = i + 1 < length && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!isPair) {
                    throw new SerdeException(Reason.ENCODE, "a text has half a surrogate pair", null);
                }
                i++;
            }
        }
    }
}
