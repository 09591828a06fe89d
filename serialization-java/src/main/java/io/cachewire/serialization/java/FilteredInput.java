package io.cachewire.serialization.java;

import io.cachewire.SerdeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An object stream that asks the filter before it loads a class. The filter is set on the stream too: a filter factory
 * of the JVM (JEP 415) may drop it there, but not here.
 */
final class FilteredInput extends ObjectInputStream {
    private final StreamFilter filter;
    private final List<ClassLoader> loaders;
    private final @Nullable UnaryOperator<Object> resolver;
    private final @Nullable HashPlan plan;

    FilteredInput(
            ByteArrayInputStream source,
            StreamFilter filter,
            List<ClassLoader> loaders,
            @Nullable UnaryOperator<Object> resolver,
            @Nullable HashPlan plan)
            throws IOException {
        super(source);
        this.filter = filter;
        this.loaders = loaders;
        this.resolver = resolver;
        this.plan = plan;
        setObjectInputFilter(filter);
        if (resolver != null || plan != null) {
            enableResolveObject(true);
        }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
        String name = description.getName();
        filter.requireAllowed(name);
        try {
            return loaded(name);
        } catch (ClassNotFoundException e) {
            if (plan == null) {
                throw e;
            }
            // the stream would leave out what has the class, and the plan counts what is there
            SerdeException verdict = StreamFailure.missing(name, e);
            filter.refuse(verdict);
            throw verdict;
        }
    }

    private Class<?> loaded(String name) throws ClassNotFoundException {
        ClassNotFoundException missing = new ClassNotFoundException(name);
        for (ClassLoader loader : loaders) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                missing = e;
            }
        }
        throw missing;
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) {
        throw filter.refuse("java.lang.reflect.Proxy");
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) {
        Object resolved = resolver == null || object == null ? object : resolver.apply(object);
        if (resolved != object && resolved != null) {
            filter.expectResolved(resolved.getClass());
        }
        if (plan != null) {
            try {
                plan.resolved(resolved);
            } catch (SerdeException verdict) {
                filter.refuse(verdict);
                throw verdict;
            }
        }
        return resolved;
    }
}
