package io.cachewire.serialization.jackson3;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.std.ContainerDeserializerBase;

/**
 * The interface or abstract class without named subclasses that a type is, contains or has as a property. Jackson writes it by the class of the value,
 * and finds out on reading that nothing can be made of it.
 */
final class AbstractPart {
    private final SerializationContext writing;
    private final Set<Class<?>> seen = new HashSet<>();

    private AbstractPart(SerializationContext writing) {
        this.writing = writing;
    }

    /** Null when there is none. */
    static @Nullable Class<?> of(ValueDeserializer<?> reader, SerializationContext writing) {
        return new AbstractPart(writing).in(reader);
    }

    private @Nullable Class<?> in(@Nullable ValueDeserializer<?> reader) {
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

    private @Nullable Class<?> inProperties(BeanDeserializerBase bean) {
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
