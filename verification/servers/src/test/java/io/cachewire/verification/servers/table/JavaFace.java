package io.cachewire.verification.servers.table;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.FireAndForgetClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The blocking and the async face, whose operations have the same names and parameters. */
final class JavaFace implements Face {
    private static final Map<Class<?>, Class<?>> BOXED =
            Map.of(long.class, Long.class, int.class, Integer.class, boolean.class, Boolean.class);

    private final String name;
    private final Object client;

    private JavaFace(String name, Object client) {
        this.name = name;
        this.client = client;
    }

    static JavaFace of(BlockingMemcachedClient client) {
        return new JavaFace("blocking", client);
    }

    static JavaFace of(AsyncMemcachedClient client) {
        return new JavaFace("async", client);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Object call(String operation, Object... arguments) throws Exception {
        if (operation.equals("admin.on")) {
            Object view = invoke(invoke(client, "admin"), "on", arguments);
            return settled(invoke(view, "version"), false);
        }
        int dot = operation.indexOf('.');
        Object target = dot < 0 ? client : invoke(client, operation.substring(0, dot));
        return settled(invoke(target, operation.substring(dot + 1), arguments), operation.equals("admin.watch"));
    }

    private static @Nullable Object invoke(@Nullable Object target, String name, Object... arguments) throws Exception {
        Class<?> type = Objects.requireNonNull(target).getClass();
        Method method = Arrays.stream(type.getMethods())
                .filter(candidate -> candidate.getName().equals(name) && takes(candidate, arguments))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(type.getSimpleName() + " has no " + name + Arrays.toString(arguments)));
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        }
    }

    private static boolean takes(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!BOXED.getOrDefault(types[i], types[i]).isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static Exception unwrapped(Exception e) throws Exception {
        if (e.getCause() instanceof Exception cause) {
            throw cause;
        }
        throw e;
    }

    private static @Nullable Object settled(@Nullable Object result, boolean firstAlone) throws Exception {
        if (result instanceof CompletableFuture<?> future) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw unwrapped(e);
            }
        }
        if (result instanceof Stream<?> stream) {
            try (stream) {
                return firstAlone ? stream.iterator().next() : stream.toList();
            }
        }
        if (result instanceof Flow.Publisher<?> publisher) {
            List<Object> all = Collected.of(publisher, firstAlone ? 1 : Long.MAX_VALUE);
            return firstAlone ? all.get(0) : all;
        }
        return result;
    }

    /** Takes the elements of a publisher. */
    private static final class Collected implements Flow.Subscriber<Object> {
        private final CompletableFuture<List<Object>> whole = new CompletableFuture<>();
        private final List<Object> elements = new ArrayList<>();
        private final long limit;
        private Flow.@Nullable Subscription subscription;

        private Collected(long limit) {
            this.limit = limit;
        }

        static List<Object> of(Flow.Publisher<?> publisher, long limit) throws Exception {
            Collected collected = new Collected(limit);
            publisher.subscribe(collected);
            try {
                return collected.whole.get();
            } catch (ExecutionException e) {
                throw unwrapped(e);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(limit);
        }

        @Override
        public void onNext(Object element) {
            elements.add(element);
            if (elements.size() == limit && subscription != null) {
                subscription.cancel();
                whole.complete(elements);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(elements);
        }
    }

    @Override
    public FireAndForgetClient fireAndForget() {
        return client instanceof BlockingMemcachedClient blocking
                ? blocking.fireAndForget()
                : ((AsyncMemcachedClient) client).fireAndForget();
    }

    @Override
    public Face namespace(String prefix) {
        return client instanceof BlockingMemcachedClient blocking
                ? of(blocking.namespace(prefix))
                : of(((AsyncMemcachedClient) client).namespace(prefix));
    }

    @Override
    public Face withRequestTimeout(Duration timeout) {
        return client instanceof BlockingMemcachedClient blocking
                ? of(blocking.withRequestTimeout(timeout))
                : of(((AsyncMemcachedClient) client).withRequestTimeout(timeout));
    }

    @Override
    public void disconnectAll() {
        if (client instanceof BlockingMemcachedClient blocking) {
            blocking.disconnectAll();
        } else {
            ((AsyncMemcachedClient) client).disconnectAll();
        }
    }
}
