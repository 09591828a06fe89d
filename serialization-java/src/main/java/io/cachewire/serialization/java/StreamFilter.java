package io.cachewire.serialization.java;

import io.cachewire.Escaped;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputFilter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input filter (JEP 290) of one stream: the allow-list, the limits, and the filter of the whole JVM when it has
 * one. It keeps why it refused, which the stream's own exception does not tell.
 */
final class StreamFilter implements ObjectInputFilter {
    /** What the stream may have read ahead of the object that it is at. */
    private static final int READ_AHEAD = 1024;

    /** A hash table has up to so many slots for a byte of its entries, the load factor being in the stream. */
    private static final int SLOTS_PER_BYTE = 8;

    private final AllowList allowed;
    private final StreamLimits limits;
    private final ByteArrayInputStream source;
    private final @Nullable ObjectInputFilter ofTheJvm;
    private @Nullable SerdeException refusal;
    private @Nullable Class<?> resolved;

    StreamFilter(
            AllowList allowed, StreamLimits limits, ByteArrayInputStream source, @Nullable ObjectInputFilter ofTheJvm) {
        this.allowed = allowed;
        this.limits = limits;
        this.source = source;
        this.ofTheJvm = ofTheJvm;
    }

    /** Why the stream was refused, or null when it was not. */
    @Nullable
    SerdeException refusal() {
        return refusal;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (refusal != null) {
            return Status.REJECTED;
        }
        refusal = check(info);
        return refusal == null ? Status.ALLOWED : Status.REJECTED;
    }

    private @Nullable SerdeException check(FilterInfo info) {
        if (info.depth() > limits.maxDepth()) {
            return limit("objects nest deeper than " + limits.maxDepth());
        }
        if (info.references() > limits.maxReferences()) {
            return limit("more than " + limits.maxReferences() + " references");
        }
        Class<?> type = info.serialClass();
        if (info.arrayLength() >= 0 && type != null) {
            if (info.arrayLength() > limits.maxArrayLength()) {
                return limit("an array longer than " + limits.maxArrayLength());
            }
            // An element takes a byte at least, so a longer array cannot be filled: it is not worth its memory.
            long left = (long) source.available() + READ_AHEAD;
            if (info.arrayLength() > (type == Map.Entry[].class ? left * SLOTS_PER_BYTE : left)) {
                return limit("an array longer than the stream");
            }
        }
        if (type != null && type == resolved) {
            resolved = null;
            return null;
        }
        if (type != null && !allowed.allows(type)) {
            return forbidden(type.getName());
        }
        if (ofTheJvm != null && ofTheJvm.checkInput(info) == Status.REJECTED) {
            return new SerdeException(Reason.FORBIDDEN_CLASS, "the JVM's serialization filter refuses the value", null);
        }
        return null;
    }

    /** To be asked before a class is loaded. */
    void requireAllowed(String className) {
        if (!allowed.allows(className)) {
            throw refuse(className);
        }
    }

    /** The next object comes from the user's own resolver, not from the stream. */
    void expectResolved(Class<?> type) {
        resolved = type;
    }

    /** The exception for a class that must not be read, which is also the verdict on the stream. */
    SerdeException refuse(String className) {
        SerdeException verdict = forbidden(className);
        refusal = verdict;
        return verdict;
    }

    /** What was read takes too much work: the verdict on the stream. */
    void refuse(SerdeException verdict) {
        refusal = verdict;
    }

    static SerdeException forbidden(String className) {
        return new SerdeException(
                Reason.FORBIDDEN_CLASS, "the class " + Escaped.text(className) + " is not on the allow-list", null);
    }

    private static SerdeException limit(String what) {
        return new SerdeException(Reason.LIMIT, "the serialized value has " + what, null);
    }
}
