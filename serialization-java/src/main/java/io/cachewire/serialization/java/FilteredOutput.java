package io.cachewire.serialization.java;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An object stream that refuses to write a class that {@link FilteredInput} would refuse to read. */
final class FilteredOutput extends ObjectOutputStream {
    private final AllowList allowed;
    private final @Nullable UnaryOperator<Object> replacer;
    private @Nullable Class<?> exception;

    FilteredOutput(OutputStream target, AllowList allowed, @Nullable UnaryOperator<Object> replacer)
            throws IOException {
        super(target);
        this.allowed = allowed;
        this.replacer = replacer;
        if (replacer != null) {
            enableReplaceObject(true);
        }
    }

    /** Called for every class description that goes into the stream. */
    @Override
    protected void annotateClass(Class<?> type) {
        if (exception != null || allowed.allows(type)) {
            return;
        }
        if (!IOException.class.isAssignableFrom(type)) {
            throw StreamFilter.forbidden(type.getName());
        }
        // A failing stream writes its exception into itself; refusing that would hide it. A value may hold one as well.
        exception = type;
    }

    /** To be called when the value has been written without a failure. */
    void requireNoException() {
        if (exception != null) {
            throw StreamFilter.forbidden(exception.getName());
        }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        throw StreamFilter.forbidden(type.getName());
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
        return replacer == null || object == null ? object : replacer.apply(object);
    }
}
