package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.Escaped;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The closed list of names that a pickle of plain data may have: older protocols write bytes and sets by calling these. The
 * calls are done here, by code of ours.
 */
enum PickleGlobal {
    ENCODE,
    BYTES,
    BYTEARRAY,
    SET,
    FROZENSET,
    COMPLEX;

    private static final Map<String, PickleGlobal> NAMES = Map.ofEntries(
            Map.entry("_codecs encode", ENCODE),
            Map.entry("__builtin__ bytes", BYTES),
            Map.entry("builtins bytes", BYTES),
            Map.entry("__builtin__ bytearray", BYTEARRAY),
            Map.entry("builtins bytearray", BYTEARRAY),
            Map.entry("__builtin__ set", SET),
            Map.entry("builtins set", SET),
            Map.entry("__builtin__ frozenset", FROZENSET),
            Map.entry("builtins frozenset", FROZENSET),
            Map.entry("__builtin__ complex", COMPLEX),
            Map.entry("builtins complex", COMPLEX));

    /**
     * The global of a name.
     *
     * @throws SerdeException FORBIDDEN_CLASS, with the name, for every other one
     */
    static PickleGlobal of(String module, String name) {
        PickleGlobal known = NAMES.get(module + " " + name);
        if (known == null) {
            throw refused("names the global " + Escaped.text(module + " " + name));
        }
        return known;
    }

    static SerdeException refused(String what) {
        return new SerdeException(Reason.FORBIDDEN_CLASS, "the pickle " + what + ", which is not plain data", null);
    }

    /** What the call takes of the bytes that a pickle may copy. */
    static long copied(List<? extends @Nullable Object> arguments) {
        Object first = arguments.isEmpty() ? null : arguments.get(0);
        if (first instanceof String text) {
            return text.length();
        }
        if (first instanceof DataBlock data) {
            return data.length();
        }
        return first instanceof Collection<?> elements ? elements.size() : 0;
    }

    /** The result of the call. */
    Object call(List<? extends @Nullable Object> arguments, Sets sets) {
        Object first = arguments.isEmpty() ? null : arguments.get(0);
        int count = arguments.size();
        return switch (this) {
            case ENCODE -> latin1(arguments);
            case BYTES, BYTEARRAY -> {
                if (count == 0) {
                    yield DataBlock.EMPTY;
                }
                yield count == 1 && first instanceof DataBlock data ? data : latin1(arguments);
            }
            case SET -> count == 0 ? sets.set(List.of()) : sets.set(elements(first, count));
            case FROZENSET -> count == 0 ? sets.frozenSet(List.of()) : sets.frozenSet(elements(first, count));
            case COMPLEX -> {
                if (count == 2 && first instanceof Number real && arguments.get(1) instanceof Number imaginary) {
                    yield complex(real.doubleValue(), imaginary.doubleValue());
                }
                throw wrong();
            }
        };
    }

    /** How sets are made. */
    interface Sets {
        Object set(Collection<? extends @Nullable Object> members);

        Object frozenSet(Collection<? extends @Nullable Object> members);
    }

    private Collection<? extends @Nullable Object> elements(@Nullable Object first, int count) {
        if (count == 1 && first instanceof Collection<?> elements) {
            return elements;
        }
        throw wrong();
    }

    private Object latin1(List<? extends @Nullable Object> arguments) {
        boolean known = arguments.size() == 2 && ("latin1".equals(arguments.get(1)) || "latin-1".equals(arguments.get(1)));
        if (!known || !(arguments.get(0) instanceof String characters) || characters.chars().anyMatch(c -> c > 0xff)) {
            throw wrong();
        }
        return DataBlock.wrap(characters.getBytes(StandardCharsets.ISO_8859_1));
    }

    private SerdeException wrong() {
        return refused("calls " + name() + " in another way than Python does");
    }

    /** As Python shows a complex number. */
    private static String complex(double real, double imaginary) {
        String imaginaryPart = part(imaginary);
        if (real == 0 && Double.doubleToRawLongBits(real) == 0) {
            return imaginaryPart + "j";
        }
        String sign = imaginaryPart.startsWith("-") ? "" : "+";
        return "(" + part(real) + sign + imaginaryPart + "j)";
    }

    private static String part(double value) {
        String text = Reals.python(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
