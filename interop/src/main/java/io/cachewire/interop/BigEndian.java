package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.ByteBuffer;

/** Numbers as the JVM clients write them: most significant byte first, zero bytes in front left out or not. */
enum BigEndian {
    /** Without leading zero bytes: 0 is no byte at all. */
    PACKED,
    /** Full width. */
    FIXED;

    DataBlock write(long value, int width) {
        byte[] full = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        int from = Long.BYTES - width;
        while (this == PACKED && from < Long.BYTES && full[from] == 0) {
            from++;
        }
        return DataBlock.wrap(full, from, Long.BYTES - from);
    }

    /** Both forms are read; the result of a full width has the sign of its first bit. */
    static long read(DataBlock data, int width) {
        if (data.length() > width) {
            throw new SerdeException(
                    Reason.DECODE, "a number of " + width + " bytes has " + data.length() + " of them", null);
        }
        long value = 0;
        for (int i = 0; i < data.length(); i++) {
            value = value << Byte.SIZE | data.at(i) & 0xff;
        }
        int unused = Long.SIZE - width * Byte.SIZE;
        return value << unused >> unused;
    }
}
