package io.cachewire.serialization.json

import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.modules.SerializersModule
import java.math.BigDecimal
import java.math.BigInteger
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.LocalTime
import java.time.OffsetDateTime
import java.time.ZoneId
import java.time.ZonedDateTime
import java.util.UUID
import kotlin.math.abs

/** Classes of the JDK that programs store most: as text, dates and times as ISO 8601 has them. */
internal object StandardTypes {
    /** Reading a number takes time by the square of its length, and calculating with it by its exponent. */
    private const val MOST_DIGITS = 10_000

    val MODULE =
        SerializersModule {
            contextual(Instant::class, ByText("java.time.Instant", Instant::parse))
            contextual(LocalDate::class, ByText("java.time.LocalDate", LocalDate::parse))
            contextual(LocalTime::class, ByText("java.time.LocalTime", LocalTime::parse))
            contextual(LocalDateTime::class, ByText("java.time.LocalDateTime", LocalDateTime::parse))
            contextual(OffsetDateTime::class, ByText("java.time.OffsetDateTime", OffsetDateTime::parse))
            contextual(ZonedDateTime::class, ByText("java.time.ZonedDateTime", ZonedDateTime::parse))
            contextual(Duration::class, ByText("java.time.Duration", Duration::parse))
            contextual(ZoneId::class, ByText("java.time.ZoneId", ZoneId::of))
            contextual(UUID::class, ByText("java.util.UUID", ::uuid))
            contextual(BigDecimal::class, ByText("java.math.BigDecimal", ::decimal, ::requireShort))
            contextual(
                BigInteger::class,
                ByText("java.math.BigInteger", ::integer) {
                    requireShort(it.bitLength() / BITS_PER_DIGIT)
                },
            )
        }

    private const val BITS_PER_DIGIT = 4

    private fun requireShort(digits: Int) {
        if (digits > MOST_DIGITS) throw SerializationException("a number with more than $MOST_DIGITS digits")
    }

    private fun requireShort(number: BigDecimal) {
        requireShort(number.unscaledValue().bitLength() / BITS_PER_DIGIT)
        // abs of the least integer is negative
        if (abs(number.scale().toLong()) >
            MOST_DIGITS
        ) {
            throw SerializationException("a number with an exponent over $MOST_DIGITS")
        }
    }

    private fun uuid(text: String): UUID {
        val uuid = UUID.fromString(text)
        // the JDK takes shorter forms
        require(text.length == uuid.toString().length)
        return uuid
    }

    private fun decimal(text: String): BigDecimal {
        requireShort(text.length / 2)
        return BigDecimal(text).also(::requireShort)
    }

    private fun integer(text: String): BigInteger {
        requireShort(text.length / 2)
        return BigInteger(text)
    }

    private class ByText<T : Any>(
        private val name: String,
        private val parse: (String) -> T,
        private val check: (T) -> Unit = {},
    ) : KSerializer<T> {
        override val descriptor: SerialDescriptor =
            PrimitiveSerialDescriptor("io.cachewire.$name", PrimitiveKind.STRING)

        override fun serialize(encoder: Encoder, value: T) {
            check(value)
            encoder.encodeString(value.toString())
        }

        override fun deserialize(decoder: Decoder): T {
            val text = decoder.decodeString()
            return try {
                parse(text)
            } catch (_: RuntimeException) {
                // no cause: its message repeats the text
                throw SerializationException("not a $name")
            }
        }
    }
}
