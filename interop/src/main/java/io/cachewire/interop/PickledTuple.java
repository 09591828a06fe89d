package io.cachewire.interop;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A tuple of Python: a list that does not change and may be a key. */
final class PickledTuple extends AbstractList<@Nullable Object> implements RandomAccess, KeyGuard.Hashable {
    private final @Nullable Object[] elements;
    private final long work;

    PickledTuple(Collection<? extends @Nullable Object> elements) {
        this.elements = elements.toArray();
        this.work = KeyGuard.Hashable.sum(elements);
    }

    @Override
    public long work() {
        return work;
    }

    @Override
    public @Nullable Object get(int index) {
        return elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }
}
