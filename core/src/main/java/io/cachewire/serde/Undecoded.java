package io.cachewire.serde;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a server stores for a key, decoded only when the reader asks for it: for layers above the client that look at flags and bytes before
 * they decide what an item is, or that keep blocks and decode them later. Every read takes {@link #of} as its type. Immutable.
 *
 * <p>A read for this type sees each item as it is: marks of the flag scheme and empty placeholders are items to it. The counterpart for
 * writes is {@link EncodedValue}, which every write stores as it is.
 *
 * @param <T> type of the value
 */
public final class Undecoded<T> {
    private final SerdeChain serdes;
    private final String key;
    private final EncodedValue stored;
    private final ValueType<T> type;

    Undecoded(SerdeChain serdes, String key, EncodedValue stored, ValueType<T> type) {
        this.serdes = serdes;
        this.key = key;
        this.stored = stored;
        this.type = type;
    }

    /** The type to ask for. */
    public static <T> ValueType<Undecoded<T>> of(ValueType<T> type) {
        return new Wanted<>(type);
    }

    /** The block and its flags. */
    public EncodedValue stored() {
        return stored;
    }

    /**
     * The value, made by the client's serdes on this thread; null when a serde wants the item treated as a miss.
     *
     * @throws SerdeException as a read of the value throws it
     */
    public @Nullable T decode() {
        try {
            return serdes.decode(key, stored, type);
        } catch (SerdeException e) {
            throw e.at(Delivery.ANSWERED, null, key);
        }
    }

    /** The size only: a value does not belong into logs. */
    @Override
    public String toString() {
        return "Undecoded[" + type + ", " + stored.data().length() + " bytes]";
    }

    /** The type of a read that does not decode. */
    static final class Wanted<T> extends ValueType<Undecoded<T>> {
        private final ValueType<T> type;

        Wanted(ValueType<T> type) {
            super(new Parameterized(type.javaType()), Undecoded.class);
            this.type = type;
        }

        Undecoded<T> of(SerdeChain serdes, String key, EncodedValue stored) {
            return new Undecoded<>(serdes, key, stored, type);
        }
    }

    private record Parameterized(Type argument) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {argument};
        }

        @Override
        public Type getRawType() {
            return Undecoded.class;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }

        @Override
        public String toString() {
            return "Undecoded<" + argument.getTypeName() + ">";
        }
    }
}
