package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.ValueType;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The serdes for classes of the user that a preset was given, by the format that they write. Immutable. */
final class UserSerdes {
    static final UserSerdes NONE = new UserSerdes(Map.of());

    private final Map<Format, Serde> byFormat;

    private UserSerdes(Map<Format, Serde> byFormat) {
        this.byFormat = byFormat;
    }

    /** The same with a serde that uses the flags of {@link FlagScheme#DEFAULT} for the format. */
    UserSerdes with(Format format, Serde serde) {
        if (!serde.decodes(FlagScheme.DEFAULT.flags(format))) {
            throw new IllegalArgumentException("the serde must use the default scheme's flags for " + format);
        }
        Map<Format, Serde> more = new EnumMap<>(Format.class);
        more.putAll(byFormat);
        more.put(format, serde);
        return new UserSerdes(more);
    }

    /** Whether the serde for a format reads a type; plain data in JSON need none. */
    boolean takes(Format format, ValueType<?> type) {
        Serde serde = byFormat.get(format);
        return serde != null && (format == Format.JAVA || (!Conversion.isPlain(type) && serde.encodes(type)));
    }

    Serde of(Format format) {
        return Objects.requireNonNull(byFormat.get(format));
    }

    /** As {@link #writer}, where no serde takes what was declared. */
    @Nullable
    Format writerInstead(ForeignFormat client, ValueType<?> own, ValueType<?> declared) {
        Format by = writer(client, own);
        return by != null && of(by).encodesInstead(own, declared) ? by : null;
    }

    /** What the serdes say of a type that they do not write, or null. */
    @Nullable
    String refusal(ValueType<?> type) {
        String reasons = byFormat.values().stream()
                .map(serde -> serde.refusal(type))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? null : reasons;
    }

    /** The format of the serde that writes a type for a client, or null. */
    @Nullable
    Format writer(ForeignFormat client, ValueType<?> type) {
        for (Map.Entry<Format, Serde> entry : byFormat.entrySet()) {
            if (entry.getValue().encodes(type) && client.wrap(entry.getKey(), DataBlock.EMPTY) != null) {
                return entry.getKey();
            }
        }
        return null;
    }
}
