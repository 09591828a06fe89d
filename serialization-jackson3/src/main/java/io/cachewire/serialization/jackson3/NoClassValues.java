package io.cachewire.serialization.jackson3;

import java.io.Serial;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** Keeps properties and keys of type {@code Class} from being read: Jackson would load and initialize whatever class the bytes name. */
final class NoClassValues extends SimpleModule {
    @Serial
    private static final long serialVersionUID = 1L;

    NoClassValues() {
        super("io.cachewire.no-class-values");
        addDeserializer(
                Class.class,
                new ReadFromText<>(
                        Class.class,
                        name -> {
                            throw new IllegalArgumentException("classes are not read");
                        },
                        null));
        addKeyDeserializer(Class.class, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String name, DeserializationContext context) {
                throw DatabindException.from(context.getParser(), "classes are not read");
            }
        });
    }
}
