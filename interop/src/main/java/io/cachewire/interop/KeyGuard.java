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
 * and those made to have one hash are compared with each other. Both together may visit {@value #WORK_PER_BYTE} parts for each
 * byte of the value, and {@value #FREE_WORK} in any case. One for each value that is read.
 */
final class KeyGuard {
    /** Up to here all keys are taken to have one hash. */
    private static final int FEW = 8;

    /** So many keys of one table may have one hash. */
    private static final int SMALL = 1000;

    private static final int CHARACTERS_PER_VISIT = 16;

    private static final long FREE_WORK = 1L << 20;
    private static final int WORK_PER_BYTE = 64;

    private final IdentityHashMap<Object, Map<Integer, Integer>> equalHashes = new IdentityHashMap<>();
    private final long bound;
    private long done;

    KeyGuard(int inputLength) {
        bound = FREE_WORK + (long) inputLength * WORK_PER_BYTE;
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
        take(2 * needed);
        if (key == null) {
            return;
        }
        boolean isSorted = key instanceof Comparable<?>;
        if (size <= FEW) {
            // all may have its hash
            take(size * needed);
        } else if (!isSorted || size >= SMALL) {
            // of texts and numbers with one hash a table makes a sorted tree, unless it holds both
            Map<Integer, Integer> hashes = equalHashes.computeIfAbsent(container, large -> new HashMap<>());
            int equal = hashes.merge(key.hashCode(), 1, Integer::sum);
            take(isSorted ? equal : (equal + FEW) * needed);
            if (equal > SMALL) {
                throw new SerdeException(Reason.LIMIT, "more than " + SMALL + " keys have one hash", null);
            }
        }
    }

    private void take(long visits) {
        done += visits;
        if (done > bound) {
            throw new SerdeException(Reason.LIMIT, "the keys take too much work", null);
        }
    }

    /** What hashing and comparing has taken so far. */
    long done() {
        return done;
    }

    /** What hashing a value takes, or {@link Hashable#NEVER} when it is no key. */
    static long hashingWork(@Nullable Object value) {
        if (value instanceof DataBlock data) {
            return 1L + data.length();
        }
        if (value instanceof String text) {
            // hashed once, but compared with an equal one each time
            return 1L + text.length() / CHARACTERS_PER_VISIT;
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
