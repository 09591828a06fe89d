package io.cachewire.serialization.java;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.CacheMiss;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Values by Java serialization, under the flags of {@link Format#JAVA}, and only of classes that were named.
 *
 * <p>A cache is input from outside: whoever can write to the server chooses the bytes. So there is no serde without an
 * allow-list:
 *
 * <pre>{@code
 * JavaSerde.allowing("com.example.model.**", "com.example.Price", "org.shared.*")
 * }</pre>
 *
 * <p>{@code package.*} is a package, {@code package.**} a package and those below, anything else one class; nested
 * classes ({@code User$Role}) count to the package. Always allowed are strings, boxed primitives, {@code java.math},
 * {@code java.time}, arrays of what is allowed, {@code Date}, {@code UUID}, {@code Locale}, {@code Currency}, {@code
 * BitSet}, the usual collections of {@code java.util} with the unmodifiable, empty and singleton ones, and Kotlin's
 * {@code Pair}, {@code Triple} and empty collections. Enums need their class allowed. Dynamic proxies, lambdas, {@code
 * java.rmi} and the JDK's internals are never read. A filter of the whole JVM ({@code jdk.serialFilter}) is asked as
 * well.
 *
 * <p>The whole stream is checked before anything of it exists, and again while it is read: a forbidden class is
 * refused before it is loaded, and already on writing. Depth, number of references, array lengths, bytes, and the
 * hashes that sets compute are bounded on reading, the bytes on writing too.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class JavaSerde implements Serde {
    /** What the raw serde writes in a form that others read too. */
    private static final Set<Class<?>> RAW =
            Set.of(String.class, byte[].class, Boolean.class, Integer.class, Long.class, Double.class);

    private final AllowList allowed;
    private final StreamLimits limits;
    private final @Nullable ClassLoader loader;
    private final @Nullable UnaryOperator<Object> replacer;
    private final @Nullable UnaryOperator<Object> resolver;
    private final FlagScheme scheme;

    private JavaSerde(
            AllowList allowed,
            StreamLimits limits,
            @Nullable ClassLoader loader,
            @Nullable UnaryOperator<Object> replacer,
            @Nullable UnaryOperator<Object> resolver,
            FlagScheme scheme) {
        this.allowed = allowed;
        this.limits = limits;
        this.loader = loader;
        this.replacer = replacer;
        this.resolver = resolver;
        this.scheme = scheme;
    }

    /**
     * A serde for the classes that the patterns name.
     *
     * @throws io.cachewire.IllegalRequestException without a pattern, for what is none, and for one that would open the JDK
     */
    public static JavaSerde allowing(String... patterns) {
        return new JavaSerde(
                new AllowList(List.of(patterns)), StreamLimits.DEFAULT, null, null, null, FlagScheme.DEFAULT);
    }

    private JavaSerde with(StreamLimits changed) {
        return new JavaSerde(allowed, changed, loader, replacer, resolver, scheme);
    }

    /** How deep objects may nest when read, 20 unless said otherwise. */
    public JavaSerde withMaxDepth(int depth) {
        return with(new StreamLimits(depth, limits.maxReferences(), limits.maxArrayLength(), limits.maxBytes()));
    }

    /** How many references between objects a value may have when read, 250 000 unless said otherwise. */
    public JavaSerde withMaxReferences(int references) {
        return with(new StreamLimits(limits.maxDepth(), references, limits.maxArrayLength(), limits.maxBytes()));
    }

    /** How long an array or the table of a collection may be when read, 1 048 576 unless said otherwise. */
    public JavaSerde withMaxArrayLength(int length) {
        return with(new StreamLimits(limits.maxDepth(), limits.maxReferences(), length, limits.maxBytes()));
    }

    /** How many bytes a serialized value may have, 8 MiB unless said otherwise. */
    public JavaSerde withMaxBytes(int bytes) {
        return with(new StreamLimits(limits.maxDepth(), limits.maxReferences(), limits.maxArrayLength(), bytes));
    }

    /**
     * Where classes come from; unless set, the context loader of the thread that made the call, then the loader of the class
     * asked for, then the loader of this class.
     */
    public JavaSerde withClassLoader(ClassLoader classLoader) {
        Objects.requireNonNull(classLoader, "classLoader");
        return new JavaSerde(allowed, limits, classLoader, replacer, resolver, scheme);
    }

    /** The scheme that says which flags mean Java serialization. */
    public JavaSerde withFlagScheme(FlagScheme flags) {
        flags.flags(Format.JAVA);
        return new JavaSerde(allowed, limits, loader, replacer, resolver, flags);
    }

    /**
     * What to write in place of an object, such as an identifier for one that lives elsewhere; asked for every object,
     * it returns the object itself to leave it. The replacement must be of an allowed class.
     *
     * @see ObjectOutputStream#replaceObject
     */
    public JavaSerde replacing(UnaryOperator<Object> byWhat) {
        return new JavaSerde(allowed, limits, loader, Objects.requireNonNull(byWhat), resolver, scheme);
    }

    /**
     * What stands for an object that was read, the other way round than {@link #replacing}.
     *
     * @see java.io.ObjectInputStream#resolveObject
     */
    public JavaSerde resolving(UnaryOperator<Object> byWhat) {
        return new JavaSerde(allowed, limits, loader, replacer, Objects.requireNonNull(byWhat), scheme);
    }

    /**
     * Serializable types but those with a raw form. A supertype of these ({@code Serializable}, {@code Number}) says
     * too little; there the value's own class decides.
     */
    @Override
    public boolean encodes(ValueType<?> type) {
        Class<?> declared = boxed(type);
        return Serializable.class.isAssignableFrom(declared)
                && !RAW.contains(declared)
                && !declared.isAssignableFrom(String.class)
                && declared != Number.class;
    }

    @Override
    public String refusal(ValueType<?> type) {
        return "JavaSerde: " + type.rawClass().getTypeName() + " is not Serializable";
    }

    @Override
    public EncodedValue encode(String key, Object value, ValueType<?> type) {
        Target target = new Target();
        try (FilteredOutput output = new FilteredOutput(target, allowed, replacer)) {
            output.writeObject(value);
            output.requireNoException();
        } catch (NotSerializableException e) {
            throw new SerdeException(Reason.ENCODE, "the class " + e.getMessage() + " is not serializable", e);
        } catch (IOException e) {
            throw new SerdeException(Reason.ENCODE, "a " + type + " cannot be serialized", e);
        }
        requireWithin(target.size());
        return new EncodedValue(target.written(), scheme.flags(Format.JAVA));
    }

    @Override
    public boolean decodes(int flags) {
        return scheme.format(flags) == Format.JAVA;
    }

    @Override
    public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
        return decode(stored.data(), type, ObjectInputFilter.Config.getSerialFilter());
    }

    <T> T decode(DataBlock data, ValueType<T> type, @Nullable ObjectInputFilter ofTheJvm) {
        requireWithin(data.length());
        byte[] stream = data.unwrap(); // only read from, here and by the object stream
        HashPlan plan = StreamScan.check(stream, allowed, limits);
        ByteArrayInputStream source = new ByteArrayInputStream(stream);
        StreamFilter filter = new StreamFilter(allowed, limits, source, ofTheJvm);
        Object value;
        try (FilteredInput input = new FilteredInput(source, filter, loaders(type), resolver, plan)) {
            value = input.readObject();
        } catch (CacheMiss miss) {
            throw miss;
        } catch (Exception | StackOverflowError | LinkageError e) {
            SerdeException refusal = filter.refusal();
            throw refusal != null ? refusal : StreamFailure.of(e, type);
        }
        if (filter.refusal() != null) {
            // A readObject on the way has swallowed the exception.
            throw filter.refusal();
        }
        if (!boxed(type).isInstance(value)) {
            String found = value == null ? "null" : value.getClass().getTypeName();
            throw new SerdeException(Reason.DECODE, "a " + found + " was stored, not a " + type, null);
        }
        @SuppressWarnings("unchecked") // an instance of the boxed raw class is all that a ValueType can promise
        T typed = (T) value;
        return typed;
    }

    /** Where classes come from, in this order. */
    private List<ClassLoader> loaders(ValueType<?> type) {
        if (loader != null) {
            return List.of(loader);
        }
        Set<@Nullable ClassLoader> found = new LinkedHashSet<>();
        found.add(Thread.currentThread().getContextClassLoader());
        addLoaders(type.javaType(), found);
        found.add(JavaSerde.class.getClassLoader());
        return found.stream().filter(Objects::nonNull).toList();
    }

    private static void addLoaders(Type type, Set<@Nullable ClassLoader> found) {
        if (type instanceof Class<?> plain) {
            found.add(plain.getClassLoader());
        } else if (type instanceof ParameterizedType generic) {
            addLoaders(generic.getRawType(), found);
            for (Type argument : generic.getActualTypeArguments()) {
                addLoaders(argument, found);
            }
        } else if (type instanceof GenericArrayType array) {
            addLoaders(array.getGenericComponentType(), found);
        } else if (type instanceof WildcardType wildcard) {
            addLoaders(wildcard.getUpperBounds()[0], found);
        }
    }

    private void requireWithin(int bytes) {
        if (bytes > limits.maxBytes()) {
            throw new SerdeException(
                    Reason.LIMIT, "the serialized value has more than " + limits.maxBytes() + " bytes", null);
        }
    }

    private static Class<?> boxed(ValueType<?> type) {
        Class<?> raw = type.rawClass();
        return raw.isPrimitive() ? MethodType.methodType(raw).wrap().returnType() : raw;
    }

    /** What is written, without the copy that {@link #toByteArray} makes. */
    private static final class Target extends ByteArrayOutputStream {
        /** The description of a small class and its fields. */
        private static final int FIRST_BYTES = 512;

        Target() {
            super(FIRST_BYTES);
        }

        DataBlock written() {
            return DataBlock.wrap(buf, 0, count);
        }
    }
}
