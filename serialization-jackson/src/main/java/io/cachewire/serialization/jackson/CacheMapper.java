package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator.Validity;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The object mapper of a serde: our own, or a copy of the user's that was found safe for bytes from outside. */
final class CacheMapper {
    private static final String KOTLIN_MODULE = "com.fasterxml.jackson.module.kotlin.KotlinModule";

    private static final PolymorphicTypeValidator NO_CLASS_NAMES = new NoClassNames();

    /** What every validator that is any good refuses. */
    private static final Class<?> WORST_CLASS = ProcessBuilder.class;

    private CacheMapper() {}

    /** The forms and the strictness of {@code JsonSerde}. */
    static ObjectMapper ofOurOwn() {
        JsonFactory factory = JsonFactory.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .build();
        JsonMapper.Builder mapper = JsonMapper.builder(factory)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_CHAR_ARRAYS_AS_JSON_ARRAYS)
                .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .polymorphicTypeValidator(NO_CLASS_NAMES)
                .addModule(new JavaTimeModule())
                .addModule(new TextForms())
                .addModule(new NoClassValues());
        addKotlin(mapper);
        return mapper.build();
    }

    /** Without naming its class, which need not be there. */
    private static void addKotlin(JsonMapper.Builder mapper) {
        try {
            ServiceLoader.load(Module.class, CacheMapper.class.getClassLoader()).stream()
                    .filter(module -> module.type().getName().equals(KOTLIN_MODULE))
                    .forEach(module -> mapper.addModule(module.get()));
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalStateException(
                    "a Jackson module of the class path cannot be loaded: " + e.getMessage(), e);
        }
    }

    /**
     * A copy that later changes of the user's do not reach.
     *
     * @throws IllegalArgumentException when it lets the bytes choose classes, or reads or writes what is no JSON
     */
    static ObjectMapper copyOf(ObjectMapper given) {
        requireJson(given);
        requireNoDefaultTyping(given.getDeserializationConfig());
        PolymorphicTypeValidator validator = given.getPolymorphicTypeValidator();
        boolean isUnset = validator instanceof LaissezFaireSubTypeValidator;
        if (!isUnset) {
            requireNarrow(validator, given.getDeserializationConfig());
        }
        ObjectMapper copy;
        try {
            copy = given.copy();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("the " + given.getClass().getName() + " cannot be copied", e);
        }
        if (isUnset) {
            copy.setPolymorphicTypeValidator(NO_CLASS_NAMES);
        }
        return copy.registerModule(new NoClassValues());
    }

    private static void requireJson(ObjectMapper given) {
        String format = given.getFactory().getFormatName();
        if (!JsonFactory.FORMAT_NAME_JSON.equals(format)) {
            throw new IllegalArgumentException("an ObjectMapper for " + format + " is not for JSON");
        }
        for (JsonReadFeature feature : JsonReadFeature.values()) {
            if (given.isEnabled(feature.mappedFeature())) {
                throw new IllegalArgumentException(
                        "an ObjectMapper that reads more than JSON (" + feature + ") is not for stored values");
            }
        }
        if (!given.isEnabled(JsonWriteFeature.QUOTE_FIELD_NAMES.mappedFeature())) {
            throw new IllegalArgumentException(
                    "an ObjectMapper that writes names without quotes is not for stored values");
        }
    }

    private static void requireNoDefaultTyping(DeserializationConfig config) {
        if (config.getDefaultTyper(config.constructType(Object.class)) != null) {
            throw new IllegalArgumentException("an ObjectMapper with default typing lets whoever writes to the server"
                    + " choose classes: name the subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
        }
    }

    private static void requireNarrow(PolymorphicTypeValidator validator, DeserializationConfig config) {
        JavaType all = config.constructType(Object.class);
        JavaType worst = config.constructType(WORST_CLASS);
        boolean isLax;
        try {
            isLax = validator.validateBaseType(config, all) == Validity.ALLOWED
                    || validator.validateSubClassName(config, all, WORST_CLASS.getName()) == Validity.ALLOWED
                    || validator.validateSubType(config, all, worst) == Validity.ALLOWED;
        } catch (JsonMappingException e) {
            isLax = false; // it refuses by throwing
        }
        if (isLax) {
            throw new IllegalArgumentException("the PolymorphicTypeValidator of the ObjectMapper ("
                    + validator.getClass().getName() + ") lets any class in: allow only classes of yours");
        }
    }

    /** Reads and writes the JSON of a mapper within limits. */
    static JsonFactory factory(ObjectMapper mapper, JsonLimits limits) {
        JsonFactory factory = new JsonFactoryBuilder(mapper.getFactory())
                // names may be keys of maps, which the whole JVM would keep; Jackson 3 does not do it either
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .maxNumberLength(limits.maxNumberLength())
                        .maxStringLength(limits.maxStringLength())
                        .maxNameLength(limits.maxStringLength())
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .build())
                .build();
        factory.setCodec(mapper);
        return factory;
    }
}
