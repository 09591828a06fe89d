package io.cachewire.serde;

import io.cachewire.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and flags, and back. Implementations are safe for use by many threads at once.
 *
 * <p>A client holds several serdes. On writing, the first one that {@linkplain #encodes takes the type} encodes the
 * value; on reading, the first one that {@linkplain #decodes recognises the flags} decodes it. Flags alone never bring
 * in a serde that the client was not given.
 *
 * <p>Both directions run on the caller's side, never on the I/O thread, and a failure of either affects that call only.
 */
public interface Serde {
    /** Whether this serde writes values of a type. */
    boolean encodes(ValueType<?> type);

    /**
     * Whether this serde writes a value by its own class where no serde takes what was declared. To be refused where such
     * bytes could not be read as the declared type.
     *
     * @param own the class of the value
     * @param declared what the caller declared
     */
    default boolean encodesInstead(ValueType<?> own, ValueType<?> declared) {
        return encodes(own);
    }

    /**
     * Why {@link #encodes} does not take a type and what to do about it, for the message of the call's exception; null when
     * there is nothing to say.
     */
    default @Nullable String refusal(ValueType<?> type) {
        return null;
    }

    /**
     * The bytes and flags of a value.
     *
     * @param key the full key, namespace included
     * @param value a value whose type {@link #encodes} accepted
     * @param type what the caller declared, else the value's class
     * @throws io.cachewire.SerdeException when the value cannot be encoded; any other exception is wrapped in one
     */
    EncodedValue encode(String key, Object value, ValueType<?> type);

    /** Whether items with these flags were written by this serde; compression bits have been taken out. */
    boolean decodes(int flags);

    /**
     * The value of an item.
     *
     * @param key the full key, namespace included
     * @param stored the data block and the flags, after decompression; nobody else uses the block any more
     * @param type what the caller asks for
     * @return the value, an instance of the type's class
     * @throws CacheMiss to have the item treated as a miss
     * @throws io.cachewire.SerdeException when the bytes are not such a value; any other exception is wrapped in one
     */
    <T> T decode(String key, EncodedValue stored, ValueType<T> type);

    /**
     * Whether values of a type that {@link #encodes} accepted are stored as their plain bytes, so that more bytes can be
     * appended to them and prepended.
     */
    default boolean isPlain(ValueType<?> type) {
        return false;
    }

    /**
     * The same serde for a client that bounds its values: a serde that decompresses by itself keeps within the bound, all
     * others have nothing to do.
     *
     * @param maxValueBytes how long a value may become
     */
    default Serde boundedBy(int maxValueBytes) {
        return this;
    }
}
