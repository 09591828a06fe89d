package io.cachewire.serialization.jackson3

import com.fasterxml.jackson.annotation.JsonSubTypes
import com.fasterxml.jackson.annotation.JsonTypeInfo
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import io.cachewire.serde.Serde
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.valueType
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.double
import io.kotest.property.arbitrary.filter
import io.kotest.property.arbitrary.float
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import kotlinx.serialization.Contextual
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
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

@Serializable
data class Account(
    val id: Int,
    val name: String,
    val tags: List<String> = emptyList(),
    val owner: Account? = null,
    val active: Boolean = true,
)

@Serializable
data class Everything(
    val byte: Byte,
    val short: Short,
    val long: Long,
    val float: Float,
    val double: Double,
    val letter: Char,
    val bytes: List<Byte>,
    val level: Level,
    val counts: Map<Int, Long>,
    val nested: List<Map<String, List<Int>>>,
    @Contextual val id: UUID,
    @Contextual val price: BigDecimal,
    @Contextual val seen: Instant,
)

@Serializable
class Packet(val bytes: ByteArray, val letters: CharArray)

@Serializable
enum class Level { LOW, HIGH }

@Serializable
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(JsonSubTypes.Type(Disc::class, name = "disc"))
sealed interface Figure

@Serializable
@SerialName("disc")
data class Disc(val radius: Int) : Figure

/** This serde, that on Jackson 2 and `JsonSerde` write the same bytes and read each other's. */
class JsonParityTest :
    FunSpec({
        val jackson = JacksonSerde.create()
        val json = JsonSerde()
        val jackson2 = io.cachewire.serialization.jackson.JacksonSerde.create()

        fun write(serde: Serde, value: Any, type: ValueType<*>) = serde.encode("k", value, type)

        fun <T : Any> same(type: ValueType<T>, value: T) {
            val ours = write(jackson, value, type)
            val theirs = write(json, value, type)
            withClue("$type") { ours.data().toUtf8() shouldBe theirs.data().toUtf8() }
            ours.flags() shouldBe theirs.flags()
            write(jackson2, value, type) shouldBe ours
            Trial.of(jackson).read(theirs.data(), type) shouldBe value
            Trial.of(json).read(ours.data(), type) shouldBe value
            Trial.of(jackson2).read(ours.data(), type) shouldBe value
        }

        test("a data class with defaults, nulls and nesting is the same bytes, and each reads the other's") {
            val type = valueType<Account>()
            same(type, Account(1, "Ada"))
            same(type, Account(1, "Ada", listOf("a", "b"), Account(2, "Grace"), false))
            same(valueType<List<Account>>(), listOf(Account(1, "Ada"), Account(2, "Grace")))
            same(valueType<Map<String, Account?>>(), mapOf("a" to Account(1, "Ada"), "b" to null))
            Trial.of(jackson).read("""{"id":1,"name":"Ada","unknown":[]}""", type) shouldBe Account(1, "Ada")
        }

        test("properties of all kinds are the same bytes") {
            same(
                valueType<Everything>(),
                Everything(
                    -1, 2, Long.MIN_VALUE, 1.5f, 0.1, 'ü', listOf(1, -2), Level.HIGH, mapOf(3 to 4L),
                    listOf(
                        mapOf("a" to listOf(1, 2)),
                    ),
                    UUID(1, 2), BigDecimal("1.50"), Instant.ofEpochSecond(5, 7000),
                ),
            )
        }

        test("byte and char arrays within an object are the same bytes") {
            val type = valueType<Packet>()
            val packet = Packet(byteArrayOf(1, -2), charArrayOf('a', '"'))
            val bytes = write(jackson, packet, type).data()
            bytes shouldBe write(json, packet, type).data()
            Trial.of(jackson).read(bytes, type).bytes.toList() shouldBe listOf<Byte>(1, -2)
        }

        test("sealed classes have the same discriminator") {
            same(valueType<Figure>(), Disc(2))
            same(valueType<List<Figure>>(), listOf(Disc(2)))
        }

        test("classes of the JDK are the same text") {
            val time = LocalDateTime.of(2026, 11, 30, 12, 0)
            same(valueType<Instant>(), Instant.ofEpochSecond(5, 100_000_000))
            same(valueType<LocalDate>(), time.toLocalDate())
            same(valueType<LocalTime>(), LocalTime.of(10, 15))
            same(valueType<LocalTime>(), LocalTime.of(10, 15, 0, 100_000_000))
            same(valueType<LocalDateTime>(), time)
            same(valueType<OffsetDateTime>(), OffsetDateTime.parse("2026-11-30T12:00+01:00"))
            same(valueType<ZonedDateTime>(), time.atZone(ZoneId.of("Europe/Berlin")))
            same(valueType<Duration>(), Duration.ofSeconds(90, 5))
            same(ValueType.of(ZoneId::class.java), ZoneId.of("Europe/Berlin"))
            same(valueType<UUID>(), UUID(1, 2))
            same(valueType<BigDecimal>(), BigDecimal("-1E+400"))
            same(valueType<BigInteger>(), BigInteger.TWO.pow(500))
            same(valueType<Map<UUID, Instant>>(), mapOf(UUID(1, 2) to Instant.EPOCH))
        }

        test("any text is escaped alike") {
            val texts = valueType<List<String>>()
            same(texts, listOf((0..0x7f).joinToString("") { Char(it).toString() }, "/\u2028\u007f\uD83D\uDE00"))
            checkAll(1000, Arb.string(0, 20).filter { text -> text.none(Char::isSurrogate) }) {
                same(texts, listOf(it))
            }
        }

        test("any number is written alike") {
            checkAll(1000, Arb.long()) { same(valueType<List<Long>>(), listOf(it)) }
            checkAll(1000, Arb.double().filter(Double::isFinite)) { same(valueType<List<Double>>(), listOf(it)) }
            checkAll(1000, Arb.float().filter(Float::isFinite)) { same(valueType<List<Float>>(), listOf(it)) }
        }

        test("what one of them refuses of a data class the other refuses too") {
            val type = valueType<Account>()
            listOf(
                """{"id":1}""",
                """{"id":1,"name":null}""",
                """{"id":null,"name":"a"}""",
                """{"name":"a"}""",
                "null",
                "",
                """{"id":1,"name":"a","tags":null}""",
                """{"id":1.5,"name":"a"}""",
                """{"id":1,"name":"a","id":1}""",
                """{"id":1,"name":"a"}]""",
                """{"id":1,"name":"a","active":0}""",
                """{"id":1,"name":["a"]}""",
            ).forEach { text ->
                for (serde in listOf(jackson, json)) {
                    withClue("$text by ${serde.javaClass.simpleName}") {
                        shouldThrow<SerdeException> { Trial.of(serde).read(text, type) }.reason() shouldBe Reason.DECODE
                    }
                }
            }
        }

        test("docs/jackson.md names what one reads and the other does not") {
            val int = ValueType.of(Int::class.javaObjectType)
            val decimal = valueType<BigDecimal>()
            Trial.of(json).read("1e3", int) shouldBe 1000
            Trial.of(json).read("\"5\"", int) shouldBe 5
            Trial.of(jackson).read("1.5", decimal) shouldBe BigDecimal("1.5")
            for ((serde, text, type) in listOf(
                Triple(jackson, "1e3", int),
                Triple(jackson, "\"5\"", int),
                Triple(json, "1.5", decimal),
            )) {
                shouldThrow<SerdeException> { Trial.of(serde).read(text, type) }.reason() shouldBe Reason.DECODE
            }
        }

        test("null in a Kotlin collection without nulls is refused by both") {
            val types =
                listOf(
                    valueType<List<Int>>() to "[1,null]",
                    valueType<Map<String, Int>>() to """{"a":null}""",
                    valueType<List<List<Int>>>() to "[[null]]",
                    valueType<Map<String, List<Int>?>>() to """{"a":[null]}""",
                )
            for ((type, text) in types) {
                for (serde in listOf(jackson, json)) {
                    withClue("$type by ${serde.javaClass.simpleName}") {
                        shouldThrow<SerdeException> { Trial.of(serde).read(text, type) }.reason() shouldBe Reason.DECODE
                    }
                }
            }
            same(valueType<List<Int?>>(), listOf(1, null))
            same(valueType<Map<String, List<Int>?>>(), mapOf("a" to null))
        }
    })
