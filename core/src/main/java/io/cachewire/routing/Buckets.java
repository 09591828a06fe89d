package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.Arrays;
import java.util.List;

/** A list in which each node stands as often as its weight says, without the memory that the list would take. */
final class Buckets {
    private final int nodeCount;
    /** For each node the number of buckets up to and with its own; empty when each has one. */
    private final long[] ends;

    private Buckets(int nodeCount, long[] ends) {
        Choices.checkServers(nodeCount);
        this.nodeCount = nodeCount;
        this.ends = ends;
    }

    static Buckets oneEach(List<ServerAddress> servers) {
        return new Buckets(servers.size(), new long[0]);
    }

    static Buckets weighted(List<ServerAddress> servers) {
        long[] ends = new long[servers.size()];
        long sum = 0;
        for (int i = 0; i < ends.length; i++) {
            sum += servers.get(i).weight();
            ends[i] = sum;
        }
        return sum == ends.length ? oneEach(servers) : new Buckets(ends.length, ends);
    }

    int nodeCount() {
        return nodeCount;
    }

    long size() {
        return ends.length == 0 ? nodeCount : ends[ends.length - 1];
    }

    /** The node in the bucket that {@code hash} modulo the number of buckets names. */
    int node(long hash) {
        long bucket = Math.floorMod(hash, size());
        if (ends.length == 0) {
            return (int) bucket;
        }
        int i = Arrays.binarySearch(ends, bucket);
        return i >= 0 ? i + 1 : -i - 1;
    }
}
