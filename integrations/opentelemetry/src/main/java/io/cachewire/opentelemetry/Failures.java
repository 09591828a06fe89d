package io.cachewire.opentelemetry;

import io.cachewire.CommandRefusedException;
import io.cachewire.MemcachedException;
import io.cachewire.ServerErrorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a failure is called: {@code error.type}, a closed list, by its index. The server's own word where it answered with one, else the class. */
@SuppressWarnings("EnumOrdinal") // places in a list of this process
final class Failures {
    /** No failure. */
    static final int NONE = 0;

    private static final List<String> TYPES = new ArrayList<>(List.of("", "_OTHER"));
    private static final int OTHER = 1;
    private static final List<String> ERROR_LINES = List.of("SERVER_ERROR", "CLIENT_ERROR", "ERROR");
    private static final Map<Class<?>, Integer> CLASSES = new HashMap<>();
    private static final int FIRST_WORD;

    static {
        for (Class<?> ours : MemcachedException.class.getPermittedSubclasses()) {
            CLASSES.put(ours, TYPES.size());
            TYPES.add(ours.getName());
        }
        FIRST_WORD = TYPES.size();
        TYPES.addAll(ERROR_LINES);
        for (CommandRefusedException.Reason reason : CommandRefusedException.Reason.values()) {
            TYPES.add(reason.name());
        }
    }

    private Failures() {}

    static int count() {
        return TYPES.size();
    }

    static String type(int index) {
        return TYPES.get(index);
    }

    /** Whether the type is what the server answered. */
    static boolean isStatus(int index) {
        return index >= FIRST_WORD;
    }

    static int index(@Nullable Throwable error) {
        if (error instanceof CommandRefusedException refused) {
            return FIRST_WORD + ERROR_LINES.size() + refused.reason().ordinal();
        }
        if (error instanceof ServerErrorException answered) {
            return FIRST_WORD + line(answered);
        }
        return error == null ? OTHER : CLASSES.getOrDefault(error.getClass(), OTHER);
    }

    /** Which of the three words the server's line begins with. */
    private static int line(ServerErrorException answered) {
        if (answered.isRetryable()) {
            return 0;
        }
        String message = String.valueOf(answered.getMessage());
        for (int i = 0; i < ERROR_LINES.size(); i++) {
            if (message.startsWith("the server answered: " + ERROR_LINES.get(i))) {
                return i;
            }
        }
        return ERROR_LINES.size() - 1;
    }
}
