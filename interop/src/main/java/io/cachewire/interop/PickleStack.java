package io.cachewire.interop;

import static io.cachewire.interop.PickleInput.corrupt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stack of a pickle machine, with its marks. Nothing is taken from below the latest mark. */
final class PickleStack {
    private final List<@Nullable Object> values = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();

    void push(@Nullable Object value) {
        values.add(value);
    }

    void mark() {
        marks.push(values.size());
    }

    boolean isEmpty() {
        return values.isEmpty() && marks.isEmpty();
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getFirst();
    }

    @Nullable
    Object top() {
        if (values.size() <= floor()) {
            throw corrupt("takes from an empty stack");
        }
        return values.get(values.size() - 1);
    }

    @Nullable
    Object pop() {
        return pop(1).get(0);
    }

    List<@Nullable Object> pop(int count) {
        if (values.size() - floor() < count) {
            throw corrupt("takes from an empty stack");
        }
        return cut(values.size() - count);
    }

    /** Takes the uppermost value, or the mark when that is uppermost. */
    void discard() {
        if (!marks.isEmpty() && marks.getFirst() == values.size()) {
            marks.pop();
        } else {
            pop();
        }
    }

    /** All values above the latest mark, and the mark. */
    List<@Nullable Object> popMark() {
        if (marks.isEmpty()) {
            throw corrupt("looks for a mark that is not there");
        }
        return cut(marks.pop());
    }

    private List<@Nullable Object> cut(int from) {
        List<@Nullable Object> upper = values.subList(from, values.size());
        List<@Nullable Object> taken = new ArrayList<>(upper);
        upper.clear();
        return taken;
    }
}
