package io.cachewire.serialization.jackson3;

import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ext.javatime.deser.DurationDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;
import tools.jackson.databind.ext.javatime.deser.LocalDateDeserializer;
import tools.jackson.databind.ext.javatime.deser.LocalDateTimeDeserializer;
import tools.jackson.databind.ext.javatime.deser.LocalTimeDeserializer;
import tools.jackson.databind.ext.javatime.ser.DurationSerializer;
import tools.jackson.databind.ext.javatime.ser.InstantSerializer;
import tools.jackson.databind.ext.javatime.ser.LocalDateSerializer;
import tools.jackson.databind.ext.javatime.ser.LocalDateTimeSerializer;
import tools.jackson.databind.ext.javatime.ser.LocalTimeSerializer;
import tools.jackson.databind.ext.javatime.ser.OffsetDateTimeSerializer;
import tools.jackson.databind.ext.javatime.ser.ZonedDateTimeSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Classes of the JDK in the forms of {@code JsonSerde}: dates, times, big numbers and UUIDs as their text, byte arrays as numbers. A
 * property with {@code @JsonFormat} has the form that this says.
 */
final class TextForms extends SimpleModule {
    @Serial
    private static final long serialVersionUID = 1L;

    TextForms() {
        super("io.cachewire.text-forms");
        add(Instant.class, Instant::parse, InstantSerializer.INSTANCE, InstantDeserializer.INSTANT);
        add(LocalDate.class, LocalDate::parse, LocalDateSerializer.INSTANCE, LocalDateDeserializer.INSTANCE);
        add(LocalTime.class, LocalTime::parse, LocalTimeSerializer.INSTANCE, LocalTimeDeserializer.INSTANCE);
        add(
                LocalDateTime.class,
                LocalDateTime::parse,
                LocalDateTimeSerializer.INSTANCE,
                LocalDateTimeDeserializer.INSTANCE);
        add(
                OffsetDateTime.class,
                OffsetDateTime::parse,
                OffsetDateTimeSerializer.INSTANCE,
                InstantDeserializer.OFFSET_DATE_TIME);
        add(
                ZonedDateTime.class,
                ZonedDateTime::parse,
                ZonedDateTimeSerializer.INSTANCE,
                InstantDeserializer.ZONED_DATE_TIME);
        add(Duration.class, Duration::parse, DurationSerializer.INSTANCE, DurationDeserializer.INSTANCE);
        add(ZoneId.class, ZoneId::of, null, null);
        add(UUID.class, TextForms::uuid, null, null);
        addSerializer(BigDecimal.class, new WrittenAsText<>(BigDecimal.class, BigNumbers::isShort, null));
        addDeserializer(BigDecimal.class, BigNumbers.DECIMAL);
        addSerializer(BigInteger.class, new WrittenAsText<>(BigInteger.class, BigNumbers::isShort, null));
        addDeserializer(BigInteger.class, BigNumbers.INTEGER);
        addSerializer(byte[].class, new BytesAsNumbers());
    }

    private <T> void add(
            Class<T> type,
            Function<String, T> parse,
            @Nullable ValueSerializer<? super T> formatted,
            @Nullable ValueDeserializer<? extends T> parsed) {
        addSerializer(type, new WrittenAsText<>(type, value -> true, formatted));
        addDeserializer(type, new ReadFromText<>(type, parse, parsed));
    }

    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        // the JDK takes shorter forms
        if (text.length() != uuid.toString().length()) {
            throw new IllegalArgumentException("not a UUID");
        }
        return uuid;
    }
}
