package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The serde that every client has: text as UTF-8, byte arrays and {@link DataBlock}s as they are, {@code Integer},
 * {@code Long} and {@code Double} as decimal text that the server can count with, {@code Boolean} as {@code 1} or
 * {@code 0}.
 *
 * <p>On reading, the flags say the format and the type asked for must fit:
 *
 * <ul>
 *   <li>every format can be read as {@code byte[]} or {@code DataBlock};
 *   <li>untyped bytes can also be read as text, when they are UTF-8, and as a number, when they are decimal text,
 *       because the server's own counters have no flags;
 *   <li>int and long can be read as each other when the number is in range;
 *   <li>a supertype ({@code Object}, {@code Number}, {@code CharSequence}) gets what the flags say.
 * </ul>
 *
 * <p>A false boolean is also read from no bytes at all, as PHP writes it. Doubles are written in the shortest form that
 * reads back the same; {@code NaN} and the infinities in Java's spelling, which PHP shares and Python does not.
 */
public final class RawSerde implements Serde {
    private final FlagScheme scheme;

    /** The raw serde of {@link FlagScheme#DEFAULT}. */
    public RawSerde() {
        this(FlagScheme.DEFAULT);
    }

    /** The raw serde with other flags. Formats that the scheme does not have are neither written nor read. */
    public RawSerde(FlagScheme scheme) {
        this.scheme = Objects.requireNonNull(scheme, "scheme");
    }

    @Override
    public boolean encodes(ValueType<?> type) {
        Format format = writtenFormat(ValueClasses.boxed(type));
        return format != null && scheme.has(format);
    }

    @Override
    public EncodedValue encode(String key, Object value, ValueType<?> type) {
        Format format = writtenFormat(value.getClass());
        if (format == null || !scheme.has(format)) {
            throw new SerdeException(
                    Reason.UNSUPPORTED_TYPE, value.getClass().getTypeName() + " has no raw form", null);
        }
        return new EncodedValue(bytes(value), scheme.flags(format));
    }

    @Override
    public boolean isPlain(ValueType<?> type) {
        return true;
    }

    /** The bytes of a value that has a raw form. */
    static DataBlock bytes(Object value) {
        if (value instanceof String text) {
            return Utf8.encode(text);
        }
        if (value instanceof byte[] bytes) {
            return DataBlock.copyOf(bytes);
        }
        if (value instanceof Boolean bit) {
            return DataBlock.ofUtf8(bit ? "1" : "0");
        }
        return value instanceof Number number ? DecimalText.of(number) : (DataBlock) value;
    }

    private static @Nullable Format writtenFormat(Class<?> type) {
        if (type == String.class) {
            return Format.TEXT;
        }
        if (type == byte[].class || type == DataBlock.class) {
            return Format.BYTES;
        }
        if (type == Boolean.class) {
            return Format.BOOLEAN;
        }
        if (type == Integer.class) {
            return Format.INT;
        }
        if (type == Long.class) {
            return Format.LONG;
        }
        return type == Double.class ? Format.DOUBLE : null;
    }

    @Override
    public boolean decodes(int flags) {
        Format format = scheme.format(flags);
        return format != null && format != Format.JSON && format != Format.JAVA && !format.isMark();
    }

    @Override
    public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
        DataBlock data = stored.data();
        int flags = stored.flags();
        Class<?> wanted = ValueClasses.boxed(type);
        Object value;
        if (wanted == byte[].class) {
            value = data.unwrap();
        } else if (wanted == DataBlock.class) {
            value = data;
        } else {
            Format format = decodes(flags) ? scheme.format(flags) : null;
            if (format == null) {
                throw new SerdeException(
                        Reason.UNKNOWN_FLAGS, "flags " + ValueClasses.hex(flags) + " are not a raw format", null);
            }
            value = typed(data, format, wanted, type, flags);
        }
        return ValueClasses.cast(value, type, flags);
    }

    /** The value in the class asked for; with a supertype, in the natural class of the format. */
    private static Object typed(DataBlock data, Format format, Class<?> wanted, ValueType<?> type, int flags) {
        return switch (format) {
            case BYTES -> untyped(data, wanted, type, flags);
            case TEXT -> {
                requireFit(wanted, String.class, "text", type, flags);
                yield Utf8.decode(data);
            }
            case BOOLEAN -> {
                requireFit(wanted, Boolean.class, "boolean", type, flags);
                yield bool(data);
            }
            case INT, LONG -> integer(data, format, wanted, type, flags);
            case DOUBLE -> {
                requireFit(wanted, Double.class, "double", type, flags);
                yield DecimalText.toDouble(data);
            }
            case JSON, JAVA, LEASE, ABSENT -> throw new IllegalStateException("not a raw format: " + format);
        };
    }

    private static Number integer(DataBlock data, Format format, Class<?> wanted, ValueType<?> type, int flags) {
        if (wanted == Integer.class) {
            return DecimalText.toInt(data);
        }
        requireFit(wanted, Long.class, "integer", type, flags);
        long number = DecimalText.toLong(data);
        // Clients with integers of any size write more than 32 bits under an int's flags.
        if (wanted == Long.class || format == Format.LONG || (int) number != number) {
            return number;
        }
        return (int) number;
    }

    private static Object untyped(DataBlock data, Class<?> wanted, ValueType<?> type, int flags) {
        if (wanted == String.class || wanted == CharSequence.class) {
            return Utf8.decode(data);
        }
        if (wanted == Long.class) {
            return DecimalText.toLong(data);
        }
        if (wanted == Integer.class) {
            return DecimalText.toInt(data);
        }
        if (wanted == Double.class) {
            return DecimalText.toDouble(data);
        }
        if (wanted == Number.class) {
            return DecimalText.looksLikeInteger(data) ? (Object) DecimalText.toLong(data) : DecimalText.toDouble(data);
        }
        requireFit(wanted, byte[].class, "run of bytes", type, flags);
        return data.toByteArray();
    }

    private static boolean bool(DataBlock data) {
        if (data.length() == 0 || (data.length() == 1 && data.at(0) == '0')) {
            return false;
        }
        if (data.length() == 1 && data.at(0) == '1') {
            return true;
        }
        throw new SerdeException(Reason.DECODE, "the bytes are not a boolean", null);
    }

    private static void requireFit(Class<?> wanted, Class<?> natural, String stored, ValueType<?> type, int flags) {
        if (!wanted.isAssignableFrom(natural)) {
            throw ValueClasses.mismatch(stored, type, flags);
        }
    }
}
