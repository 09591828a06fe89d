package io.cachewire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable run of bytes with content equality: a value on the wire, a key, or the output of a serde.
 *
 * <p>{@link #wrap} does not copy, so whoever wraps an array gives it away and must not write to it again; {@link #copyOf}
 * is for arrays that belong to someone else. {@code toString} tells the length and never the content, which may be private.
 */
public final class DataBlock {
    /** The block of length 0. */
    public static final DataBlock EMPTY = new DataBlock(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private DataBlock(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** A view of the whole array, which the caller gives away. */
    public static DataBlock wrap(byte[] array) {
        return new DataBlock(array, 0, array.length);
    }

    /**
     * A view of a part of an array, which the caller gives away.
     *
     * @throws IndexOutOfBoundsException when the part is not inside the array
     */
    public static DataBlock wrap(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new DataBlock(array, offset, length);
    }

    /** A copy of the array, which stays the caller's. */
    public static DataBlock copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /** The UTF-8 bytes of a text. */
    public static DataBlock ofUtf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Number of bytes, 0 or more. */
    public int length() {
        return length;
    }

    /**
     * The byte at an index.
     *
     * @throws IndexOutOfBoundsException when the index is not in 0 until {@link #length()}
     */
    public byte at(int index) {
        Objects.checkIndex(index, length);
        return array[offset + index];
    }

    /** A new array with the content. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /**
     * The content as an array that nobody else has, without a copy where the block fills its array: the counterpart of {@link #wrap},
     * for whoever is the last to use the block.
     */
    public byte[] unwrap() {
        return length == array.length ? array : toByteArray();
    }

    /** The content as UTF-8; malformed bytes become U+FFFD. */
    public String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    /** A read-only buffer over the content. */
    public ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /**
     * Copies as much of the content as fits, from {@code from} on.
     *
     * @return how many bytes were copied
     */
    public int copyTo(ByteBuffer target, int from) {
        int count = Math.min(length - from, target.remaining());
        target.put(array, offset + from, count);
        return count;
    }

    /** Adds the content to what a digest is made of. */
    public void update(MessageDigest digest) {
        digest.update(array, offset, length);
    }

    /** True when the content is that of the array in {@code from} until {@code to}. */
    public boolean isEqualTo(byte[] bytes, int from, int to) {
        return Arrays.equals(array, offset, offset + length, bytes, from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof DataBlock that && isEqualTo(that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "DataBlock[" + length + " bytes]";
    }
}
