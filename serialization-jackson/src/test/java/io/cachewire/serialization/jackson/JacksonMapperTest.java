package io.cachewire.serialization.jackson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.io.Serial;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Object mappers of users. */
class JacksonMapperTest {
    public record Film(String filmTitle, Integer year) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public interface Named {}

    public record Thing(int x) implements Named {}

    /** A subclass without {@code copy}. */
    private static final class Special extends ObjectMapper {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private static String refusal(ObjectMapper mapper) {
        return assertThrows(IllegalArgumentException.class, () -> JacksonSerde.using(mapper))
                .getMessage();
    }

    @Test
    void theSettingsOfAMapperAreUsed() {
        Trial json = Trial.of(JacksonSerde.using(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build()));
        assertEquals("{\"film_title\":\"Metropolis\",\"year\":1927}", json.write(new Film("Metropolis", 1927)));
        json.refused(Reason.DECODE, "{\"film_title\":\"Metropolis\",\"director\":\"Lang\"}", Film.class);
    }

    @Test
    void laterChangesOfTheMapperDoNotReachTheSerde() {
        ObjectMapper mapper = new ObjectMapper();
        Trial json = Trial.of(JacksonSerde.using(mapper));
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        mapper.getFactory().enable(JsonParser.Feature.ALLOW_COMMENTS);
        assertEquals("{\"filmTitle\":\"M\",\"year\":1931}", json.write(new Film("M", 1931)));
        json.refused(Reason.DECODE, "{\"unknown\":1}", Film.class);
        json.refused(Reason.DECODE, "/* */{\"year\":1}", Film.class);
    }

    @Test
    void theStrictnessOfTheSerdeHoldsForEveryMapper() {
        Trial json = Trial.of(JacksonSerde.using(new ObjectMapper()));
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
        Trial json = Trial.of(JacksonSerde.using(new ObjectMapper(wide)));
        json.refused(Reason.LIMIT, "[".repeat(100) + "]".repeat(100), com.fasterxml.jackson.databind.JsonNode.class);
        json.refused(Reason.LIMIT, "1".repeat(2000), com.fasterxml.jackson.databind.JsonNode.class);
    }

    @Test
    @DisplayName("S10 an object mapper with default typing is refused")
    void defaultTypingIsRefused() {
        PolymorphicTypeValidator narrow = BasicPolymorphicTypeValidator.builder()
                .allowIfSubType("io.cachewire.")
                .build();
        ObjectMapper typed = new ObjectMapper();
        typed.activateDefaultTyping(narrow);
        assertTrue(refusal(typed).contains("default typing"));
        ObjectMapper everything = JsonMapper.builder()
                .activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL)
                .build();
        assertTrue(refusal(everything).contains("default typing"));
    }

    @Test
    @DisplayName("S10 a validator that lets any class in is refused")
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
            ObjectMapper mapper =
                    JsonMapper.builder().polymorphicTypeValidator(validator).build();
            assertTrue(refusal(mapper).contains("lets any class in"));
        }
    }

    @Test
    void classNamesAreReadOnlyWithAValidatorThatAllowsThem() {
        ValueType<Named> named = ValueType.of(Named.class);
        assertFalse(JacksonSerde.using(new ObjectMapper()).encodes(named));
        PolymorphicTypeValidator narrow = BasicPolymorphicTypeValidator.builder()
                .allowIfSubType("io.cachewire.")
                .build();
        Trial json = Trial.of(JacksonSerde.using(
                JsonMapper.builder().polymorphicTypeValidator(narrow).build()));
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
    void aMapperForSomethingElseIsRefused() {
        JsonFactory other = new JsonFactory() {
            @Serial
            private static final long serialVersionUID = 1L;

            @Override
            public String getFormatName() {
                return "YAML";
            }
        };
        assertTrue(refusal(new ObjectMapper(other)).contains("YAML"));
        assertTrue(refusal(JsonMapper.builder()
                        .disable(JsonWriteFeature.QUOTE_FIELD_NAMES)
                        .build())
                .contains("without quotes"));
        assertTrue(refusal(new Special()).contains("cannot be copied"));
    }
}
