package io.cachewire.serialization.jackson3;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** Writes {@code toString}; a property with {@code @JsonFormat} is Jackson's own serializer's. */
final class WrittenAsText<T> extends StdScalarSerializer<T> {
    private final Predicate<? super T> takes;
    private final @Nullable ValueSerializer<? super T> formatted;

    WrittenAsText(Class<T> type, Predicate<? super T> takes, @Nullable ValueSerializer<? super T> formatted) {
        super(type);
        this.takes = takes;
        this.formatted = formatted;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializationContext provider) {
        if (!takes.test(value)) {
            throw new SerdeException(
                    Reason.ENCODE, "a " + handledType().getName() + " is too long or its exponent too large", null);
        }
        generator.writeString(value.toString());
    }

    @Override
    public ValueSerializer<?> createContextual(SerializationContext provider, @Nullable BeanProperty property) {
        return formatted != null && Formats.has(property, provider.getConfig(), handledType())
                ? formatted.createContextual(provider, property)
                : this;
    }
}
