package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes plain data as a pickle of protocol 2, which every Python since 2.3 reads, whatever protocol it writes. */
final class PickleWriter {
    private static final int MAX_DEPTH = 500;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PickleWriter() {}

    /** Whether values of a class are written; what containers hold is seen when they are. */
    static boolean writes(Class<?> type) {
        return type == String.class
                || type == byte[].class
                || type == DataBlock.class
                || type == Boolean.class
                || Decimals.isNumber(type)
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type);
    }

    static DataBlock write(Object value) {
        PickleWriter writer = new PickleWriter();
        writer.out.write(0x80);
        writer.out.write(2);
        writer.append(value, 0);
        writer.out.write('.');
        return DataBlock.wrap(writer.out.toByteArray());
    }

    private void append(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        if (value == null) {
            out.write('N');
        } else if (value instanceof Boolean bit) {
            out.write(bit ? 0x88 : 0x89);
        } else if (value instanceof String text) {
            text(Utf8.encode(text));
        } else if (value instanceof byte[] bytes) {
            bytes(bytes);
        } else if (value instanceof DataBlock data) {
            bytes(data.toByteArray());
        } else if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else if (value instanceof Set<?> set) {
            global("__builtin__", "set");
            list(set, depth + 1);
            out.write(0x85);
            out.write('R');
        } else if (value instanceof Collection<?> elements) {
            list(elements, depth);
        } else {
            number(value);
        }
    }

    private void list(Collection<?> elements, int depth) {
        out.write(']');
        out.write('(');
        elements.forEach(element -> append(element, depth + 1));
        out.write('e');
    }

    private void map(Map<?, ?> map, int depth) {
        out.write('}');
        out.write('(');
        map.forEach((key, value) -> {
            key(key, depth + 1);
            append(value, depth + 1);
        });
        out.write('u');
    }

    /** Python has no lists for keys; a tuple does the same. */
    private void key(@Nullable Object key, int depth) {
        if (key instanceof List<?> list) {
            out.write('(');
            list.forEach(element -> key(element, depth + 1));
            out.write('t');
        } else if (key instanceof Collection<?> || key instanceof Map<?, ?>) {
            throw new SerdeException(Reason.ENCODE, "a key in Python cannot be a set or a map", null);
        } else {
            append(key, depth);
        }
    }

    private void text(DataBlock utf8) {
        out.write('X');
        int4(utf8.length());
        out.writeBytes(utf8.toByteArray());
    }

    /** Protocol 2 has no opcode for bytes: they are the Latin-1 form of a text. */
    private void bytes(byte[] bytes) {
        if (bytes.length == 0) {
            global("__builtin__", "bytes");
            out.write(')');
            out.write('R');
            return;
        }
        global("_codecs", "encode");
        text(DataBlock.ofUtf8(new String(bytes, StandardCharsets.ISO_8859_1)));
        text(DataBlock.ofUtf8("latin1"));
        out.write(0x86);
        out.write('R');
    }

    private void global(String module, String name) {
        out.write('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void number(Object value) {
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null) {
            integer(integer);
        } else if (value instanceof Double || value instanceof Float) {
            out.write('G');
            out.writeBytes(ByteBuffer.allocate(Double.BYTES)
                    .putDouble(((Number) value).doubleValue())
                    .array());
        } else {
            throw Conversion.unwritable(value);
        }
    }

    private void integer(BigInteger value) {
        if (value.bitLength() <= 31) {
            int small = value.intValue();
            if (small >= 0 && small <= 0xff) {
                out.write('K');
                out.write(small);
            } else if (small >= 0 && small <= 0xffff) {
                out.write('M');
                out.write(small);
                out.write(small >> 8);
            } else {
                out.write('J');
                int4(small);
            }
            return;
        }
        byte[] big = value.toByteArray();
        if (big.length <= 0xff) {
            out.write(0x8a);
            out.write(big.length);
        } else {
            out.write(0x8b);
            int4(big.length);
        }
        for (int i = big.length - 1; i >= 0; i--) {
            out.write(big[i]);
        }
    }

    private void int4(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }
}
