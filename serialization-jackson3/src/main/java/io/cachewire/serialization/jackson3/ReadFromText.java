package io.cachewire.serialization.jackson3;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads what {@link WrittenAsText} writes, and nothing else. */
class ReadFromText<T> extends StdScalarDeserializer<T> {
    private final Function<String, T> parse;
    private final @Nullable ValueDeserializer<? extends T> parsed;

    ReadFromText(Class<T> type, Function<String, T> parse, @Nullable ValueDeserializer<? extends T> parsed) {
        super(type);
        this.parse = parse;
        this.parsed = parsed;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return context.reportInputMismatch(this, "not a text");
        }
        try {
            return parse.apply(parser.getString());
        } catch (RuntimeException e) {
            // no cause: its message repeats the text
            return context.reportInputMismatch(this, "not of this form");
        }
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        return parsed != null && Formats.has(property, context.getConfig(), handledType())
                ? parsed.createContextual(context, property)
                : this;
    }
}
