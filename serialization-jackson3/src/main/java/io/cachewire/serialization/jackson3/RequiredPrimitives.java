package io.cachewire.serialization.jackson3;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** Refuses a record whose primitive component is missing, which Jackson takes for 0 from version 3.1 on. */
final class RequiredPrimitives extends SimpleModule {
    private static final List<Class<?>> ALL = List.of(
            boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class);

    RequiredPrimitives() {
        super("io.cachewire.required-primitives");
        ALL.forEach(this::add);
    }

    private <T> void add(Class<T> type) {
        @SuppressWarnings("unchecked") // Jackson's own for this type
        ValueDeserializer<T> required =
                (ValueDeserializer<T>) (ValueDeserializer<?>) new Required(NumberDeserializers.find(type));
        addDeserializer(type, required);
    }

    private static final class Required extends DelegatingDeserializer {
        Required(ValueDeserializer<?> own) {
            super(own);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> own) {
            return new Required(own);
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return getNullValue(context);
        }
    }
}
