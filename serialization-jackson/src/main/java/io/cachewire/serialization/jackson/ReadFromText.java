package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WrittenAsText} writes, and nothing else. */
class ReadFromText<T> extends StdScalarDeserializer<T> implements ContextualDeserializer {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Function<String, T> parse;
    private final transient @Nullable JsonDeserializer<? extends T> parsed;

    ReadFromText(Class<T> type, Function<String, T> parse, @Nullable JsonDeserializer<? extends T> parsed) {
        super(type);
        this.parse = parse;
        this.parsed = parsed;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return context.reportInputMismatch(this, "not a text");
        }
        try {
            return parse.apply(parser.getText());
        } catch (RuntimeException e) {
            // no cause: its message repeats the text
            return context.reportInputMismatch(this, "not of this form");
        }
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        return parsed instanceof ContextualDeserializer own && Formats.has(property, context.getConfig(), handledType())
                ? own.createContextual(context, property)
                : this;
    }
}
