package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.Compression.Wrapping;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All serdes of a client, its flag scheme and its compression: the way of a value to bytes and flags and back.
 * Immutable; both ways run on the caller's thread.
 *
 * <p>Whatever a serde throws comes out as a {@link SerdeException}, but for {@link CacheMiss}, which is a miss, and
 * errors of the virtual machine such as {@link OutOfMemoryError}. No message repeats a value.
 */
public final class SerdeChain {
    private final List<Serde> given;
    private final RawSerde raw;
    private final FlagScheme scheme;
    private final Compression compression;
    private final int maxValueBytes;
    private final @Nullable Consumer<? super SerdeException> misses;

    /**
     * The chain of a client.
     *
     * @param serdes the user's, in the order in which they are asked; the raw serde comes after them
     * @param maxValueBytes how long a value may become when it is decompressed
     * @throws IllegalArgumentException when the scheme has no flag bits for the compression
     */
    public SerdeChain(List<? extends Serde> serdes, FlagScheme scheme, Compression compression, int maxValueBytes) {
        if (compression.isOn() && compression.bits(scheme) == 0) {
            throw new IllegalArgumentException("the flag scheme has no bits for this compression");
        }
        if (maxValueBytes < 0) {
            throw new IllegalArgumentException("maxValueBytes must be 0 or more, not " + maxValueBytes);
        }
        this.given =
                serdes.stream().map(serde -> serde.boundedBy(maxValueBytes)).toList();
        this.raw = new RawSerde(scheme);
        this.scheme = scheme;
        this.compression = compression;
        this.maxValueBytes = maxValueBytes;
        this.misses = null;
    }

    private SerdeChain(SerdeChain other, @Nullable Consumer<? super SerdeException> misses) {
        given = other.given;
        raw = other.raw;
        scheme = other.scheme;
        compression = other.compression;
        maxValueBytes = other.maxValueBytes;
        this.misses = misses;
    }

    /**
     * The same chain, for which a value that cannot be decoded is a miss or not.
     *
     * @param told of each such miss, with the key, on the thread that decodes; null to have them thrown
     */
    public SerdeChain withUndecodableAsMisses(@Nullable Consumer<? super SerdeException> told) {
        return new SerdeChain(this, told);
    }

    /**
     * The bytes and flags to store for a value; an {@link EncodedValue} is stored as it is. The declared type chooses the serde; when none takes it, the value's
     * own class does.
     *
     * @param key the full key, which serdes see
     * @throws SerdeException UNSUPPORTED_TYPE when no serde takes the value, else what the serde found wrong
     */
    public EncodedValue encode(String key, Object value, ValueType<?> type) {
        if (value instanceof EncodedValue stored) {
            return stored;
        }
        EncodedValue plain = encodeBy(key, value, type);
        if ((plain.flags() & (scheme.zlibBits() | scheme.gzipBits())) != 0) {
            throw new SerdeException(
                    Reason.ENCODE,
                    "the serde's flags " + ValueClasses.hex(plain.flags()) + " have bits that mark compression",
                    null);
        }
        DataBlock smaller = compression.compress(plain.data());
        return smaller == null ? plain : new EncodedValue(smaller, plain.flags() | compression.bits(scheme));
    }

    private EncodedValue encodeBy(String key, Object value, ValueType<?> declared) {
        try {
            ValueType<?> type = declared;
            Serde serde = writer(type);
            if (serde == null) {
                type = ValueType.ofValue(value);
                serde = writerInstead(type, declared);
            }
            if (serde == null) {
                throw unsupported("no serde of this client takes " + declared + ": " + reasons(declared));
            }
            return Objects.requireNonNull(serde.encode(key, value, type), "encode returned null");
        } catch (SerdeException e) {
            throw e;
        } catch (Exception | StackOverflowError | LinkageError e) {
            throw failedOn(value, e);
        }
    }

    private static SerdeException unsupported(String what) {
        return new SerdeException(Reason.UNSUPPORTED_TYPE, what, null);
    }

    private static SerdeException failedOn(Object value, Throwable e) {
        return new SerdeException(
                Reason.ENCODE, "the serde failed on a " + value.getClass().getTypeName(), e);
    }

    private @Nullable Serde writer(ValueType<?> type) {
        for (Serde serde : given) {
            if (serde.encodes(type)) {
                return serde;
            }
        }
        return raw.encodes(type) ? raw : null;
    }

    private @Nullable Serde writerInstead(ValueType<?> own, ValueType<?> declared) {
        for (Serde serde : given) {
            if (serde.encodesInstead(own, declared)) {
                return serde;
            }
        }
        return raw.encodes(own) ? raw : null;
    }

    /** What the serdes themselves say. */
    private String reasons(ValueType<?> type) {
        String reasons = given.stream()
                .map(serde -> serde.refusal(type))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? "give the client one that does" : reasons;
    }

    /**
     * The bytes to append or prepend to an item. They take on the flags of the item that is there, so only text, bytes
     * and numbers can be added, raw and uncompressed.
     *
     * @throws SerdeException UNSUPPORTED_TYPE for a value that a serde would have to write
     */
    public DataBlock encodeForAppend(String key, Object value, ValueType<?> type) {
        boolean bytes = value instanceof String || value instanceof byte[] || value instanceof DataBlock;
        boolean number = value instanceof Integer || value instanceof Long || value instanceof Double;
        if (!number && !(bytes && isRaw(value))) {
            throw unsupported(
                    "only text, bytes and numbers that are stored plainly can be added to an item, not " + type);
        }
        return RawSerde.bytes(value);
    }

    /** A serde that takes text itself (one that encrypts, say) writes items that nothing can be added to. */
    private boolean isRaw(Object value) {
        try {
            ValueType<?> type = ValueType.ofValue(value);
            Serde serde = writer(type);
            return serde != null && serde.isPlain(type);
        } catch (Exception | StackOverflowError | LinkageError e) {
            throw failedOn(value, e);
        }
    }

    /**
     * The value of an item in the type asked for, or null when a serde wants the item treated as a miss; for a type of
     * {@link Undecoded#of} nothing is decoded. The flags
     * choose the serde; {@code byte[]} and {@code DataBlock} can be read whatever the flags say, and are decompressed
     * when these mark a compression.
     *
     * @param key the full key, which serdes see
     * @throws SerdeException UNKNOWN_FLAGS when no serde recognises the flags, DECODE when the bytes are not what the
     *     flags say or not of the type, LIMIT when they are too much
     */
    public <T> @Nullable T decode(String key, EncodedValue stored, ValueType<T> type) {
        if (type instanceof Undecoded.Wanted<?> undecoded) {
            return ValueClasses.cast(undecoded.of(this, key, stored), type, stored.flags());
        }
        if (misses == null) {
            return decodeOrThrow(key, stored, type);
        }
        try {
            return decodeOrThrow(key, stored, type);
        } catch (SerdeException e) {
            if (e.reason() == Reason.UNSUPPORTED_TYPE) {
                throw e;
            }
            misses.accept(e.at(Delivery.ANSWERED, null, key));
            return null;
        }
    }

    private <T> @Nullable T decodeOrThrow(String key, EncodedValue stored, ValueType<T> type) {
        if (stored.data().length() == 0 && isMark(stored.flags())) {
            return null;
        }
        try {
            EncodedValue plain = decompressed(stored);
            Serde serde = reader(plain.flags(), type);
            return ValueClasses.cast(serde.decode(key, plain, type), type, stored.flags());
        } catch (CacheMiss miss) {
            return null;
        } catch (SerdeException e) {
            throw e;
        } catch (Exception | StackOverflowError | LinkageError e) {
            throw new SerdeException(Reason.DECODE, "the serde failed to read a " + type, e);
        }
    }

    private EncodedValue decompressed(EncodedValue stored) {
        int flags = stored.flags();
        int rest = scheme.withoutCompression(flags);
        // Foreign flags may have our compression bits by chance, and nobody writes both: such flags stay whole and
        // unknown.
        if (rest == flags || scheme.isZlib(flags) == scheme.isGzip(flags) || !isKnown(rest)) {
            return stored;
        }
        Wrapping wrapping = scheme.isZlib(flags) ? Wrapping.ZLIB : Wrapping.GZIP;
        return new EncodedValue(compression.decompress(stored.data(), wrapping, maxValueBytes), rest);
    }

    /** A serde of the user's that has the flags for something else comes first. */
    private boolean isMark(int flags) {
        Format format = scheme.format(flags);
        return format != null && format.isMark() && given.stream().noneMatch(serde -> serde.decodes(flags));
    }

    private boolean isKnown(int flags) {
        return scheme.format(flags) != null || given.stream().anyMatch(serde -> serde.decodes(flags));
    }

    private Serde reader(int flags, ValueType<?> type) {
        Class<?> wanted = type.rawClass();
        boolean bytes = wanted == byte[].class || wanted == DataBlock.class;
        for (Serde serde : given) {
            // Bytes come back through a serde only if that serde would have taken them.
            if (serde.decodes(flags) && (!bytes || serde.encodes(type))) {
                return serde;
            }
        }
        if (!bytes && !raw.decodes(flags)) {
            throw new SerdeException(
                    Reason.UNKNOWN_FLAGS,
                    "no serde of this client recognises the flags " + ValueClasses.hex(flags)
                            + "; the bytes can be read as a byte array",
                    null);
        }
        return raw;
    }
}
