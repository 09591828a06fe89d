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
 * The depth of a value whose parts may be shared and may contain themselves, and how many parts it has for one who does not
 * know what is shared. Each container is looked at once. The bounds keep {@code toString}, {@code hashCode} and whatever else
 * walks over the value from overflowing the stack and from taking for ever: 262 144 parts, and four more for each byte.
 */
final class Nesting {
    static final int MAX_DEPTH = 500;
    private static final Integer IN_PROGRESS = 0;

    static final long FREE_PARTS = 1 << 18;
    static final int PARTS_PER_BYTE = 4;

    /** A value that contains itself is gone round until the stack ends. */
    private static final long FREE_PARTS_OF_LOOP = 1 << 12;

    private final IdentityHashMap<Object, Integer> depths = new IdentityHashMap<>();
    private final IdentityHashMap<Object, Long> parts = new IdentityHashMap<>();
    private final Deque<Visit> path = new ArrayDeque<>();
    private final int inputLength;
    private boolean hasLoop;

    private Nesting(int inputLength) {
        this.inputLength = inputLength;
    }

    /** A container on the way down, and the depth that its parts have had so far. */
    private static final class Visit {
        private final Object container;
        private final Iterator<? extends @Nullable Object> parts;
        private int depth = 1;
        private long count = 1;

        Visit(Object container, Iterator<? extends @Nullable Object> parts) {
            this.container = container;
            this.parts = parts;
        }
    }

    /**
     * Checks a value whose parts a reader has shared.
     *
     * @throws SerdeException LIMIT when it is too deep or whoever walks over it meets too many parts, FORBIDDEN_CLASS when a
     *     part of it is no plain data
     */
    static void check(@Nullable Object value, int inputLength) {
        Nesting nesting = new Nesting(inputLength);
        nesting.walk(value);
        Long all = value == null ? null : nesting.parts.get(value);
        if (nesting.hasLoop && all != null && all > FREE_PARTS_OF_LOOP + inputLength) {
            throw tooManyParts();
        }
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
                parts.put(visit.container, visit.count);
                if (!path.isEmpty()) {
                    deepen(path.getFirst(), visit.depth);
                    add(path.getFirst(), visit.count);
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
            if (!enter(part)) {
                add(visit, 1);
            }
        } else {
            Long count = parts.get(part);
            hasLoop |= count == null;
            deepen(visit, known);
            add(visit, count == null ? 1 : count);
        }
    }

    private void add(Visit visit, long count) {
        visit.count += count;
        if (visit.count > FREE_PARTS + (long) PARTS_PER_BYTE * inputLength) {
            throw tooManyParts();
        }
    }

    private static SerdeException tooManyParts() {
        return new SerdeException(Reason.LIMIT, "the value shares parts so often that nobody could walk over it", null);
    }

    private static void deepen(Visit visit, int partDepth) {
        visit.depth = Math.max(visit.depth, partDepth + 1);
        if (visit.depth > MAX_DEPTH) {
            throw tooDeep();
        }
    }

    /** Whether the part is a container. */
    private boolean enter(@Nullable Object part) {
        if (part instanceof PickleGlobal global) {
            throw PickleGlobal.refused("has the global " + global + " as a value");
        }
        Iterator<? extends @Nullable Object> elements = part instanceof Map<?, ?> map
                ? map.entrySet().iterator()
                : part instanceof Collection<?> some ? some.iterator() : null;
        if (part != null && elements != null) {
            depths.put(part, IN_PROGRESS);
            path.push(new Visit(part, elements));
            return true;
        }
        return false;
    }

    private static SerdeException tooDeep() {
        return new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
    }
}
