package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The interface or abstract class without named subclasses that a type is, contains or has as a property. Jackson writes it by the class of the value,
 * and finds out on reading that nothing can be made of it.
 */
final class AbstractPart {
    private final SerializerProvider writing;
    private final Set<Class<?>> seen = new HashSet<>();

    private AbstractPart(SerializerProvider writing) {
        this.writing = writing;
    }

    /** Null when there is none. */
    static @Nullable Class<?> of(JsonDeserializer<?> reader, SerializerProvider writing) throws JsonMappingException {
        return new AbstractPart(writing).in(reader);
    }

    private @Nullable Class<?> in(@Nullable JsonDeserializer<?> reader) throws JsonMappingException {
        if (reader instanceof AbstractDeserializer) {
            return reader.handledType();
        }
        if (reader instanceof ContainerDeserializerBase<?> container) {
            JavaType content = container.getContentType();
            return content == null || writing.findTypeSerializer(content) != null
                    ? null
                    : in(container.getContentDeserializer());
        }
        return reader instanceof BeanDeserializerBase bean && seen.add(bean.handledType()) ? inProperties(bean) : null;
    }

    private @Nullable Class<?> inProperties(BeanDeserializerBase bean) throws JsonMappingException {
        for (Iterator<SettableBeanProperty> all = bean.properties(); all.hasNext(); ) {
            SettableBeanProperty property = all.next();
            boolean isNamed = property.getValueTypeDeserializer() != null
                    || property.getAnnotation(JsonTypeInfo.class) != null; // of the elements
            Class<?> found = isNamed ? null : in(property.getValueDeserializer());
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
