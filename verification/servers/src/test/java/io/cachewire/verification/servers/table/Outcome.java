package io.cachewire.verification.servers.table;

import io.cachewire.MemcachedException;
import io.cachewire.PartialResultException;
import java.util.Set;
import java.util.stream.Collectors;

/** How one try of an operation ended. */
sealed interface Outcome {
    /** With the right result. */
    record Right() implements Outcome {}

    /** With an exception of the client's, which the reviewed list must have. */
    record Refused(String type, String message) implements Outcome {}

    /** With anything else: a wrong result, a foreign exception, no end. */
    record Fault(String what) implements Outcome {}

    /** The server did not do it and the client says so in its result, without an exception. */
    final class AnsweredOtherwise extends RuntimeException {
        private static final long serialVersionUID = 1;

        AnsweredOtherwise(String answer) {
            super(answer);
        }
    }

    /** Whether two callers were treated alike. */
    static boolean alike(Outcome one, Outcome other) {
        return one instanceof Refused first && other instanceof Refused second
                ? first.type().equals(second.type())
                : one.equals(other);
    }

    static Outcome of(Throwable failure) {
        if (failure instanceof PartialResultException partial) {
            Set<Class<?>> types = partial.results().failed().values().stream()
                    .map(MemcachedException::getClass)
                    .collect(Collectors.toSet());
            if (types.size() == 1) {
                return of(partial.results().failed().values().iterator().next());
            }
        }
        if (failure instanceof AnsweredOtherwise answer) {
            return new Refused("answer", answer.getMessage());
        }
        return failure instanceof MemcachedException
                ? new Refused(failure.getClass().getSimpleName(), String.valueOf(failure.getMessage()))
                : new Fault(failure.toString());
    }
}
