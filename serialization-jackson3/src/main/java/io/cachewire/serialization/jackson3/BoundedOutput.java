package io.cachewire.serialization.jackson3;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ByteArrayOutputStream;

/** Collects what a generator writes, and refuses more than the bound. */
final class BoundedOutput extends ByteArrayOutputStream {
    /** A small object. */
    private static final int FIRST_BYTES = 256;

    private final int maxBytes;

    BoundedOutput(int maxBytes) {
        super(Math.min(FIRST_BYTES, maxBytes));
        this.maxBytes = maxBytes;
    }

    @Override
    public synchronized void write(int b) {
        requireRoom(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        requireRoom(length);
        super.write(bytes, offset, length);
    }

    private void requireRoom(int more) {
        if (more > maxBytes - count) {
            throw tooLong(maxBytes);
        }
    }

    static SerdeException tooLong(int maxBytes) {
        return new SerdeException(Reason.LIMIT, "the JSON has more than " + maxBytes + " bytes", null);
    }

    /** What was written, without a copy; nothing may be written after it. */
    synchronized DataBlock written() {
        return DataBlock.wrap(buf, 0, count);
    }
}
