package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * EnyimMemcached's default transcoder and moecache: 0x100 and .NET's type code, values of fixed width, least significant
 * byte first. moecache writes text so, and everything else as a pickle under 256, which is .NET's code of emptiness.
 */
record DotNetFormat(Writer writer) implements ForeignFormat {
    private static final int CODE = 0x100;
    private static final int EMPTY = CODE;
    private static final int OBJECT = CODE | 1;
    private static final int NULL = CODE | 2;
    private static final int BOOLEAN = CODE | 3;
    private static final int CHAR = CODE | 4;
    private static final int SBYTE = CODE | 5;
    private static final int BYTE = CODE | 6;
    private static final int INT16 = CODE | 7;
    private static final int UINT16 = CODE | 8;
    private static final int INT32 = CODE | 9;
    private static final int UINT32 = CODE | 10;
    private static final int INT64 = CODE | 11;
    private static final int UINT64 = CODE | 12;
    private static final int SINGLE = CODE | 13;
    private static final int DOUBLE = CODE | 14;
    private static final int DATE_TIME = CODE | 16;
    private static final int STRING = CODE | 18;
    private static final int RAW = 0xfa52;

    private static final Encoding OBJECTS =
            Encoding.refused(".NET BinaryFormatter", "store text, bytes, numbers or dates, or JSON as text");

    private static final long TICKS_PER_SECOND = 10_000_000;
    private static final long EPOCH_SECONDS = -62_135_596_800L;
    private static final long TICKS = 0x3fff_ffff_ffff_ffffL;
    private static final long UTC = 0x4000_0000_0000_0000L;

    enum Writer {
        ENYIM,
        MOECACHE
    }

    @Override
    public boolean claims(int flags) {
        return flags == 0 || flags == RAW || (flags >= EMPTY && flags <= DATE_TIME) || flags == STRING;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        int flags = stored.flags();
        Encoding encoding =
                switch (flags) {
                    case 0 -> Encoding.UNTYPED;
                    case RAW -> Encoding.BYTES;
                    case EMPTY -> stored.data().length() == 0 ? data -> null : Encoding.PICKLE;
                    case NULL -> data -> null;
                    case STRING -> Encoding.TEXT;
                    case BOOLEAN, CHAR, SBYTE, BYTE, INT16, UINT16, INT32, UINT32, INT64, UINT64, SINGLE, DOUBLE, DATE_TIME ->
                        data -> fixed(flags, data);
                    case OBJECT -> OBJECTS;
                    default -> OBJECTS;
                };
        return new Stored(encoding, stored.data());
    }

    private static Object fixed(int flags, DataBlock data) {
        int width =
                switch (flags) {
                    case BOOLEAN, SBYTE, BYTE -> Byte.BYTES;
                    case CHAR, INT16, UINT16 -> Short.BYTES;
                    case INT32, UINT32, SINGLE -> Integer.BYTES;
                    default -> Long.BYTES;
                };
        if (data.length() != width) {
            throw new SerdeException(
                    Reason.DECODE, "a value of " + width + " bytes has " + data.length() + " of them", null);
        }
        ByteBuffer bytes = data.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return switch (flags) {
            case BOOLEAN -> bytes.get() != 0;
            case SBYTE -> bytes.get();
            case BYTE -> (short) (bytes.get() & 0xff);
            case CHAR -> bytes.getChar();
            case INT16 -> bytes.getShort();
            case UINT16 -> bytes.getShort() & 0xffff;
            case INT32 -> bytes.getInt();
            case UINT32 -> bytes.getInt() & 0xffff_ffffL;
            case SINGLE -> bytes.getFloat();
            case DOUBLE -> bytes.getDouble();
            case UINT64 -> Decimals.narrowed(new BigInteger(Long.toUnsignedString(bytes.getLong())));
            case DATE_TIME -> date(bytes.getLong());
            default -> bytes.getLong();
        };
    }

    /** 100 ns since the year 1, and in the two highest bits whether that is UTC, local (stored as UTC) or unspecified. */
    private static Object date(long stored) {
        long ticks = stored & TICKS;
        long seconds = EPOCH_SECONDS + ticks / TICKS_PER_SECOND;
        if (seconds > LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC)) {
            throw new SerdeException(Reason.DECODE, "the date is beyond its range", null);
        }
        int nanos = (int) (ticks % TICKS_PER_SECOND) * 100;
        return stored == ticks
                ? LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC)
                : Instant.ofEpochSecond(seconds, nanos);
    }

    private static long ticks(long epochSecond, int nano) {
        long seconds = epochSecond - EPOCH_SECONDS;
        if (seconds < 0 || seconds > TICKS / TICKS_PER_SECOND) {
            throw new SerdeException(Reason.ENCODE, ".NET has dates from the years 1 to 9999 only", null);
        }
        return seconds * TICKS_PER_SECOND + nano / 100;
    }

    @Override
    public boolean writes(Class<?> type) {
        if (type == String.class) {
            return true;
        }
        if (writer == Writer.MOECACHE) {
            return isBytes(type) || PickleWriter.writes(type);
        }
        return isBytes(type)
                || type == Boolean.class
                || type == Character.class
                || Decimals.isNumber(type)
                || type == Instant.class
                || type == LocalDateTime.class
                || type == Date.class;
    }

    private static boolean isBytes(Class<?> type) {
        return type == byte[].class || type == DataBlock.class;
    }

    @Override
    public boolean isPlain(Class<?> type) {
        return type == String.class || (writer == Writer.ENYIM && isBytes(type));
    }

    @Override
    public EncodedValue write(Object value) {
        if (value instanceof String text) {
            return new EncodedValue(Utf8.encode(text), STRING);
        }
        if (writer == Writer.MOECACHE) {
            return new EncodedValue(PickleWriter.write(value), EMPTY);
        }
        if (value instanceof byte[] bytes) {
            return new EncodedValue(DataBlock.copyOf(bytes), RAW);
        }
        if (value instanceof DataBlock data) {
            return new EncodedValue(data, RAW);
        }
        EncodedValue date = date(value);
        return date == null ? number(value) : date;
    }

    private static @Nullable EncodedValue date(Object value) {
        if (value instanceof Date date) {
            return date(date.toInstant());
        }
        if (value instanceof Instant instant) {
            return item(DATE_TIME, Long.BYTES, ticks(instant.getEpochSecond(), instant.getNano()) | UTC);
        }
        if (value instanceof LocalDateTime local) {
            return item(DATE_TIME, Long.BYTES, ticks(local.toEpochSecond(ZoneOffset.UTC), local.getNano()));
        }
        return null;
    }

    private static EncodedValue number(Object value) {
        if (value instanceof Boolean bit) {
            return item(BOOLEAN, Byte.BYTES, bit ? 1 : 0);
        }
        if (value instanceof Character unit) {
            return item(CHAR, Short.BYTES, unit);
        }
        if (value instanceof Byte number) {
            return item(SBYTE, Byte.BYTES, number);
        }
        if (value instanceof Short number) {
            return item(INT16, Short.BYTES, number);
        }
        if (value instanceof Integer number) {
            return item(INT32, Integer.BYTES, number);
        }
        if (value instanceof Float number) {
            return item(SINGLE, Integer.BYTES, Float.floatToRawIntBits(number));
        }
        if (value instanceof Double number) {
            return item(DOUBLE, Long.BYTES, Double.doubleToRawLongBits(number));
        }
        if (value instanceof BigInteger number) {
            if (number.signum() < 0 ? number.bitLength() > 63 : number.bitLength() > 64) {
                throw new SerdeException(Reason.ENCODE, ".NET has no integers beyond 64 bits", null);
            }
            return item(number.bitLength() > 63 ? UINT64 : INT64, Long.BYTES, number.longValue());
        }
        return item(INT64, Long.BYTES, (Long) value);
    }

    private static EncodedValue item(int flags, int width, long value) {
        byte[] full = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return new EncodedValue(DataBlock.wrap(full, 0, width), flags);
    }
}
