package io.cachewire.micrometer;

import io.cachewire.MemcachedException;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of tags: closed lists, made once. */
@SuppressWarnings("EnumOrdinal") // places in arrays of this process
final class Names {
    static final String NONE = "none";
    static final String OTHER = "other";
    static final String SEVERAL = "several";
    static final String UNKNOWN = "unknown";

    private static final String[] VERBS = lowerCase(Verb.values());
    private static final String[] OUTCOMES = lowerCase(Outcome.values());

    /** By their index: no failure, a failure that is not ours, and ours. */
    private static final List<String> ERRORS = new ArrayList<>(List.of(NONE, OTHER));

    private static final Map<Class<?>, Integer> INDEXES = new HashMap<>();

    static {
        for (Class<?> ours : MemcachedException.class.getPermittedSubclasses()) {
            INDEXES.put(ours, ERRORS.size());
            ERRORS.add(ours.getSimpleName());
        }
    }

    private Names() {}

    private static String[] lowerCase(Enum<?>[] values) {
        String[] texts = new String[values.length];
        for (Enum<?> value : values) {
            texts[value.ordinal()] = value.name().toLowerCase(Locale.ROOT);
        }
        return texts;
    }

    static String of(Verb verb) {
        return VERBS[verb.ordinal()];
    }

    static String of(Outcome outcome) {
        return OUTCOMES[outcome.ordinal()];
    }

    static int errorCount() {
        return ERRORS.size();
    }

    static String error(int index) {
        return ERRORS.get(index);
    }

    static int errorIndex(Outcome outcome, @Nullable Throwable error) {
        if (outcome != Outcome.ERROR) {
            return 0;
        }
        return error == null ? 1 : INDEXES.getOrDefault(error.getClass(), 1);
    }

    static String error(CallEnd end) {
        return error(errorIndex(end.outcome(), end.error()));
    }

    /** Where the server of a call is not known. */
    static String noServer(CallStart call) {
        return call.keyCount() > 1 ? SEVERAL : UNKNOWN;
    }
}
