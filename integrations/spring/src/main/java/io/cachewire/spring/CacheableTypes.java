package io.cachewire.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** Reads at start what the cacheable methods of all beans return, and into which caches it goes. */
final class CacheableTypes {
    private CacheableTypes() {}

    /** What a method returns into a cache. */
    record Source(Type type, String method) {}

    /**
     * The types of the caches that cacheable methods name.
     *
     * @param settled caches whose type was set, where methods may differ
     * @throws IllegalStateException when two methods return different types into one cache
     */
    static Map<String, Source> scan(
            ConfigurableListableBeanFactory beans, @Nullable String manager, Collection<String> settled) {
        CacheOperationSource operations =
                beans.getBeanProvider(CacheOperationSource.class).getIfAvailable(AnnotationCacheOperationSource::new);
        Map<String, Source> found = new LinkedHashMap<>();
        for (String bean : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = typeOf(beans, bean);
            if (type == null
                    || type.getName().startsWith("org.springframework.")
                    || !operations.isCandidateClass(type)) {
                continue;
            }
            for (Map.Entry<Method, Collection<CacheOperation>> entry :
                    methods(type, operations).entrySet()) {
                for (CacheOperation operation : entry.getValue()) {
                    if (isOurs(operation, manager)) {
                        add(found, operation, entry.getKey(), type, settled);
                    }
                }
            }
        }
        return found;
    }

    private static @Nullable Class<?> typeOf(ConfigurableListableBeanFactory beans, String bean) {
        Class<?> type;
        try {
            type = AutoProxyUtils.determineTargetClass(beans, bean);
        } catch (RuntimeException | LinkageError e) {
            return null; // a bean whose type cannot be told now, as Spring's own scans have it
        }
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    private static Map<Method, Collection<CacheOperation>> methods(Class<?> type, CacheOperationSource operations) {
        try {
            return MethodIntrospector.selectMethods(
                    type, (MethodIntrospector.MetadataLookup<Collection<CacheOperation>>)
                            method -> operations.getCacheOperations(method, type));
        } catch (RuntimeException | LinkageError e) {
            return Map.of(); // what the class names is not there
        }
    }

    private static boolean isOurs(CacheOperation operation, @Nullable String manager) {
        boolean isFilled = operation instanceof CacheableOperation || operation instanceof CachePutOperation;
        boolean isOfManager = !StringUtils.hasText(operation.getCacheManager())
                || operation.getCacheManager().equals(manager);
        return isFilled && isOfManager && !StringUtils.hasText(operation.getCacheResolver());
    }

    private static void add(
            Map<String, Source> found,
            CacheOperation operation,
            Method method,
            Class<?> bean,
            Collection<String> settled) {
        Type type = valueType(method, bean);
        if (type == null) {
            return;
        }
        Source source = new Source(type, bean.getName() + "." + method.getName() + parameters(method));
        Set<String> caches = operation.getCacheNames();
        for (String cache : caches) {
            Source other = found.putIfAbsent(cache, source);
            if (other != null && !other.type().equals(type) && !settled.contains(cache)) {
                throw new IllegalStateException("cache \"" + cache + "\" is given " + type.getTypeName() + " by "
                        + source.method() + " and " + other.type().getTypeName() + " by " + other.method()
                        + ": use two caches, or set the type of this one (cachewire.cache.caches." + cache
                        + ".type, or type(...) of the builder)");
            }
        }
    }

    private static String parameters(Method method) {
        return List.of(method.getParameterTypes()).stream()
                .map(Class::getSimpleName)
                .collect(java.util.stream.Collectors.joining(", ", "(", ")"));
    }

    /** The type of what Spring gives the cache of a method's result; null when that is always null. */
    static @Nullable Type valueType(Method method, Class<?> bean) {
        ResolvableType result = ResolvableType.forMethodReturnType(method, bean);
        if (KotlinDetector.isSuspendingFunction(method)) {
            result = ResolvableType.forMethodParameter(method, method.getParameterCount() - 1, bean)
                    .getGeneric(0);
            if (result.getType() instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 1) {
                result = ResolvableType.forType(wildcard.getLowerBounds()[0], ResolvableType.forClass(bean));
            }
        }
        result = unwrapped(result);
        Class<?> raw = result.resolve(Object.class);
        if (raw == void.class || raw == Void.class || raw.getName().equals("kotlin.Unit")) {
            return null;
        }
        return raw.isPrimitive() ? ClassUtils.resolvePrimitiveIfNecessary(raw) : concrete(result, raw);
    }

    private static ResolvableType unwrapped(ResolvableType result) {
        Class<?> raw = result.resolve(Object.class);
        if (raw == Optional.class) {
            return result.getGeneric(0);
        }
        if (CompletionStage.class.isAssignableFrom(raw) || Future.class.isAssignableFrom(raw)) {
            return unwrapped(
                    result.as(CompletionStage.class.isAssignableFrom(raw) ? CompletionStage.class : Future.class)
                            .getGeneric(0));
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter == null || adapter.isNoValue() || result.getGenerics().length != 1) {
            return result;
        }
        return adapter.isMultiValue()
                ? ResolvableType.forClassWithGenerics(List.class, result.getGeneric(0))
                : result.getGeneric(0);
    }

    /** The type with the variables of the bean's class filled in. */
    private static Type concrete(ResolvableType result, Class<?> raw) {
        if (result.isArray()) {
            return result.getType() instanceof Class<?> plain ? plain : raw;
        }
        ResolvableType[] generics = result.getGenerics();
        if (generics.length == 0) {
            return raw;
        }
        Type[] arguments = new Type[generics.length];
        for (int i = 0; i < generics.length; i++) {
            arguments[i] = concrete(generics[i], generics[i].resolve(Object.class));
        }
        return new GenericType(raw, List.of(arguments));
    }
}
