package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A serde that speaks the format of another client. It claims whole flag words, the bits of compression included, and
 * decompresses by itself, so it goes with a flag scheme without any meaning.
 *
 * <p>Plain data are read and written here. Classes of the user go through the serdes that the preset was given, whose
 * flags are replaced by the client's.
 *
 * <p>Decided in docs/decisions/0020-foreign-serdes.md.
 */
final class ForeignSerde implements Serde {
    private final ForeignFormat format;
    private final UserSerdes user;
    private final int maxValueBytes;

    ForeignSerde(ForeignFormat format, UserSerdes user) {
        this(format, user, 1 << 20);
    }

    private ForeignSerde(ForeignFormat format, UserSerdes user, int maxValueBytes) {
        this.format = format;
        this.user = user;
        this.maxValueBytes = maxValueBytes;
    }

    @Override
    public Serde boundedBy(int maxBytes) {
        return new ForeignSerde(format, user, maxBytes);
    }

    @Override
    public boolean encodes(ValueType<?> type) {
        return format.writes(Conversion.boxed(type.rawClass())) || user.writer(format, type) != null;
    }

    @Override
    public boolean encodesInstead(ValueType<?> own, ValueType<?> declared) {
        return format.writes(Conversion.boxed(own.rawClass())) || user.writerInstead(format, own, declared) != null;
    }

    @Override
    public @Nullable String refusal(ValueType<?> type) {
        return user.refusal(type);
    }

    @Override
    public EncodedValue encode(String key, Object value, ValueType<?> type) {
        boolean plain = format.writes(value.getClass());
        Format by = plain && isPlainType(type.javaType()) ? null : user.writer(format, type);
        if (by != null) {
            DataBlock data = user.of(by).encode(key, value, type).data();
            EncodedValue item = format.wrap(by, data);
            if (item != null) {
                return item;
            }
        }
        if (!plain) {
            throw Conversion.unwritable(value);
        }
        return format.write(value);
    }

    /** A class alone says nothing about what a container holds, so it is taken as plain data. */
    private static boolean isPlainType(Type type) {
        return type instanceof Class<?>;
    }

    @Override
    public boolean isPlain(ValueType<?> type) {
        return format.isPlain(type.rawClass());
    }

    @Override
    public boolean decodes(int flags) {
        return format.claims(flags);
    }

    @Override
    public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
        Stored item = format.open(stored, maxValueBytes);
        Class<?> wanted = type.rawClass();
        if (wanted == byte[].class || wanted == DataBlock.class) {
            return Conversion.to(bytes(item), type);
        }
        Format by =
                item.encoding() == Encoding.JSON ? Format.JSON : item.encoding() == Encoding.JAVA ? Format.JAVA : null;
        if (by != null && user.takes(by, type)) {
            return user.of(by).decode(key, new EncodedValue(item.data(), FlagScheme.DEFAULT.flags(by)), type);
        }
        return Conversion.to(item.encoding().read(item.data()), type);
    }

    /** The bytes that were stored as such, whatever stands around them; those of the item when it holds something else. */
    private static DataBlock bytes(Stored item) {
        if (item.encoding() == Encoding.BYTES || item.encoding() == Encoding.UNTYPED) {
            return item.data();
        }
        try {
            @Nullable Object value = item.encoding().read(item.data());
            return value instanceof DataBlock data ? data : item.data();
        } catch (SerdeException unreadable) {
            return item.data();
        }
    }
}
