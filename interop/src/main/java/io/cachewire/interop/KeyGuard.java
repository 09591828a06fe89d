package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts keys into maps and members into sets within bounds: hashing one takes time by its size, however often it is shared,
 * and those made to have one hash are compared with each other. One for each value that is read.
 */
final class KeyGuard {
    /** Up to here equal hashes cost little, whatever they are. */
    private static final int SMALL = 1000;

    private static final long FREE_WORK = 1L << 20;
    private static final int WORK_PER_BYTE = 64;

    private final Map<Object, Map<Integer, Integer>> hashesOfLarge = new IdentityHashMap<>();
    private long work;

    KeyGuard(int inputLength) {
        work = FREE_WORK + (long) inputLength * WORK_PER_BYTE;
    }

    void put(Map<@Nullable Object, @Nullable Object> map, @Nullable Object key, @Nullable Object value) {
        admit(key, map, map.size());
        map.put(key, value);
    }

    void add(Collection<@Nullable Object> set, @Nullable Object member) {
        admit(member, set, set.size());
        set.add(member);
    }

    private void admit(@Nullable Object key, Object container, int size) {
        long needed = hashingWork(key);
        if (needed == Hashable.NEVER) {
            throw new SerdeException(Reason.DECODE, "a key is a list, a map or a set", null);
        }
        work -= needed;
        if (work < 0) {
            throw new SerdeException(Reason.LIMIT, "the keys take too much work", null);
        }
        if (size >= SMALL && key != null) {
            Map<Integer, Integer> hashes = hashesOfLarge.computeIfAbsent(container, large -> new HashMap<>());
            int equal = hashes.getOrDefault(key.hashCode(), 0) + 1;
            hashes.put(key.hashCode(), equal);
            if (equal > SMALL) {
                throw new SerdeException(Reason.LIMIT, "more than " + SMALL + " keys have one hash", null);
            }
        }
    }

    /** What hashing a value takes, or {@link Hashable#NEVER} when it is no key. */
    static long hashingWork(@Nullable Object value) {
        if (value instanceof DataBlock data) {
            return 1L + data.length();
        }
        if (value instanceof BigInteger big) {
            return 1L + big.bitLength() / Byte.SIZE;
        }
        if (value instanceof Hashable hashable) {
            return hashable.work();
        }
        return value instanceof Collection<?> || value instanceof Map<?, ?> ? Hashable.NEVER : 1;
    }

    /** A container that does not change and so may be a key. */
    interface Hashable {
        long NEVER = -1;
        long MOST = 1L << 40;

        /** What hashing it takes, shared parts counted each time; {@link #NEVER} when a part is no key. */
        long work();

        static long sum(Collection<? extends @Nullable Object> parts) {
            long work = 1;
            for (Object part : parts) {
                long needed = hashingWork(part);
                if (needed == NEVER) {
                    return NEVER;
                }
                work = Math.min(MOST, work + needed);
            }
            return work;
        }
    }
}
