package io.cachewire.serialization.jackson3;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.cfg.MapperConfig;

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
