package io.cachewire.serialization.java;

import io.cachewire.SerdeException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts, while a stream is read, what keys with equal hashes cost in tables whose hashes only the classes themselves
 * know: each key before it is put in. The scan has said which of the objects, in the order in which they are finished,
 * are such keys.
 */
final class HashPlan {
    private final List<KeyUse> uses;
    private final HashWork work;
    private final BitSet remembered = new BitSet();
    private final Map<Integer, Integer> hashes = new HashMap<>();
    private final Map<Long, Integer> equal = new HashMap<>();
    private final Map<Integer, Integer> sizes = new HashMap<>();
    private final Map<Integer, Long> spent = new HashMap<>();
    private final Map<Integer, BitSet> taken = new HashMap<>();
    private int resolved;
    private int next;

    /**
     * The plan for the keys of one stream.
     *
     * @param uses by the time of their use
     */
    HashPlan(List<KeyUse> uses, HashWork work) {
        this.uses = uses;
        this.work = work;
        for (KeyUse use : uses) {
            if (use.ordinal() != use.when()) {
                remembered.set(use.ordinal());
            }
        }
    }

    /** To be called for each object when it has been read, in place of its container. */
    void resolved(@Nullable Object object) throws SerdeException {
        resolved++;
        if (remembered.get(resolved)) {
            hashes.put(resolved, object == null ? 0 : object.hashCode());
        }
        while (next < uses.size() && uses.get(next).when() <= resolved) {
            KeyUse use = uses.get(next++);
            if (use.ordinal() == resolved && object != null) {
                count(use, object.hashCode());
            } else {
                count(use, hashes.get(use.ordinal()));
            }
        }
    }

    private void count(KeyUse use, @Nullable Integer hash) {
        HashTable table = use.table();
        int all = sizes.merge(table.id(), 1, Integer::sum) - 1;
        int met = hash == null ? all : table.kind() == HashTable.Kind.PROBING ? probed(table, hash) : same(table, hash);
        long visits = HashWork.product(met, use.equalVisits());
        work.take(visits);
        if (table.most() < spent.merge(table.id(), visits, HashWork::sum)) {
            throw HashWork.refused("a key that contains a hash table with too many equal hashes");
        }
    }

    /** How many keys there are with the same hash, or in the same bucket. */
    private int same(HashTable table, int hash) {
        int place = table.kind() == HashTable.Kind.LISTS ? (hash & Integer.MAX_VALUE) % table.slots() : hash;
        return equal.merge(key(table, place), 1, Integer::sum) - 1;
    }

    private static long key(HashTable table, int place) {
        return (long) table.id() << Integer.SIZE | place & 0xffff_ffffL;
    }

    private int probed(HashTable table, int hash) {
        BitSet slots = taken.computeIfAbsent(table.id(), id -> new BitSet(table.slots()));
        int first = Math.floorMod(hash, table.slots());
        int free = slots.nextClearBit(first);
        int steps = free - first;
        if (free >= table.slots()) {
            free = slots.nextClearBit(0);
            steps = table.slots() - first + free;
        }
        slots.set(free);
        return steps;
    }
}
