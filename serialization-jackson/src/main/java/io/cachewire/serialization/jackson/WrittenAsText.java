package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes {@code toString}; a property with {@code @JsonFormat} is Jackson's own serializer's. */
final class WrittenAsText<T> extends StdScalarSerializer<T> implements ContextualSerializer {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Predicate<? super T> takes;
    private final transient @Nullable JsonSerializer<? super T> formatted;

    WrittenAsText(Class<T> type, Predicate<? super T> takes, @Nullable JsonSerializer<? super T> formatted) {
        super(type);
        this.takes = takes;
        this.formatted = formatted;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
        if (!takes.test(value)) {
            throw new SerdeException(
                    Reason.ENCODE, "a " + handledType().getName() + " is too long or its exponent too large", null);
        }
        generator.writeString(value.toString());
    }

    @Override
    public JsonSerializer<?> createContextual(SerializerProvider provider, @Nullable BeanProperty property)
            throws JsonMappingException {
        return formatted instanceof ContextualSerializer own
                        && Formats.has(property, provider.getConfig(), handledType())
                ? own.createContextual(provider, property)
                : this;
    }
}
