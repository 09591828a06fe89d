package io.cachewire.serialization.jackson3;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator.Validity;

/** The object mapper of a serde: our own, or the user's when it was found safe for bytes from outside. */
final class CacheMapper {
    private static final String KOTLIN_MODULE = "tools.jackson.module.kotlin.KotlinModule";

    private static final PolymorphicTypeValidator NO_CLASS_NAMES = new NoClassNames();

    /** That of a mapper for which nobody has set one. */
    private static final PolymorphicTypeValidator UNSET =
            JsonMapper.shared().deserializationConfig().getPolymorphicTypeValidator();

    /** What every validator that is any good refuses. */
    private static final Class<?> WORST_CLASS = ProcessBuilder.class;

    private CacheMapper() {}

    /** The forms and the strictness of {@code JsonSerde}. */
    static JsonMapper ofOurOwn() {
        JsonMapper.Builder mapper = JsonMapper.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
                .disable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .enable(SerializationFeature.WRITE_CHAR_ARRAYS_AS_JSON_ARRAYS)
                .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .polymorphicTypeValidator(NO_CLASS_NAMES)
                .addModule(new TextForms())
                .addModule(new RequiredPrimitives());
        addKotlin(mapper);
        return strict(mapper);
    }

    /** Without naming its class, which need not be there. */
    private static void addKotlin(JsonMapper.Builder mapper) {
        try {
            ServiceLoader.load(JacksonModule.class, CacheMapper.class.getClassLoader()).stream()
                    .filter(module -> module.type().getName().equals(KOTLIN_MODULE))
                    .forEach(module -> mapper.addModule(module.get()));
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalStateException(
                    "a Jackson module of the class path cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** What holds for every mapper. */
    private static JsonMapper strict(JsonMapper.Builder mapper) {
        return mapper.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                .addModule(new NoClassValues())
                .build();
    }

    /**
     * The user's mapper with what holds for every mapper.
     *
     * @throws IllegalArgumentException when it lets the bytes choose classes, or reads or writes what is no JSON
     */
    static JsonMapper copyOf(JsonMapper given) {
        requireJson(given);
        DeserializationContext context = given._deserializationContext();
        JavaType all = context.constructType(Object.class);
        if (context.getConfig().getDefaultTyper(all) != null) {
            throw new IllegalArgumentException("a JsonMapper with default typing lets whoever writes to the server"
                    + " choose classes: name the subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
        }
        PolymorphicTypeValidator validator = context.getConfig().getPolymorphicTypeValidator();
        if (validator == UNSET) {
            return strict(given.rebuild().polymorphicTypeValidator(NO_CLASS_NAMES));
        }
        requireNarrow(validator, context, all);
        return strict(given.rebuild());
    }

    private static void requireJson(JsonMapper given) {
        for (JsonReadFeature feature : JsonReadFeature.values()) {
            if (given.isEnabled(feature)) {
                throw new IllegalArgumentException(
                        "a JsonMapper that reads more than JSON (" + feature + ") is not for stored values");
            }
        }
        if (!given.isEnabled(JsonWriteFeature.QUOTE_PROPERTY_NAMES)) {
            throw new IllegalArgumentException(
                    "a JsonMapper that writes names without quotes is not for stored values");
        }
    }

    private static void requireNarrow(
            PolymorphicTypeValidator validator, DeserializationContext context, JavaType all) {
        boolean isLax;
        try {
            isLax = validator.validateBaseType(context, all) == Validity.ALLOWED
                    || validator.validateSubClassName(context, all, WORST_CLASS.getName()) == Validity.ALLOWED
                    || validator.validateSubType(context, all, context.constructType(WORST_CLASS)) == Validity.ALLOWED;
        } catch (JacksonException e) {
            isLax = false; // it refuses by throwing
        }
        if (isLax) {
            throw new IllegalArgumentException("the PolymorphicTypeValidator of the JsonMapper ("
                    + validator.getClass().getName() + ") lets any class in: allow only classes of yours");
        }
    }

    /** Reads and writes the JSON of a mapper within limits. */
    static JsonFactory factory(JsonMapper mapper, JsonLimits limits) {
        return mapper.tokenStreamFactory()
                .rebuild()
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
    }

    static JsonParser parser(JsonMapper mapper, JsonFactory factory, byte[] bytes) {
        DeserializationContextExt context = mapper._deserializationContext();
        return context.assignAndReturnParser(factory.createParser(context, bytes));
    }
}
