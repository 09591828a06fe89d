package io.cachewire.serialization.java;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of a stream as the scan knows it: what hashing it and comparing it with an equal one visits. A part counts as
 * often as it can be reached. A part that may still grow, or that leads back to the object itself, is kept and walked over
 * each time; of all others only the sums are kept.
 *
 * <p>While an object is being read it shows what it shows to a hash function at that time: elements of a collection at
 * once, the fields of a class when all of them have been read.
 */
final class ScannedObject {
    /** Hashing runs into the stack's end somewhat later. */
    private static final int MAX_PATH = 1000;

    /** What a walk over a loop through a user's class may visit, beside the stream's bytes: each lap until the stack ends costs as much. */
    private static final long MAX_LAP = 1 << 18;

    /** Bytes of text or numbers that cost as much as a visit. */
    private static final int BYTES_PER_VISIT = 16;

    /** The sort of what is equal only to itself. */
    static final String IDENTITY = "compared by identity";

    /** A constant: null, a class. */
    static final ScannedObject LEAF = new ScannedObject(true, 0);

    static {
        LEAF.finish(0, IDENTITY);
    }

    private final boolean structural;
    private long hash = 1;
    private long equal = 1;
    private long equalKeys;
    private int keys;
    private int comparisons = 1;
    private @Nullable List<ScannedObject> open;
    private boolean finished;
    private boolean hasAnyComparisons;
    private int ordinal;
    private String sort = "unfinished";
    private int pathPlace = -1;

    /**
     * An object without parts yet.
     *
     * @param structural a class of the JDK that hashes all its parts; a user's class may or may not
     * @param bytes of text or of numbers in it
     */
    ScannedObject(boolean structural, long bytes) {
        this.structural = structural;
        this.equal += bytes / BYTES_PER_VISIT;
    }

    /** Numbers are hashed anew each time, text only once. */
    void hashesBytes() {
        hash = equal;
    }

    void add(ScannedObject part) {
        if (part.isClosed()) {
            hash = HashWork.sum(hash, part.hash);
            equal = HashWork.sum(equal, part.equal);
            hasAnyComparisons |= part.hasAnyComparisons;
        } else {
            keep(part);
        }
    }

    void addKey(ScannedObject key) {
        keys++;
        if (key.isClosed()) {
            hash = HashWork.sum(hash, key.hash);
            // the other table looks it up
            equal = HashWork.sum(equal, key.hash);
            equalKeys = HashWork.sum(equalKeys, key.equal);
            hasAnyComparisons |= key.hasAnyComparisons;
        } else {
            keep(key);
        }
    }

    private void keep(ScannedObject part) {
        if (open == null) {
            open = new ArrayList<>(2);
        }
        open.add(part);
    }

    /** With how many others a key of this table is compared when it is looked up. */
    void comparisonsPerKey(int count) {
        comparisons = Math.max(comparisons, count);
    }

    /** Nobody bounds the comparisons of this table: it may be read, but as a part of a key it counts as if all its hashes were equal. */
    void mayHaveAnyComparisons() {
        hasAnyComparisons = true;
    }

    /**
     * The object has been read.
     *
     * @param place which one it is in the order in which objects are finished, 0 when it is none of them
     * @param kind its class, or what else says how it is compared
     */
    void finish(int place, String kind) {
        finished = true;
        ordinal = place;
        sort = kind;
    }

    private boolean isClosed() {
        return finished && open == null;
    }

    boolean hasStableHash() {
        return !structural || isClosed();
    }

    int ordinal() {
        return ordinal;
    }

    String sort() {
        return sort;
    }

    /** What hashing the object visits now. */
    long hashVisits(int streamBytes, HashWork work) {
        return isClosed() ? hash : new Walk(false, streamBytes, work).over(this);
    }

    /** What comparing the object with an equal one visits now. */
    long equalVisits(int streamBytes, HashWork work) {
        return isClosed() ? equal() : new Walk(true, streamBytes, work).over(this);
    }

    private long equal() {
        return HashWork.sum(equal, HashWork.product(comparisonsNow(), equalKeys));
    }

    private int comparisonsNow() {
        return hasAnyComparisons || !finished ? Math.max(comparisons, keys) : comparisons;
    }

    /** A walk as a hash function makes it, as far as it cannot be known beforehand. */
    private static final class Walk {
        private final boolean compares;
        private final int streamBytes;
        private final HashWork work;
        private boolean hasLap;

        Walk(boolean compares, int streamBytes, HashWork work) {
            this.compares = compares;
            this.streamBytes = streamBytes;
            this.work = work;
        }

        long over(ScannedObject object) {
            long visits = visit(object, 0, -1);
            if (hasLap && !compares && visits > MAX_LAP + streamBytes) {
                throw HashWork.refused("a hash table over objects that contain themselves and many others");
            }
            return visits;
        }

        private long visit(ScannedObject object, int place, int lastOfUser) {
            work.take(1);
            if (object.isClosed()) {
                return compares ? object.equal() : object.hash;
            }
            if (object.pathPlace >= 0) {
                if (object.pathPlace > lastOfUser) {
                    throw HashWork.refused("a hash table over a collection that contains itself");
                }
                hasLap = true;
                return 1;
            }
            if (place > MAX_PATH) {
                throw HashWork.refused("a hash table over objects that nest deeper than " + MAX_PATH);
            }
            long visits = compares ? object.equal() : object.hash;
            if (object.open != null) {
                object.pathPlace = place;
                int user = object.structural ? lastOfUser : place;
                for (ScannedObject part : object.open) {
                    long below = visit(part, place + 1, user);
                    visits = HashWork.sum(visits, compares ? HashWork.product(object.comparisonsNow(), below) : below);
                }
                object.pathPlace = -1;
            }
            return visits;
        }
    }
}
