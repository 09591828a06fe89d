package io.cachewire.serialization.jackson3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/** Mappers of users. */
class JacksonMapperTest {
    public record Film(String filmTitle, Integer year) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public interface Named {}

    public record Thing(int x) implements Named {}

    @JsonDeserialize(using = WrappedReader.class)
    public record Wrapped(Film film) {}

    /** Reads a part by way of the parser. */
    public static final class WrappedReader extends ValueDeserializer<Wrapped> {
        @Override
        public Wrapped deserialize(JsonParser parser, DeserializationContext context) {
            parser.nextValue();
            Film film = parser.readValueAs(Film.class);
            parser.nextToken();
            return new Wrapped(film);
        }
    }

    private static String refusal(JsonMapper mapper) {
        return assertThrows(IllegalArgumentException.class, () -> JacksonSerde.using(mapper))
                .getMessage();
    }

    private static PolymorphicTypeValidator narrow() {
        return BasicPolymorphicTypeValidator.builder()
                .allowIfSubType("io.cachewire.")
                .build();
    }

    @Test
    void theSettingsOfAMapperAreUsed() {
        Trial json = Trial.of(JacksonSerde.using(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build()));
        assertEquals("{\"film_title\":\"Metropolis\",\"year\":1927}", json.write(new Film("Metropolis", 1927)));
        json.refused(Reason.DECODE, "{\"film_title\":\"Metropolis\",\"director\":\"Lang\"}", Film.class);
    }

    @Test
    void aDeserializerMayReadByWayOfTheParser() {
        Trial json = Trial.of(JacksonSerde.create());
        Wrapped wrapped = new Wrapped(new Film("M", 1931));
        assertEquals(wrapped, json.read(json.write(wrapped), Wrapped.class));
    }

    @Test
    void theStrictnessOfTheSerdeHoldsForEveryMapper() {
        Trial json = Trial.of(JacksonSerde.using(JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()));
        json.refused(Reason.DECODE, "{\"year\":1,\"year\":1}", Film.class);
        json.refused(Reason.DECODE, "{\"year\":1} 2", Film.class);
        json.refused(Reason.DECODE, "[1e999]", double[].class);
        json.notWritten(Reason.ENCODE, Double.NaN, ValueType.of(double.class));
        json.refused(Reason.DECODE, "\"java.lang.ProcessBuilder\"", new ValueType<Class<?>>() {});
    }

    @Test
    void theLimitsOfTheSerdeTakeThePlaceOfTheMappers() {
        JsonFactory wide = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10_000)
                        .maxNumberLength(100_000)
                        .build())
                .build();
        Trial json = Trial.of(JacksonSerde.using(JsonMapper.builder(wide).build()));
        json.refused(Reason.LIMIT, "[".repeat(100) + "]".repeat(100), JsonNode.class);
        json.refused(Reason.LIMIT, "1".repeat(2000), JsonNode.class);
    }

    @Test
    void defaultTypingIsRefused() {
        JsonMapper typed = JsonMapper.builder().activateDefaultTyping(narrow()).build();
        assertTrue(refusal(typed).contains("default typing"));
        JsonMapper more = JsonMapper.builder()
                .activateDefaultTyping(narrow(), DefaultTyping.NON_FINAL)
                .build();
        assertTrue(refusal(more).contains("default typing"));
    }

    @Test
    void aValidatorThatLetsAnyClassInIsRefused() {
        List<PolymorphicTypeValidator> lax = List.of(
                BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(Object.class)
                        .build(),
                BasicPolymorphicTypeValidator.builder()
                        .allowIfSubType(Object.class)
                        .build(),
                BasicPolymorphicTypeValidator.builder().allowIfSubType("").build());
        for (PolymorphicTypeValidator validator : lax) {
            JsonMapper mapper =
                    JsonMapper.builder().polymorphicTypeValidator(validator).build();
            assertTrue(refusal(mapper).contains("lets any class in"));
        }
    }

    @Test
    void classNamesAreReadOnlyWithAValidatorThatAllowsThem() {
        ValueType<Named> named = ValueType.of(Named.class);
        assertFalse(JacksonSerde.using(JsonMapper.shared()).encodes(named));
        Trial json = Trial.of(JacksonSerde.using(
                JsonMapper.builder().polymorphicTypeValidator(narrow()).build()));
        assertEquals(new Thing(1), json.read(json.write(new Thing(1), named), named));
        json.refused(Reason.DECODE, "{\"@class\":\"java.lang.ProcessBuilder\"}", named);
    }

    @ParameterizedTest
    @EnumSource
    void aMapperThatReadsMoreThanJsonIsRefused(JsonReadFeature feature) {
        String message = refusal(JsonMapper.builder().enable(feature).build());
        assertTrue(message.contains("reads more than JSON (" + feature), message);
    }

    @Test
    void aMapperThatWritesNamesWithoutQuotesIsRefused() {
        assertTrue(refusal(JsonMapper.builder()
                        .disable(JsonWriteFeature.QUOTE_PROPERTY_NAMES)
                        .build())
                .contains("without quotes"));
    }
}
