package io.cachewire.serialization.jackson3;

import io.cachewire.DataBlock;
import io.cachewire.KotlinValueType;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as plain JSON in UTF-8, by Jackson 3, under the flags of {@link Format#JSON}: the same bytes as those of {@code JsonSerde} in
 * {@code cachewire-serialization-json}, for classes that need no annotation.
 *
 * <pre>{@code
 * BlockingMemcachedClient.builder("cache-1:11211").serde(JacksonSerde.create()).build();
 * }</pre>
 *
 * <p>It takes records, classes with getters and setters, numbers, booleans, enums, {@code java.time}, {@link java.util.UUID}, big
 * numbers, {@code JsonNode}, and collections, maps and arrays of such when their type arguments are known; Kotlin's data classes when
 * jackson-module-kotlin is on the class path. Text, byte arrays and {@link DataBlock}s stay raw. An interface or abstract class is taken
 * when {@code @JsonTypeInfo} and {@code @JsonSubTypes} name its subclasses, so nothing in the bytes can choose any other class.
 *
 * <p>What is read must be exactly one JSON document of the type asked for. Refused as {@link Reason#DECODE}: malformed UTF-8, comments, a
 * name that comes twice in one object, bytes after the end, {@code NaN}, numbers out of their type's range, null for a primitive.
 * Documents beyond the limits are {@link Reason#LIMIT}. Messages tell the place, never the text.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class JacksonSerde implements Serde {
    private final JsonMapper mapper;
    private final JsonTypes types;
    private final JsonFactory factory;
    private final JsonLimits limits;
    private final FlagScheme flags;

    private JacksonSerde(JsonMapper mapper, JsonTypes types, JsonLimits limits, FlagScheme flags) {
        this.mapper = mapper;
        this.types = types;
        this.factory = CacheMapper.factory(mapper, limits);
        this.limits = limits;
        this.flags = flags;
    }

    private static JacksonSerde of(JsonMapper mapper) {
        return new JacksonSerde(mapper, new JsonTypes(mapper), JsonLimits.DEFAULT, FlagScheme.DEFAULT);
    }

    /**
     * A serde with settings of its own: names that the class does not have are ignored, so that programs of two versions can share a
     * cache; dates and times are text.
     *
     * @throws IllegalStateException when jackson-module-kotlin is there and cannot be loaded
     */
    public static JacksonSerde create() {
        return of(CacheMapper.ofOurOwn());
    }

    /**
     * A serde with the modules and settings of a mapper, which is copied. They also decide about names that the class does not have, and
     * about the forms of dates. The limits of this serde take the place of the mapper's.
     *
     * <p>Without a {@code PolymorphicTypeValidator} of its own the copy reads no class names ({@code @JsonTypeInfo(use = CLASS)}).
     *
     * @throws IllegalArgumentException for a mapper with default typing, with a {@code PolymorphicTypeValidator} that lets any class in,
     *     or one that reads or writes something else than JSON
     */
    public static JacksonSerde using(JsonMapper mapper) {
        return of(CacheMapper.copyOf(mapper));
    }

    private JacksonSerde with(JsonLimits changed) {
        return new JacksonSerde(mapper, types, changed, flags);
    }

    /** How deep arrays and objects may nest, 1 to 1000; 64 unless said otherwise. */
    public JacksonSerde withMaxDepth(int depth) {
        return with(new JsonLimits(depth, limits.maxNumberLength(), limits.maxStringLength(), limits.maxBytes()));
    }

    /** How many characters a number may have, 1000 unless said otherwise. */
    public JacksonSerde withMaxNumberLength(int length) {
        return with(new JsonLimits(limits.maxDepth(), length, limits.maxStringLength(), limits.maxBytes()));
    }

    /** How many characters a text or a name may have, 8 388 608 unless said otherwise. */
    public JacksonSerde withMaxStringLength(int length) {
        return with(new JsonLimits(limits.maxDepth(), limits.maxNumberLength(), length, limits.maxBytes()));
    }

    /** How many bytes a document may have, 8 MiB unless said otherwise. */
    public JacksonSerde withMaxBytes(int bytes) {
        return with(new JsonLimits(limits.maxDepth(), limits.maxNumberLength(), limits.maxStringLength(), bytes));
    }

    /**
     * The scheme that says which flags mean JSON.
     *
     * @throws IllegalArgumentException when it has none
     */
    public JacksonSerde withFlagScheme(FlagScheme scheme) {
        scheme.flags(Format.JSON);
        return new JacksonSerde(mapper, types, limits, scheme);
    }

    @Override
    public boolean encodes(ValueType<?> type) {
        return types.takes(type);
    }

    @Override
    public boolean encodesInstead(ValueType<?> own, ValueType<?> declared) {
        return declared.rawClass() == Object.class && encodes(own);
    }

    @Override
    public String refusal(ValueType<?> type) {
        return "JacksonSerde: " + types.refusal(type);
    }

    @Override
    public EncodedValue encode(String key, Object value, ValueType<?> type) {
        JsonType.Taken json = types.of(type);
        json.requireDeclaredClass(value, type);
        BoundedOutput target = new BoundedOutput(limits.maxBytes());
        try (JsonGenerator generator = new ExactGenerator(
                factory.createGenerator(mapper._serializationContext(), target, JsonEncoding.UTF8), limits)) {
            json.writer().writeValue(generator, value);
        } catch (JacksonException e) {
            throw JacksonFailure.writing(e, type);
        }
        return new EncodedValue(target.written(), flags.flags(Format.JSON));
    }

    @Override
    public boolean decodes(int stored) {
        return flags.format(stored) == Format.JSON;
    }

    @Override
    public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
        if (type.rawClass().isAssignableFrom(String.class)) {
            throw new SerdeException(
                    Reason.UNSUPPORTED_TYPE,
                    "the item is JSON, not a " + type
                            + ": read it as the class that was stored, as a JsonNode or as a byte array",
                    null);
        }
        JsonType.Taken json = types.of(type);
        if (stored.data().length() > limits.maxBytes()) {
            throw BoundedOutput.tooLong(limits.maxBytes());
        }
        byte[] bytes = stored.data().unwrap(); // only read from
        Utf8Text.require(bytes);
        Object value;
        try (JsonParser parser = new ExactParser(CacheMapper.parser(mapper, factory, bytes))) {
            value = json.reader().readValue(parser);
        } catch (JacksonException e) {
            throw JacksonFailure.reading(e, type);
        } catch (ArithmeticException | NumberFormatException e) {
            // no cause: its message repeats the number
            throw new SerdeException(Reason.DECODE, "the JSON has a number that no type has room for", null);
        }
        if (value == null) {
            throw new SerdeException(Reason.DECODE, "the JSON is null, not a " + type, null);
        }
        if (type instanceof KotlinValueType<?> kotlin) {
            KotlinNulls.requireNone(value, kotlin);
        }
        @SuppressWarnings("unchecked") // the reader was made for the type; the chain checks the class
        T typed = (T) value;
        return typed;
    }
}
