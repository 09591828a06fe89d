package io.cachewire.serialization.jackson3;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;

/** What is known of each type, found once per type. */
final class JsonTypes {
    private static final Set<Class<?>> RAW = Set.of(String.class, byte[].class, DataBlock.class);

    private final JsonMapper mapper;
    private final Map<Type, JsonType> found = new ConcurrentHashMap<>();

    JsonTypes(JsonMapper mapper) {
        this.mapper = mapper;
    }

    boolean takes(ValueType<?> type) {
        return !isTooWide(type.rawClass()) && !(find(type.javaType()) instanceof JsonType.Refused);
    }

    /** Why a type is not taken. */
    String refusal(ValueType<?> type) {
        if (isTooWide(type.rawClass())) {
            return type + " does not say which class is meant";
        }
        return find(type.javaType()) instanceof JsonType.Refused refused ? refused.why() : "";
    }

    JsonType.Taken of(ValueType<?> type) {
        JsonType known = isTooWide(type.rawClass()) ? new JsonType.Refused(refusal(type)) : find(type.javaType());
        if (known instanceof JsonType.Taken taken) {
            return taken;
        }
        throw new SerdeException(
                Reason.UNSUPPORTED_TYPE,
                known instanceof JsonType.Refused refused
                        ? refused.why()
                        : "the type arguments of " + type + " are not known: pass the whole type, as in"
                                + " new ValueType<List<User>>() {} or a reified function",
                null);
    }

    /** Text and bytes stay raw, and their supertypes ({@code Object}, {@code Serializable}) say too little, like {@code Number}. */
    private static boolean isTooWide(Class<?> type) {
        return RAW.contains(type) || type.isAssignableFrom(String.class) || type == Number.class;
    }

    private JsonType find(Type type) {
        JsonType known = found.get(type);
        return known != null ? known : found.computeIfAbsent(type, this::examine);
    }

    private JsonType examine(Type type) {
        if (lacksArguments(type)) {
            return new JsonType.Open();
        }
        try {
            JavaType whole = mapper.constructType(type);
            SerializationContext writing = mapper._serializationContext();
            String missing = missing(whole, writing, mapper._deserializationContext());
            if (missing != null) {
                return new JsonType.Refused(missing);
            }
            boolean isNamed = writing.findTypeSerializer(whole) != null;
            return new JsonType.Taken(
                    mapper.readerFor(whole).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS),
                    mapper.writerFor(whole),
                    !isNamed && mayBeSubclassed(whole));
        } catch (JacksonException | IllegalArgumentException e) {
            return new JsonType.Refused("Jackson cannot read or write " + type.getTypeName() + ": " + firstLine(e));
        }
    }

    /** What Jackson says of a type before there is a value, so that no value can be in it. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Why values of a type, or of what it contains, cannot be written or not read; null when they can. */
    private static @Nullable String missing(
            JavaType type, SerializationContext writing, DeserializationContext reading) {
        Class<?> unnamed = AbstractPart.of(reading.findRootValueDeserializer(type), writing);
        if (unnamed != null) {
            return unnamed.getName()
                    + " is an interface or an abstract class whose subclasses are not known; name them with"
                    + " @JsonTypeInfo and @JsonSubTypes";
        }
        if (writing.isUnknownTypeSerializer(writing.findValueSerializer(type))) {
            return type.getRawClass().getName() + " has no properties: make it a record, or give it getters";
        }
        JavaType content = type.getContentType();
        // the values of Map<String, Object> are what the JSON has
        return content == null || content.isJavaLangObject() ? null : missing(content, writing, reading);
    }

    private static boolean mayBeSubclassed(JavaType type) {
        Class<?> raw = type.getRawClass();
        return !type.isContainerType()
                && !type.isReferenceType()
                && !type.isEnumType()
                && !JsonNode.class.isAssignableFrom(raw)
                && (raw.getModifiers() & (Modifier.FINAL | Modifier.ABSTRACT)) == 0;
    }

    private static boolean lacksArguments(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.isArray() ? lacksArguments(plain.getComponentType()) : plain.getTypeParameters().length > 0;
        }
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                if (lacksArguments(argument)) {
                    return true;
                }
            }
            return false;
        }
        if (type instanceof GenericArrayType array) {
            return lacksArguments(array.getGenericComponentType());
        }
        return type instanceof WildcardType wildcard && lacksArguments(wildcard.getUpperBounds()[0]);
    }
}
