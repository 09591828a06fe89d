package io.cachewire.serialization.java;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;

/**
 * What reading one stream may cost beyond its bytes: the objects that hashing and comparing keys visit, the collisions
 * included. {@value #PER_BYTE} for each byte of the stream; a short stream counts as one of {@value #SHORT_STREAM} bytes.
 */
final class HashWork {
    static final int PER_BYTE = 64;
    static final int SHORT_STREAM = 1 << 17;

    /** Costs are sums and products of what a stream says; beyond this they are all too much. */
    private static final long MOST = 1L << 50;

    private long left;

    HashWork(int streamBytes) {
        left = (long) PER_BYTE * Math.max(streamBytes, SHORT_STREAM);
    }

    /** Throws when that is more than what is left. */
    void take(long visits) {
        left -= Math.min(visits, MOST);
        if (left < 0) {
            throw refused("hash tables that take too much work, over objects that share others or have one hash");
        }
    }

    static SerdeException refused(String what) {
        return new SerdeException(Reason.LIMIT, "the serialized value has " + what, null);
    }

    static long sum(long a, long b) {
        return Math.min(a + b, MOST);
    }

    static long product(long a, long b) {
        return a == 0 || b <= MOST / a ? a * b : MOST;
    }
}
