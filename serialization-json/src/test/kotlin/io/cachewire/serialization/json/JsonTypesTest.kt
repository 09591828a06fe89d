package io.cachewire.serialization.json

import io.cachewire.DataBlock
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import io.cachewire.serde.Compression
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.SerdeChain
import io.cachewire.valueType
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.char
import io.kotest.property.arbitrary.double
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.map
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.polymorphic
import kotlinx.serialization.modules.subclass
import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.util.UUID

interface Pet

@Serializable
@SerialName("dog")
data class Dog(val name: String) : Pet

@Serializable
data class Cat(val lives: Int) : Pet

@Serializable
sealed interface Figure

@Serializable
@SerialName("square")
data class Square(val side: Int) : Figure

@Serializable
open class Base(val number: Int = 1) {
    override fun equals(other: Any?) = other is Base && other.javaClass == javaClass && other.number == number

    override fun hashCode() = number
}

@Serializable
class Derived(val extra: Int = 2) : Base()

@Serializable
abstract class Abstract

@Serializable
data class Concrete(val x: Int) : Abstract()

data class Plain(val x: Int)

@Serializable
@JvmInline
value class Wrapped(val id: Int)

/** A type, values of it, and whether it must be taken. */
private class Case(val type: ValueType<*>, val values: Arb<Any>)

private val MODULE =
    SerializersModule {
        polymorphic(Pet::class) { subclass(Dog::class) }
        polymorphic(Abstract::class) { subclass(Concrete::class) }
    }

private inline fun <reified T : Any> case(values: Arb<T>) = Case(valueType<T>(), values.map { it })

private inline fun <reified T : Any> cases(values: Arb<T>): List<Case> {
    val some = arbitrary { values.bind() }
    return listOf(
        case<T>(values),
        case<List<T>>(some.map { listOf(it, it) }),
        case<List<T?>>(some.map { listOf(it, null) }),
        case<Collection<T>>(some.map { listOf(it) }),
        case<Iterable<T>>(some.map { listOf(it) }),
        case<Set<T>>(some.map { setOf(it) }),
        case<HashSet<T>>(some.map { hashSetOf(it) }),
        case<ArrayList<T>>(some.map { arrayListOf(it) }),
        case<ArrayDeque<T>>(some.map { ArrayDeque(listOf(it)) }),
        case<Map<String, T>>(some.map { mapOf("a" to it) }),
        case<Map<String?, T>>(some.map { mapOf(null to it) }),
        case<HashMap<String, T>>(some.map { hashMapOf("a" to it) }),
        case<Map<T, Int>>(some.map { mapOf(it to 1) }),
        case<Array<T>>(some.map { arrayOf(it, it) }),
        case<Array<T?>>(some.map { arrayOf(it, null) }),
        case<Array<Array<T>>>(some.map { arrayOf(arrayOf(it)) }),
        case<List<Array<T>>>(some.map { listOf(arrayOf(it)) }),
        case<Map<String, Array<T>>>(some.map { mapOf("a" to arrayOf(it)) }),
        case<Box<T>>(some.map { Box(it) }),
        case<Box<Array<T>>>(some.map { Box(arrayOf(it)) }),
        case<Box<List<T>>>(some.map { Box(listOf(it)) }),
        case<Pair<T, Int>>(some.map { it to 1 }),
        case<Triple<T, T, T?>>(some.map { Triple(it, it, null) }),
    )
}

/** Equal, arrays by their elements. */
private fun same(a: Any?, b: Any?): Boolean = when {
    a is Array<*> && b is Array<*> ->
        a.javaClass == b.javaClass && a.size == b.size && a.indices.all { same(a[it], b[it]) }

    a is IntArray && b is IntArray -> a.contentEquals(b)

    a is DoubleArray && b is DoubleArray -> a.contentEquals(b)

    a is List<*> && b is List<*> -> a.size == b.size && a.indices.all { same(a[it], b[it]) }

    a is Set<*> && b is Set<*> -> same(a.toList(), b.toList())

    a is Map<*, *> && b is Map<*, *> ->
        same(a.keys.toList(), b.keys.toList()) && same(a.values.toList(), b.values.toList())

    a is Box<*> && b is Box<*> -> same(a.content, b.content)

    a is Pair<*, *> && b is Pair<*, *> -> same(a.toList(), b.toList())

    a is Triple<*, *, *> && b is Triple<*, *, *> -> same(a.toList(), b.toList())

    else -> a == b
}

class JsonTypesTest :
    FunSpec({
        fun chain(serde: JsonSerde) = SerdeChain(listOf(serde), FlagScheme.DEFAULT, Compression.none(), 1 shl 20)

        val registered = chain(JsonSerde(Json { serializersModule = MODULE }))
        val plain = chain(JsonSerde())

        val seconds = Arb.long(-1_000_000_000_000L, 1_000_000_000_000L)
        val all =
            cases(Arb.int()) + cases(Arb.long()) + cases(Arb.double()) +
                cases(Arb.boolean()) + cases(Arb.char()) + cases(Arb.string()) + cases(Arb.int().map { it.toShort() }) +
                cases(Arb.int().map { it.toByte() }) + cases(Arb.int().map { it.toFloat() }) +
                cases(Arb.int().map { it.toUInt() }) + cases(Arb.int().map { Wrapped(it) }) +
                cases(Arb.element(Colour.entries)) + cases(Arb.string(0, 5).map { User(1, it) }) +
                cases<Pet>(Arb.element(Dog("x"), Cat(9))) + cases<Figure>(Arb.element(Square(1))) +
                cases<Base>(Arb.element(Base(5), Derived(3))) + cases<Abstract>(Arb.element(Concrete(1))) +
                cases<Any>(Arb.element(1, "x", Dog("x"))) + cases<Comparable<Int>>(Arb.int().map { it }) +
                cases<Number>(Arb.element(1, 2L, 3.0)) + cases<CharSequence>(Arb.string()) +
                cases(Arb.element(Plain(1))) + cases(Arb.element(Unit)) +
                cases(Arb.int().map { intArrayOf(it) }) + cases(Arb.int().map { doubleArrayOf(it.toDouble()) }) +
                cases(seconds.map { Instant.ofEpochSecond(it, 5) }) +
                cases(Arb.int().map { LocalDate.ofEpochDay(it.toLong()) }) +
                cases(Arb.int().map { LocalDateTime.ofEpochSecond(it.toLong(), 7, ZoneOffset.UTC) }) +
                cases(Arb.long().map { UUID(it, it * 31) }) + cases(Arb.long().map { BigDecimal.valueOf(it, 5) }) +
                cases(Arb.long().map { BigInteger.valueOf(it).pow(5) }) +
                cases(seconds.map { java.time.Duration.ofSeconds(it, 3) })

        test("what set takes, get reads, or set refuses: all types") {
            var taken = 0
            for (chain in listOf(registered, plain)) {
                checkAll(20 * all.size, Arb.element(all), arbitrary { it.random.nextLong() }) { case, seed ->
                    val value = case.values.sample(io.kotest.property.RandomSource.seeded(seed)).value
                    val stored =
                        try {
                            chain.encode("k", value, case.type)
                        } catch (refused: SerdeException) {
                            (refused.reason() in setOf(Reason.UNSUPPORTED_TYPE, Reason.ENCODE)) shouldBe true
                            null
                        }
                    // declared as Any, the value's own class says how, and is to be asked for
                    if (stored != null && case.type.rawClass() != Any::class.java) {
                        taken++
                        withClue("${case.type} of ${stored.data().toUtf8()}") {
                            same(chain.decode("k", stored, case.type), value) shouldBe true
                        }
                    }
                }
            }
            (taken > 10 * all.size) shouldBe true
        }

        test("types that are to be taken are taken") {
            fun <T : Any> roundTrip(type: ValueType<T>, value: T) =
                same(registered.decode("k", registered.encode("k", value, type), type), value) shouldBe true
            roundTrip(valueType<Array<Int>>(), arrayOf(1, 2))
            roundTrip(object : ValueType<List<Array<Int>>>() {}, listOf(arrayOf(1), arrayOf(2)))
            roundTrip(ValueType.of(Array<Int>::class.java), arrayOf(1))
            roundTrip(ValueType.of(Array<Array<Long>>::class.java), arrayOf(arrayOf(1L)))
            roundTrip(ValueType.of(Pet::class.java), Dog("x"))
            roundTrip(object : ValueType<List<Pet>>() {}, listOf(Dog("x")))
            roundTrip(ValueType.of(Abstract::class.java), Concrete(1))
            roundTrip(ValueType.of(Figure::class.java), Square(1))
            roundTrip(object : ValueType<Map<UUID, List<Instant>>>() {}, mapOf(UUID(1, 2) to listOf(Instant.EPOCH)))
        }

        test("a declared interface, open or abstract class is never written by the class of the value") {
            listOf(
                ValueType.of(Pet::class.java) to Dog("x"),
                ValueType.of(Abstract::class.java) to Concrete(1),
                ValueType.of(Base::class.java) to Derived(1),
                object : ValueType<List<Pet>>() {} to listOf(Dog("x")),
                object : ValueType<Map<String, Pet>>() {} to mapOf("a" to Dog("x")),
                object : ValueType<Comparable<String>>() {} to User(1, "x"),
            ).forEach { (type, value) ->
                val refused = shouldThrow<SerdeException> { plain.encode("k", value, type) }
                (refused.reason() in setOf(Reason.UNSUPPORTED_TYPE, Reason.ENCODE)) shouldBe true
            }
            shouldThrow<SerdeException> {
                registered.encode("k", Cat(9), ValueType.of(Pet::class.java))
            }.reason() shouldBe
                Reason.ENCODE
        }

        test("null as a key is refused") {
            val type = object : ValueType<Map<String?, Int>>() {}
            val nullable = valueType<Map<String?, Int>>()
            listOf(type, nullable).forEach {
                shouldThrow<SerdeException> { plain.encode("k", mapOf<String?, Int>(null to 1), it) }.reason() shouldBe
                    Reason.ENCODE
            }
        }

        fun read(text: String, type: ValueType<*>, chain: SerdeChain = plain): SerdeException =
            shouldThrow<SerdeException> { chain.decode("k", EncodedValue(DataBlock.ofUtf8(text), 2), type) }

        test("S10 what is no JSON by RFC 8259 is refused, also where the class passes it over") {
            val user = ValueType.of(User::class.java)
            listOf(
                "\"a\u0001b\"", "\"a\nb\"", "\"a\tb\"", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "[1 2]",
                "[1,,2]", "[1,]", "[,1]",
                "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\"}", "{\"a\":}", "{:1}", "{1:1}", "{null:1}",
                "{true:1}", "{a:1}",
                "[1}", "{]", "{\"a\":1]", "[\"a\":1]", "/* */ 1", "1 // c", "[1]]", "{}}", "\"a\" \"b\"",
                "'a'", "\u00a01", "\ufeff1", "[\"a\"",
                "\"a", "\"a\\", "[1:2]", "{\"a\":{\"b\"}}", "{,}", "1,", ",1", ":", "nulll", "-", "[\u000c1]",
            ).forEach { wrong ->
                withClue(wrong) {
                    read(wrong, ValueType.of(JsonElement::class.java)).reason() shouldBe Reason.DECODE
                    read("{\"id\":1,\"name\":\"x\",\"unknown\":[$wrong]}", user).reason() shouldBe Reason.DECODE
                }
            }
        }

        test("60 000 names and 60 000 small objects with an escape are read in linear time") {
            val names = (1..60_000).joinToString(",") { "\"name$it\":1" }
            val small = (1..60_000).joinToString(",") { "{\"\\u0061\":1}" }
            val text = "[{$names},$small]"
            JsonScan(text, 64, emptySet()).scan() shouldBe JsonScan.Found.NOTHING
            val long = "[" + (1..10).joinToString(",") { "{$names},$small" } + "]"
            val start = System.nanoTime()
            JsonScan(long, 64, emptySet()).scan() shouldBe JsonScan.Found.NOTHING
            // 14 million characters; minutes where each small object costs as much as the large one before it
            (System.nanoTime() - start < 20_000_000_000L) shouldBe true
        }

        test("messages say what is there and what to do") {
            fun unsupported(value: Any, type: ValueType<*>) =
                shouldThrow<SerdeException> { plain.encode("k", value, type) }.message!!
            unsupported(Plain(1), ValueType.of(Plain::class.java)) shouldContain
                "JsonSerde: io.cachewire.serialization.json.Plain has no serializer; add @Serializable"
            unsupported(listOf(Plain(1)), object : ValueType<List<Plain>>() {}) shouldContain
                "JsonSerde: io.cachewire.serialization.json.Plain has no serializer; add @Serializable"
            unsupported(mapOf("a" to listOf(Plain(1))), object : ValueType<Map<String, List<Plain>>>() {}) shouldContain
                "io.cachewire.serialization.json.Plain has no serializer"
            unsupported(Dog("x"), ValueType.of(Pet::class.java)) shouldContain "register its subclasses"
            unsupported(Derived(1), ValueType.of(Base::class.java)) shouldContain "declare its own class"
            for (type in listOf(String::class.java, Any::class.java, CharSequence::class.java)) {
                read("{\"a\":1}", ValueType.of(type)).message shouldContain "the item is JSON"
            }
            read("{\"side\":1}", ValueType.of(Figure::class.java)).message shouldContain
                "there is no `type` in it, so it was stored under its own type"
            read("{\"type\":\"circle\"}", ValueType.of(Figure::class.java)).message shouldContain "was renamed"
            read("\"BLUE\"", ValueType.of(Colour::class.java)).message shouldContain
                "a constant that the enum does not have"
        }
    })
