package io.cachewire.interop;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The depth of a value whose parts may be shared and may contain themselves. Each container is looked at once; the bound
 * keeps whoever walks over the value, {@code toString} for one, from overflowing the stack.
 */
final class Nesting {
    private static final int MAX_DEPTH = 500;
    private static final Integer IN_PROGRESS = 0;

    private final Map<Object, Integer> depths = new IdentityHashMap<>();
    private final Deque<Visit> path = new ArrayDeque<>();

    private Nesting() {}

    /** A container on the way down, and the depth that its parts have had so far. */
    private static final class Visit {
        private final Object container;
        private final Iterator<? extends @Nullable Object> parts;
        private int depth = 1;

        Visit(Object container, Iterator<? extends @Nullable Object> parts) {
            this.container = container;
            this.parts = parts;
        }
    }

    /**
     * Checks a value that {@link PickleReader} has made.
     *
     * @throws SerdeException LIMIT when it is too deep, FORBIDDEN_CLASS when a part of it is no plain data
     */
    static void check(@Nullable Object value) {
        new Nesting().walk(value);
    }

    private void walk(@Nullable Object root) {
        enter(root);
        while (!path.isEmpty()) {
            Visit visit = path.getFirst();
            if (visit.parts.hasNext()) {
                Object part = visit.parts.next();
                if (part instanceof Map.Entry<?, ?> entry) {
                    meet(visit, entry.getKey());
                    part = entry.getValue();
                }
                meet(visit, part);
            } else {
                path.pop();
                depths.put(visit.container, visit.depth);
                if (!path.isEmpty()) {
                    deepen(path.getFirst(), visit.depth);
                }
            }
            if (path.size() > MAX_DEPTH) {
                throw tooDeep();
            }
        }
    }

    private void meet(Visit visit, @Nullable Object part) {
        Integer known = part == null ? null : depths.get(part);
        if (known == null) {
            enter(part);
        } else {
            deepen(visit, known);
        }
    }

    private static void deepen(Visit visit, int partDepth) {
        visit.depth = Math.max(visit.depth, partDepth + 1);
        if (visit.depth > MAX_DEPTH) {
            throw tooDeep();
        }
    }

    private void enter(@Nullable Object part) {
        if (part instanceof PickleGlobal global) {
            throw PickleGlobal.refused("has the global " + global + " as a value");
        }
        Iterator<? extends @Nullable Object> parts =
                part instanceof Map<?, ?> map
                        ? map.entrySet().iterator()
                        : part instanceof Collection<?> elements ? elements.iterator() : null;
        if (part != null && parts != null) {
            depths.put(part, IN_PROGRESS);
            path.push(new Visit(part, parts));
        }
    }

    private static SerdeException tooDeep() {
        return new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
    }
}
