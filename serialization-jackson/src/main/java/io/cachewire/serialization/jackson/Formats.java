package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import org.jspecify.annotations.Nullable;

/** What {@code @JsonFormat} says of a property. */
final class Formats {
    private Formats() {}

    static boolean has(@Nullable BeanProperty property, MapperConfig<?> config, Class<?> type) {
        if (property == null) {
            return false;
        }
        JsonFormat.Value format = property.findPropertyFormat(config, type);
        return format != null && (format.hasPattern() || format.hasShape());
    }
}
