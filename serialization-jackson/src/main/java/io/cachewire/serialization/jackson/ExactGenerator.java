package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/** Refuses what JSON does not have, which Jackson would write as text, and what the parser's limits would not let in again. */
final class ExactGenerator extends JsonGeneratorDelegate {
    private final JsonLimits limits;

    ExactGenerator(JsonGenerator generator, JsonLimits limits) {
        super(generator, false);
        this.limits = limits;
    }

    @Override
    public void writeNumber(double value) throws IOException {
        requireFinite(value);
        delegate.writeNumber(value);
    }

    @Override
    public void writeNumber(float value) throws IOException {
        requireFinite(value);
        delegate.writeNumber(value);
    }

    @Override
    public void writeArray(double[] array, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            requireFinite(array[i]);
        }
        delegate.writeArray(array, offset, length);
    }

    @Override
    public void writeNumber(@Nullable BigDecimal value) throws IOException {
        requireNumber(value == null ? 0 : value.precision());
        delegate.writeNumber(value);
    }

    @Override
    public void writeNumber(@Nullable BigInteger value) throws IOException {
        // a digit has more than three bits
        if (value != null && value.bitLength() / 3 > limits.maxNumberLength()) {
            requireNumber(value.toString().length());
        }
        delegate.writeNumber(value);
    }

    @Override
    public void writeFieldName(String name) throws IOException {
        requireText(name);
        delegate.writeFieldName(name);
    }

    @Override
    public void writeString(@Nullable String text) throws IOException {
        if (text != null) {
            requireText(text);
        }
        delegate.writeString(text);
    }

    @Override
    public void writeString(char[] text, int offset, int length) throws IOException {
        requireText(CharBuffer.wrap(text, offset, length));
        delegate.writeString(text, offset, length);
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
