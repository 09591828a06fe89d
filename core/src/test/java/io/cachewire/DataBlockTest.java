package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DataBlockTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    @Test
    void partsAreEqualByContent() {
        DataBlock part = DataBlock.wrap(BYTES, 1, 3);
        DataBlock whole = DataBlock.wrap(new byte[] {2, 3, 4});
        assertEquals(whole, part);
        assertEquals(whole.hashCode(), part.hashCode());
        assertNotEquals(DataBlock.wrap(BYTES, 1, 2), part);
        assertNotEquals(DataBlock.wrap(new byte[] {2, 3, 5}), part);
        assertEquals(DataBlock.EMPTY, DataBlock.wrap(BYTES, 5, 0));
    }

    @Test
    void at() {
        DataBlock part = DataBlock.wrap(BYTES, 1, 3);
        assertEquals(2, part.at(0));
        assertEquals(4, part.at(2));
        assertThrows(IndexOutOfBoundsException.class, () -> part.at(3));
        assertThrows(IndexOutOfBoundsException.class, () -> part.at(-1));
    }

    @Test
    void wrapChecksThePart() {
        assertThrows(IndexOutOfBoundsException.class, () -> DataBlock.wrap(BYTES, 3, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> DataBlock.wrap(BYTES, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> DataBlock.wrap(BYTES, 1, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> DataBlock.wrap(BYTES, 1, Integer.MAX_VALUE));
    }

    @Test
    void copyOfKeepsItsContent() {
        byte[] mine = {1, 2};
        DataBlock copy = DataBlock.copyOf(mine);
        mine[0] = 9;
        assertEquals(1, copy.at(0));
    }

    @Test
    void toByteArrayIsACopy() {
        DataBlock block = DataBlock.wrap(BYTES, 1, 3);
        byte[] out = block.toByteArray();
        assertArrayEquals(new byte[] {2, 3, 4}, out);
        out[0] = 9;
        assertEquals(2, block.at(0));
    }

    @Test
    void utf8() {
        assertEquals(3, DataBlock.ofUtf8("\u20ac").length());
        assertEquals("\u20ac", DataBlock.ofUtf8("\u20ac").toUtf8());
        assertEquals("\ufffd", DataBlock.wrap(new byte[] {(byte) 0xff}).toUtf8());
    }

    @Test
    void toByteBufferIsReadOnlyAndOfThePart() {
        ByteBuffer buffer = DataBlock.wrap(BYTES, 1, 3).toByteBuffer();
        assertTrue(buffer.isReadOnly());
        assertEquals(ByteBuffer.wrap(new byte[] {2, 3, 4}), buffer);
        assertEquals(3, buffer.capacity());
    }

    @Test
    void copyToTakesWhatFits() {
        DataBlock block = DataBlock.wrap(BYTES, 1, 4);
        ByteBuffer target = ByteBuffer.allocate(3);
        assertEquals(3, block.copyTo(target, 0));
        target.clear();
        assertEquals(1, block.copyTo(target, 3));
        assertEquals(0, block.copyTo(target, 4));
        assertEquals(5, target.flip().get());
    }

    @Test
    void toStringTellsNoContent() {
        assertEquals("DataBlock[6 bytes]", DataBlock.ofUtf8("secret").toString());
    }
}
