package io.cachewire.interop;

import static io.cachewire.interop.PickleInput.corrupt;

import io.cachewire.DataBlock;
import io.cachewire.Escaped;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle of plain data, protocols 0 to 5: None, truth values, integers of any size, floats, text, bytes and byte
 * arrays ({@code DataBlock}), lists and tuples ({@code List}), dicts ({@code Map}, in their order), sets; a complex number
 * as Python's text of it. Nothing is ever loaded, called or built but what {@link PickleGlobal} lists: every other global,
 * every object, persistent id and extension code is refused before anything happens.
 *
 * <p>What is made is bounded by the length of the pickle: shared values are shared here too, and what a call copies counts.
 * A list may contain itself.
 */
final class PickleReader implements PickleGlobal.Sets {
    private static final int FREE_COPIES = 1024;

    private final PickleInput in;
    private final KeyGuard keys;
    private final PickleStack stack = new PickleStack();
    private final ObjectBudget budget;

    /** What was stored under 0, 1, 2, …, as all writers do, and under other places. */
    private final List<@Nullable Object> memo = new ArrayList<>();

    private final Map<Long, @Nullable Object> sparseMemo = new HashMap<>();
    private final int length;
    private long copies;

    PickleReader(DataBlock data) {
        in = new PickleInput(data);
        keys = new KeyGuard(data.length());
        budget = new ObjectBudget(data.length());
        length = data.length();
        copies = FREE_COPIES + 2L * data.length();
    }

    @Nullable
    Object read() {
        int opcode = in.uint1();
        while (opcode != '.') {
            step((char) opcode);
            opcode = in.uint1();
        }
        Object value = stack.pop();
        if (!in.isAtEnd() || !stack.isEmpty()) {
            throw corrupt("goes on after its end");
        }
        Nesting.check(value, length);
        return value;
    }

    private void step(char opcode) {
        switch (opcode) {
            case 0x80 -> protocol();
            case 0x95 -> in.frame();
            case '(' -> stack.mark();
            case '0' -> stack.discard();
            case '1' -> stack.popMark();
            case '2' -> stack.push(stack.top());
            case 'N', 0x88, 0x89, 'I', 'J', 'K', 'M', 'L', 0x8a, 0x8b, 'F', 'G' -> stack.push(scalar(opcode));
            case 'V', 'X', 0x8c, 0x8d, 'S', 'T', 'U', 'B', 'C', 0x8e, 0x96 -> stack.push(string(opcode));
            case ']', 'l', '}', 'd', ')', 't', 0x85, 0x86, 0x87, 0x8f, 0x91 -> stack.push(container(opcode));
            case 'a', 'e', 's', 'u', 0x90 -> fill(opcode);
            case 'p', 'q', 'r', 0x94 -> store(place(opcode), stack.top());
            case 'g', 'h', 'j' -> stack.push(recalled(place(opcode)));
            case 'c' -> stack.push(PickleGlobal.of(in.line(), in.line()));
            case 0x93 -> stackGlobal();
            case 'R' -> call();
            case 'i' -> throw PickleGlobal.refused("makes an object of " + Escaped.text(in.line() + " " + in.line()));
            case 'o', 0x81, 0x92 -> throw PickleGlobal.refused("makes an object");
            case 'b' -> throw PickleGlobal.refused("builds an object");
            case 'P', 'Q' -> throw PickleGlobal.refused("has a persistent id");
            case 0x82, 0x83, 0x84 -> throw PickleGlobal.refused("has an extension code");
            case 0x97, 0x98 -> throw PickleGlobal.refused("has a buffer outside of it");
            default -> throw corrupt("has the unknown opcode " + Integer.toHexString(opcode));
        }
    }

    private void protocol() {
        int version = in.uint1();
        if (version > 5) {
            throw corrupt("has the unknown protocol " + version);
        }
    }

    private @Nullable Object scalar(char opcode) {
        return switch (opcode) {
            case 0x88 -> true;
            case 0x89 -> false;
            case 'I' -> integerOrBoolean(in.line());
            case 'J' -> (long) in.int4();
            case 'K' -> (long) in.uint1();
            case 'M' -> (long) in.uint2();
            case 'L' -> longLine(in.line());
            case 0x8a -> in.integer(in.uint1());
            case 0x8b -> in.integer(in.int4());
            case 'F' -> Decimals.real(in.line());
            case 'G' -> in.bigEndianDouble();
            default -> null;
        };
    }

    private static Object integerOrBoolean(String line) {
        return switch (line) {
            case "01" -> true;
            case "00" -> false;
            default -> Decimals.integer(line);
        };
    }

    private static Number longLine(String line) {
        return Decimals.integer(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    }

    /** Strings of Python 2 are text or bytes, as their bytes say. */
    private Object string(char opcode) {
        return switch (opcode) {
            case 'V' -> in.escapedLine();
            case 'X' -> in.text(in.uint4());
            case 0x8c -> in.text(in.uint1());
            case 0x8d -> in.text(in.uint8());
            case 'S' -> PlainText.orBytes(in.quotedLine());
            case 'T' -> PlainText.orBytes(in.block(in.int4()));
            case 'U' -> PlainText.orBytes(in.block(in.uint1()));
            case 'B' -> in.block(in.uint4());
            case 'C' -> in.block(in.uint1());
            default -> in.block(in.uint8());
        };
    }

    private Object container(char opcode) {
        budget.take();
        return switch (opcode) {
            case 'l' -> new ArrayList<>(stack.popMark());
            case '}' -> new LinkedHashMap<>();
            case 'd' -> filled(new LinkedHashMap<>(), stack.popMark());
            case ')' -> new PickledTuple(List.of());
            case 't' -> new PickledTuple(stack.popMark());
            case 0x85 -> new PickledTuple(stack.pop(1));
            case 0x86 -> new PickledTuple(stack.pop(2));
            case 0x87 -> new PickledTuple(stack.pop(3));
            case 0x8f -> new LinkedHashSet<>();
            case 0x91 -> frozen(stack.popMark());
            default -> new ArrayList<>();
        };
    }

    private void fill(char opcode) {
        List<@Nullable Object> added = opcode == 'a' ? stack.pop(1) : opcode == 's' ? stack.pop(2) : stack.popMark();
        Object target = stack.top();
        if (target instanceof PickledTuple || target instanceof PickledFrozenSet) {
            throw corrupt("changes what cannot change");
        }
        switch (opcode) {
            case 'a', 'e' -> {
                @SuppressWarnings("unchecked") // all lists are made here
                List<@Nullable Object> list = (List<@Nullable Object>) as(target, List.class);
                list.addAll(added);
            }
            case 's', 'u' -> {
                @SuppressWarnings("unchecked") // all maps are made here
                Map<@Nullable Object, @Nullable Object> map =
                        (Map<@Nullable Object, @Nullable Object>) as(target, Map.class);
                filled(map, added);
            }
            default -> {
                @SuppressWarnings("unchecked") // all sets are made here
                Set<@Nullable Object> set = (Set<@Nullable Object>) as(target, Set.class);
                added.forEach(member -> keys.add(set, member));
            }
        }
    }

    private static <T> T as(@Nullable Object target, Class<T> type) {
        if (!type.isInstance(target)) {
            throw corrupt("fills what is no " + type.getSimpleName());
        }
        return type.cast(target);
    }

    private Map<@Nullable Object, @Nullable Object> filled(
            Map<@Nullable Object, @Nullable Object> map, List<@Nullable Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw corrupt("has a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            keys.put(map, pairs.get(i), pairs.get(i + 1));
        }
        return map;
    }

    private long place(char opcode) {
        return switch (opcode) {
            case 'p', 'g' -> Decimals.integer(in.line()).longValue();
            case 'q', 'h' -> in.uint1();
            case 'r', 'j' -> in.uint4();
            default -> (long) memo.size() + sparseMemo.size();
        };
    }

    private void store(long place, @Nullable Object value) {
        if (place == memo.size() && !sparseMemo.containsKey(place)) {
            memo.add(value);
        } else if (place >= 0 && place < memo.size()) {
            memo.set((int) place, value);
        } else {
            budget.take();
            sparseMemo.put(place, value);
        }
    }

    private @Nullable Object recalled(long place) {
        if (place >= 0 && place < memo.size()) {
            return memo.get((int) place);
        }
        if (!sparseMemo.containsKey(place)) {
            throw corrupt("recalls what it has not stored");
        }
        return sparseMemo.get(place);
    }

    private void stackGlobal() {
        List<@Nullable Object> names = stack.pop(2);
        if (names.get(0) instanceof String module && names.get(1) instanceof String name) {
            stack.push(PickleGlobal.of(module, name));
            return;
        }
        throw corrupt("has a global without a name");
    }

    private void call() {
        List<@Nullable Object> call = stack.pop(2);
        if (!(call.get(0) instanceof PickleGlobal global) || !(call.get(1) instanceof PickledTuple arguments)) {
            throw PickleGlobal.refused("calls something");
        }
        copies -= PickleGlobal.copied(arguments);
        if (copies < 0) {
            throw new SerdeException(Reason.LIMIT, "the pickle copies more than it has", null);
        }
        stack.push(global.call(arguments, this));
    }

    @Override
    public Object set(Collection<? extends @Nullable Object> members) {
        budget.take();
        Set<@Nullable Object> set = new LinkedHashSet<>();
        members.forEach(member -> keys.add(set, member));
        return set;
    }

    @Override
    public Object frozenSet(Collection<? extends @Nullable Object> members) {
        budget.take();
        return frozen(members);
    }

    private Object frozen(Collection<? extends @Nullable Object> members) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        long before = keys.done();
        members.forEach(member -> keys.add(set, member));
        // looking all members up, as comparing sets does, takes about as long as putting them in
        return new PickledFrozenSet(set, 2 * (keys.done() - before));
    }
}
