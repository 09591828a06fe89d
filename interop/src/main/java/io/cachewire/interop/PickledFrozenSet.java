package io.cachewire.interop;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A frozenset of Python: a set that does not change and may be a key. */
final class PickledFrozenSet extends AbstractSet<@Nullable Object> implements KeyGuard.Hashable {
    private final Set<@Nullable Object> members;
    private final long work;

    /**
     * Takes over the set.
     *
     * @param lookups what looking up all its members takes
     */
    PickledFrozenSet(Set<@Nullable Object> members, long lookups) {
        this.members = Collections.unmodifiableSet(members);
        long sum = KeyGuard.Hashable.sum(members);
        this.work = sum == NEVER ? NEVER : Math.min(MOST, sum + lookups);
    }

    @Override
    public long work() {
        return work;
    }

    @Override
    public boolean contains(@Nullable Object member) {
        return members.contains(member);
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return members.iterator();
    }

    @Override
    public int size() {
        return members.size();
    }
}
