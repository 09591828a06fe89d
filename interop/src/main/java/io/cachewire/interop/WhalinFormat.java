package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Utf8;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The WhalinTranscoder of spymemcached and xmemcached: one flag bit for each type, numbers of full width. */
record WhalinFormat(JvmOptions options) implements ForeignFormat {
    private static final int COMPRESSED = 2;
    private static final int SERIALIZED = 8;

    /** The types with their flags, and what their bytes are. */
    enum Type {
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

        Type(int flags, Class<?> javaType) {
            this.flags = flags;
            this.javaType = javaType;
        }

        static @Nullable Type of(int flags) {
            for (Type type : values()) {
                if (type.flags == flags) {
                    return type;
                }
            }
            return null;
        }

        static @Nullable Type of(Class<?> written) {
            for (Type type : values()) {
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
                case DATE -> new Date(BigEndian.read(data, Long.BYTES));
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
                case DATE -> BigEndian.FIXED.write(((Date) value).getTime(), Long.BYTES);
                case STRING, STRING_BUFFER, STRING_BUILDER -> Utf8.encode((CharSequence) value);
                case BYTES -> DataBlock.copyOf((byte[]) value);
                case BOOLEAN -> BigEndian.FIXED.write((Boolean) value ? 1 : 0, Byte.BYTES);
            };
        }
    }

    @Override
    public boolean claims(int flags) {
        int type = flags & ~COMPRESSED;
        return type == SERIALIZED || Type.of(type) != null;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & COMPRESSED) != 0;
        DataBlock data = packed ? Unpacking.zlibOrGzip(stored.data(), maxBytes) : stored.data();
        Type type = Type.of(stored.flags() & ~COMPRESSED);
        Encoding encoding = type == null ? Encoding.JAVA : type == Type.BYTES ? Encoding.BYTES : type::read;
        return new Stored(encoding, data);
    }

    @Override
    public boolean writes(Class<?> type) {
        return type == DataBlock.class || Type.of(type) != null;
    }

    @Override
    public EncodedValue write(Object value) {
        Object plain = value instanceof DataBlock data ? data.toByteArray() : value;
        Type type = Type.of(plain.getClass());
        if (type == null) {
            throw Conversion.unwritable(value);
        }
        boolean mayPack = !(value instanceof String text) || options.mayPack(text);
        return options.item(type.write(plain), type.flags, mayPack);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JAVA ? options.item(data, SERIALIZED, true) : null;
    }
}
