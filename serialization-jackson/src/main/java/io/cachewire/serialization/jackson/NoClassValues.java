package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;

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
            public Object deserializeKey(String name, DeserializationContext context) throws IOException {
                throw JsonMappingException.from(context, "classes are not read");
            }
        });
    }
}
