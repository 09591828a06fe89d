package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The types of the Whalin transcoders: their flags in the newer one, and what their bytes are in both. */
enum WhalinType {
    BYTE(1, Byte.class),
    INTEGER(4, Integer.class),
    CHARACTER(16, Character.class),
    STRING(32, String.class),
    STRING_BUFFER(64, StringBuffer.class),
    FLOAT(128, Float.class),
    SHORT(256, Short.class),
    DOUBLE(512, Double.class),
    DATE(1024, Date.class),
    STRING_BUILDER(2048, StringBuilder.class),
    BYTES(4096, byte[].class),
    BOOLEAN(8192, Boolean.class),
    LONG(16384, Long.class);

    private final int flags;
    private final Class<?> javaType;

    WhalinType(int flags, Class<?> javaType) {
        this.flags = flags;
        this.javaType = javaType;
    }

    int flags() {
        return flags;
    }

    static @Nullable WhalinType of(int flags) {
        for (WhalinType type : values()) {
            if (type.flags == flags) {
                return type;
            }
        }
        return null;
    }

    static @Nullable WhalinType of(Class<?> written) {
        for (WhalinType type : values()) {
            if (type.javaType == written) {
                return type;
            }
        }
        return null;
    }

    Object read(DataBlock data) {
        return switch (this) {
            case BYTE -> (byte) BigEndian.read(data, Byte.BYTES);
            case INTEGER -> (int) BigEndian.read(data, Integer.BYTES);
            case CHARACTER -> (char) BigEndian.read(data, Integer.BYTES);
            case SHORT -> (short) BigEndian.read(data, Integer.BYTES);
            case LONG -> BigEndian.read(data, Long.BYTES);
            case FLOAT -> Float.intBitsToFloat((int) BigEndian.read(data, Integer.BYTES));
            case DOUBLE -> Double.longBitsToDouble(BigEndian.read(data, Long.BYTES));
            case DATE -> Date.from(Instant.ofEpochMilli(BigEndian.read(data, Long.BYTES)));
            case STRING, STRING_BUFFER, STRING_BUILDER -> Utf8.decode(data);
            case BYTES -> data;
            case BOOLEAN -> bool(data);
        };
    }

    private static boolean bool(DataBlock data) {
        if (data.length() != 1) {
            throw new SerdeException(Reason.DECODE, "a truth value is one byte, not " + data.length(), null);
        }
        return data.at(0) == 1;
    }

    DataBlock write(Object value) {
        return switch (this) {
            case BYTE -> BigEndian.FIXED.write((Byte) value, Byte.BYTES);
            case INTEGER -> BigEndian.FIXED.write((Integer) value, Integer.BYTES);
            case CHARACTER -> BigEndian.FIXED.write((Character) value, Integer.BYTES);
            case SHORT -> BigEndian.FIXED.write((Short) value, Integer.BYTES);
            case LONG -> BigEndian.FIXED.write((Long) value, Long.BYTES);
            case FLOAT -> BigEndian.FIXED.write(Float.floatToRawIntBits((Float) value), Integer.BYTES);
            case DOUBLE -> BigEndian.FIXED.write(Double.doubleToRawLongBits((Double) value), Long.BYTES);
            case DATE -> BigEndian.FIXED.write(((Date) value).toInstant().toEpochMilli(), Long.BYTES);
            case STRING, STRING_BUFFER, STRING_BUILDER -> Utf8.encode((CharSequence) value);
            case BYTES -> DataBlock.copyOf((byte[]) value);
            case BOOLEAN -> BigEndian.FIXED.write((Boolean) value ? 1 : 0, Byte.BYTES);
        };
    }
}
