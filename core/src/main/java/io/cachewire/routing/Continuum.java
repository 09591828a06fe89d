package io.cachewire.routing;

import io.cachewire.IllegalRequestException;
import java.util.Arrays;

/**
 * Points on the circle of 32-bit numbers, each owned by a node. Immutable; a value has one point and one owner, for
 * the rule of equal points is applied while building.
 */
final class Continuum {
    /** Far above what rings of real sizes have; weights must not become a demand for memory. */
    static final int MAX_POINTS = 1 << 22;

    /**
     * Turns unsigned order into that of {@code int}. Where the circle is cut open makes no difference to a client that
     * cuts it elsewhere.
     */
    private static final int FLIP = Integer.MIN_VALUE;

    /** Which of several nodes owns a point that all of them have. */
    @FunctionalInterface
    interface Ties {
        Ties EARLIER = (point, nodes) -> nodes[0];
        Ties LATER = (point, nodes) -> nodes[nodes.length - 1];

        /** Chooses among two or more nodes, ascending; the same one may stand there twice. */
        int owner(int point, int[] nodes);
    }

    private final int nodeCount;
    private final int[] points;
    private final int[] owners;

    private Continuum(int nodeCount, int[] points, int[] owners) {
        this.nodeCount = nodeCount;
        this.points = points;
        this.owners = owners;
    }

    int nodeCount() {
        return nodeCount;
    }

    int size() {
        return points.length;
    }

    /** The node that owns a position. */
    int owner(int position) {
        return owners[position];
    }

    /** The first position whose point is not below the hash, or the very first when all are. */
    int ceiling(int hash) {
        int i = Arrays.binarySearch(points, hash ^ FLIP);
        int at = i >= 0 ? i : -i - 1;
        return at == points.length ? 0 : at;
    }

    /** The last position whose point is not above the hash, or the very last when all are. */
    int floor(int hash) {
        int i = Arrays.binarySearch(points, hash ^ FLIP);
        int at = i >= 0 ? i : -i - 2;
        return at < 0 ? points.length - 1 : at;
    }

    /**
     * As {@link #ceiling}, but a hash outside the outermost points goes to the end that is nearer to it, not round
     * the circle.
     */
    int swappedCeiling(int hash) {
        int i = Arrays.binarySearch(points, hash ^ FLIP);
        if (i >= 0) {
            return i;
        }
        // below all: the last; above all: the first
        int at = -i - 1;
        return at == 0 ? points.length - 1 : at == points.length ? 0 : at;
    }

    /**
     * The node met as number {@code count} (from 0) when walking up from a position and skipping nodes met before; -1
     * when none.
     */
    int distinct(int position, int count) {
        if (count >= nodeCount) {
            return -1;
        }
        boolean[] met = new boolean[nodeCount];
        int left = count;
        for (int i = 0; i < points.length; i++) {
            int node = owners[(position + i) % points.length];
            if (!met[node] && left-- == 0) {
                return node;
            }
            met[node] = true;
        }
        return -1;
    }

    /** Collects points in any order. For one thread. */
    static final class Builder {
        private final Ties ties;
        private final int nodeCount;
        private long[] entries;
        private int size;

        Builder(int nodeCount, Ties ties) {
            Choices.checkServers(nodeCount);
            this.nodeCount = nodeCount;
            this.ties = ties;
            this.entries = new long[Math.max(16, nodeCount)];
        }

        Builder add(int point, int node) {
            if (size == MAX_POINTS) {
                throw new IllegalRequestException(
                        "the weights ask for more than " + MAX_POINTS + " points on the ring");
            }
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            entries[size++] = (long) (point ^ FLIP) << 32 | node;
            return this;
        }

        /** The first {@code words} words of a digest. */
        Builder addWords(byte[] digest, int words, int node) {
            for (int i = 0; i < words; i++) {
                add(Digests.word(digest, i), node);
            }
            return this;
        }

        Continuum build() {
            Arrays.sort(entries, 0, size);
            int[] points = new int[size];
            int[] owners = new int[size];
            int count = 0;
            for (int from = 0, to; from < size; from = to) {
                int point = (int) (entries[from] >> 32);
                to = from + 1;
                while (to < size && (int) (entries[to] >> 32) == point) {
                    to++;
                }
                points[count] = point;
                owners[count++] = to - from == 1 ? (int) entries[from] : ties.owner(point ^ FLIP, nodes(from, to));
            }
            return new Continuum(nodeCount, Arrays.copyOf(points, count), Arrays.copyOf(owners, count));
        }

        private int[] nodes(int from, int to) {
            int[] nodes = new int[to - from];
            for (int i = from; i < to; i++) {
                nodes[i - from] = (int) entries[i];
            }
            return nodes;
        }
    }
}
