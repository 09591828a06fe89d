package io.cachewire.serialization.json

import io.cachewire.DataBlock
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import io.cachewire.serde.Compression
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.Format
import io.cachewire.serde.SerdeChain
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.PolymorphicSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.polymorphic
import kotlinx.serialization.modules.subclass
import java.math.BigDecimal
import java.time.LocalDate

@Serializable
data class User(val id: Int, val name: String, val roles: List<String> = emptyList())

@Serializable
data class Versioned(val name: String = "none")

@Serializable
data class Box<T>(val content: T)

@Serializable
data class Tree(val children: List<Tree>)

@Serializable
data class Numbers(val int: Int = 0, val double: Double = 0.0)

@Serializable
data class Positive(val number: Int) {
    init {
        require(number > 0)
    }
}

@Serializable
enum class Colour { RED, GREEN }

interface Shape

@Serializable
data class Circle(val radius: Int) : Shape

class Opaque

object LocalDateSerializer : KSerializer<LocalDate> {
    override val descriptor = PrimitiveSerialDescriptor("LocalDate", PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: LocalDate) = encoder.encodeString(value.toString())

    override fun deserialize(decoder: Decoder): LocalDate = LocalDate.parse(decoder.decodeString())
}

object DaySerializer : KSerializer<LocalDate> {
    override val descriptor = PrimitiveSerialDescriptor("Day", PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: LocalDate) = encoder.encodeString("day ${value.toEpochDay()}")

    override fun deserialize(decoder: Decoder): LocalDate =
        LocalDate.ofEpochDay(decoder.decodeString().substring(4).toLong())
}

@OptIn(ExperimentalSerializationApi::class)
class JsonSerdeTest :
    FunSpec({
        fun chain(serde: JsonSerde = JsonSerde()) =
            SerdeChain(listOf(serde), FlagScheme.DEFAULT, Compression.none(), 1 shl 20)

        fun json(text: String) = EncodedValue(DataBlock.ofUtf8(text), 2)

        fun <T : Any> read(text: String, type: ValueType<T>, serde: JsonSerde = JsonSerde()): T =
            chain(serde).decode("k", json(text), type)!!

        fun refused(reason: Reason, text: String, type: ValueType<*>): SerdeException {
            val refused = shouldThrow<SerdeException> { read(text, type) }
            refused.reason() shouldBe reason
            return refused
        }

        val user = ValueType.of(User::class.java)
        val users = object : ValueType<List<User>>() {}

        test("a value is plain JSON under flags 2, defaults included") {
            chain().encode("k", User(1, "Ada"), user) shouldBe json("""{"id":1,"name":"Ada","roles":[]}""")
            read("""{"id":1,"name":"Ada"}""", user) shouldBe User(1, "Ada")
        }

        test("unknown names are passed over, so that two versions share a cache") {
            read("""{"id":1,"name":"Ada","born":[1815,{"a":null}]}""", user) shouldBe User(1, "Ada")
        }

        test("numbers, booleans, enums, lists and maps are JSON") {
            val chain = chain()
            chain.encode("k", 5, ValueType.of(Int::class.javaObjectType)) shouldBe json("5")
            chain.encode("k", 5L, ValueType.of(Long::class.javaPrimitiveType!!)) shouldBe json("5")
            chain.encode("k", true, ValueType.of(Boolean::class.java)) shouldBe json("true")
            chain.encode("k", 0.1, ValueType.of(Double::class.java)) shouldBe json("0.1")
            chain.encode("k", Colour.RED, ValueType.of(Colour::class.java)) shouldBe json("\"RED\"")
            chain.encode("k", mapOf("a" to listOf(1, 2)), object : ValueType<Map<String, List<Int>>>() {}) shouldBe
                json("""{"a":[1,2]}""")
            read("5", ValueType.of(Int::class.java)) shouldBe 5
            read("""{"a":1}""", ValueType.of(JsonElement::class.java)).toString() shouldBe """{"a":1}"""
        }

        test("text, bytes and data blocks stay raw") {
            val serde = JsonSerde()
            listOf(String::class.java, ByteArray::class.java, DataBlock::class.java).forEach {
                serde.encodes(ValueType.of(it)) shouldBe false
            }
            chain().encode("k", "text", ValueType.of(String::class.java)).flags() shouldBe 1
            chain().decode("k", EncodedValue(DataBlock.ofUtf8("text"), 1), ValueType.of(String::class.java)) shouldBe
                "text"
        }

        test("generic types keep their arguments") {
            val box = object : ValueType<Box<List<User>>>() {}
            val stored = chain().encode("k", Box(listOf(User(1, "Ada"))), box)
            chain().decode("k", stored, box) shouldBe Box(listOf(User(1, "Ada")))
            read("""[{"id":1,"name":"Ada"}]""", users) shouldBe listOf(User(1, "Ada"))
        }

        test("a generic class without its arguments is refused with the way to pass them") {
            listOf(listOf(1, 2), arrayListOf(1), mapOf("a" to 1), Box(1)).forEach { value ->
                val refused = shouldThrow<SerdeException> { chain().encode("k", value, ValueType.ofValue(value)) }
                refused.reason() shouldBe Reason.UNSUPPORTED_TYPE
                refused.message shouldContain "new ValueType<List<User>>() {}"
            }
            refused(Reason.UNSUPPORTED_TYPE, "[]", ValueType.of(List::class.java))
        }

        test("a class without a serializer is refused") {
            val refused =
                shouldThrow<SerdeException> { chain().encode("k", Opaque(), ValueType.of(Opaque::class.java)) }
            refused.reason() shouldBe Reason.UNSUPPORTED_TYPE
            refused(Reason.UNSUPPORTED_TYPE, "{}", ValueType.of(Opaque::class.java))
            JsonSerde().encodes(object : ValueType<List<Opaque>>() {}) shouldBe false
        }

        test("S10 an interface is taken with registered subclasses or a serializer of its own, and nothing else") {
            val module = SerializersModule { polymorphic(Shape::class) { subclass(Circle::class) } }
            val plain = JsonSerde(Json { serializersModule = module })
            val shape = ValueType.of(Shape::class.java)
            JsonSerde().encodes(shape) shouldBe false
            plain.encode("k", Circle(2), shape).data().toUtf8() shouldBe
                "{\"type\":\"io.cachewire.serialization.json.Circle\",\"radius\":2}"
            chain(plain).decode("k", chain(plain).encode("k", Circle(2), shape), shape) shouldBe Circle(2)
            val registered = plain.withSerializer(Shape::class.java, PolymorphicSerializer(Shape::class))
            JsonSerde().encodes(ValueType.of(Any::class.java)) shouldBe false
            JsonSerde().encodes(ValueType.of(Comparable::class.java)) shouldBe false
            JsonSerde().encodes(ValueType.of(java.io.Serializable::class.java)) shouldBe false
            val stored = chain(registered).encode("k", Circle(2), shape)
            chain(registered).decode("k", stored, shape) shouldBe Circle(2)
            shouldThrow<SerdeException> {
                read("""{"type":"java.io.File","path":"/etc/passwd"}""", shape, registered)
            }.reason() shouldBe Reason.DECODE
        }

        test("declared as Any, the value's own class says how") {
            chain().encode("k", User(1, "Ada"), ValueType.of(Any::class.java)).flags() shouldBe 2
        }

        test("serializers can be given by class, by type and by module") {
            val date = ValueType.of(LocalDate::class.java)
            val day = LocalDate.of(1815, 12, 10)
            val serde = JsonSerde().withSerializer(LocalDate::class.java, LocalDateSerializer)
            JsonSerde().withSerializer(
                LocalDate::class.java,
                DaySerializer,
            ).encode("k", day, date).data().toUtf8() shouldBe
                "\"day -56270\""
            chain(serde).encode("k", day, date) shouldBe json("\"1815-12-10\"")
            read("\"1815-12-10\"", date, serde) shouldBe day
            read("\"1815-12-10\"", jsonValueType(LocalDateSerializer, LocalDate::class)) shouldBe day
            val days = jsonValueType(ListSerializer(LocalDateSerializer), List::class)
            chain().encode("k", listOf(day), days) shouldBe json("[\"1815-12-10\"]")
            val contextual = Json {
                serializersModule =
                    SerializersModule { contextual(LocalDate::class, LocalDateSerializer) }
            }
            read("\"1815-12-10\"", date, JsonSerde(contextual)) shouldBe day
            read("""[{"id":1,"name":"Ada"}]""", jsonValueType<List<User>>()) shouldBe listOf(User(1, "Ada"))
        }

        test("S10 wrong JSON is refused with the place and without the text") {
            listOf(
                "",
                " ",
                "nul",
                "null",
                "{",
                "[]",
                "7",
                "\"secret\"",
                "{\"id\":\"secret\",\"name\":\"x\"}",
                "{\"id\":1}",
                "{\"id\":1,\"name\":\"secret\"",
                "{\"id\":1,\"name\":\"secret\"} x",
                "{\"id\":1,\"name\":\"secret\"}{}",
                "{\"id\":1,\"name\":\"secret\"}\u0000",
                "\uFEFF{\"id\":1,\"name\":\"x\"}",
                "{'id':1,'name':'x'}",
                "{id:1,name:x}",
                "{\"id\":1,\"name\":\"x\",}",
                "// c\n{\"id\":1,\"name\":\"x\"}",
                "{\"id\":1,\"name\":null}",
                "{\"id\":1,\"name\":\"\\ud8\"}",
            ).forEach { text ->
                val refused = refused(Reason.DECODE, text, user)
                generateSequence(refused as Throwable) { it.cause }.forEach {
                    it.message.orEmpty() shouldNotContain
                        "secret"
                }
            }
            refused(Reason.DECODE, "{\"id\":1}", user).message shouldContain "no name"
        }

        test("S10 numbers out of range and not-a-number are refused") {
            val numbers = ValueType.of(Numbers::class.java)
            listOf("1e999", "-1e999", "NaN", "Infinity", "\"NaN\"").forEach {
                refused(Reason.DECODE, "{\"double\":$it}", numbers)
            }
            listOf("2147483648", "99999999999999999999999", "1.5", "1e99999", "NaN").forEach {
                refused(Reason.DECODE, "{\"int\":$it}", numbers)
            }
            refused(Reason.DECODE, "1".repeat(100_000), ValueType.of(Long::class.java))
            shouldThrow<SerdeException> {
                chain().encode("k", Numbers(double = Double.NaN), numbers)
            }.reason() shouldBe Reason.ENCODE
        }

        test("integers with an exponent are read exactly") {
            val long = ValueType.of(Long::class.java)
            mapOf(
                "123456789012345679e1" to 1234567890123456790,
                "90071992547409930e-1" to 9007199254740993,
                "9007199254740993E+0" to 9007199254740993,
                "-9223372036854775808e0" to Long.MIN_VALUE,
                "1e18" to 1_000_000_000_000_000_000,
                "0e9" to 0L,
            ).forEach { (text, number) -> read(text, long) shouldBe number }
            listOf("9223372036854775808e0", "1e19", "15e-1", "1e99999999999").forEach {
                refused(Reason.DECODE, it, long)
            }
            read("[\"1e3\",1e3,1.5e3]", ValueType.of(JsonElement::class.java)).toString() shouldBe
                "[\"1e3\",1000,1.5e3]"
            read("123456789012345679e1", ValueType.of(Double::class.java)) shouldBe 123456789012345679e1
        }

        test("any JSON is written with the digits that were read") {
            val element = ValueType.of(JsonElement::class.java)
            val text = "{\"a\":[0.1234567890123456789012,-1e-7,123456789012345678901234567890,\"\\n\",true,null]}"
            val written = chain().encode("k", read(text, element), element)
            written.data().toUtf8() shouldBe text
            shouldThrow<SerdeException> {
                chain().encode("k", JsonPrimitive(Double.NaN), element)
            }.reason() shouldBe Reason.ENCODE
        }

        test("S10 a name that comes twice is refused, however it is spelt") {
            listOf(
                """{"id":1,"name":"a","id":2}""",
                """{"id":1,"name":"a","\u0069d":2}""",
                """{"\u0069d":1,"name":"a","id":2}""",
                """{"id":1,"name":"a","x":[{"b":1,"b":2}]}""",
                """{"id":1,"name":"a",${(1..40).joinToString(",") { "\"x$it\":1" }},"x1":2}""",
                """{"id":1,"name":"a",${(1..40).joinToString(",") { "\"x$it\":1" }},"x40":2}""",
            ).forEach { refused(Reason.DECODE, it, user).message shouldContain "twice" }
        }

        test("the same name in other objects and strings that look like names are fine") {
            val element = ValueType.of(JsonElement::class.java)
            listOf(
                """{"a":{"a":1},"b":{"a":2},"c":[{"a":1},{"a":1}],"d":{"a":1}}""",
                """{"a":"a","b":"a","c":["a","a"],"d":"{\"a\":1,\"a\":2}"}""",
                """["a","a",{"a":["b","b"],"b":"a"}]""",
                """{${(1..40).joinToString(",") { "\"x$it\":\"x1\"" }}}""",
                """{"\\":1,"\"":2,"/":3,"\n":4,"n":5}""",
            ).forEach { read(it, element) shouldBe Json.parseToJsonElement(it) }
        }

        test("S10 nesting is bounded before parsing, on both ways") {
            val tree = ValueType.of(Tree::class.java)

            fun nested(levels: Int) = "{\"children\":[".repeat(levels) + "]}".repeat(levels)
            read(nested(32), tree)
            refused(Reason.LIMIT, nested(33), tree)
            refused(Reason.LIMIT, "[".repeat(500_000), tree)
            refused(Reason.LIMIT, "{\"id\":1,\"name\":\"x\",\"unknown\":" + "[".repeat(100_000), user)
            var deep = Tree(emptyList())
            repeat(32) { deep = Tree(listOf(deep)) }
            shouldThrow<SerdeException> { chain().encode("k", deep, tree) }.reason() shouldBe Reason.LIMIT
            read(nested(33), tree, JsonSerde(maxDepth = 66))
        }

        test("S10 half a surrogate pair and malformed UTF-8 are refused") {
            shouldThrow<SerdeException> {
                chain().encode("k", User(1, "\uD800"), user)
            }.reason() shouldBe Reason.ENCODE
            val bytes = "{\"id\":1,\"name\":\"x\"}".encodeToByteArray().also { it[it.size - 3] = 0xff.toByte() }
            shouldThrow<SerdeException> {
                chain().decode("k", EncodedValue(DataBlock.wrap(bytes), 2), user)
            }.reason() shouldBe Reason.DECODE
        }

        test("S10 words without quotes and numbers that are no JSON are refused even where any JSON is asked for") {
            val element = ValueType.of(JsonElement::class.java)
            val numbers = listOf("01", "+1", "1.", ".5", "1e", "-", "0x1")
            val words = listOf("NaN", "nope", "['a']", "{\"a\":Infinity}", "tru", "nul") + numbers
            words.forEach {
                refused(Reason.DECODE, it, element)
            }
            listOf("0", "-0", "10", "1.50", "-1.5e5", "1E+400", "0.1e-7", "true", " [ null , false ] ").forEach {
                read(it, element) shouldBe Json.parseToJsonElement(it)
            }
            val special = JsonSerde(Json { allowSpecialFloatingPointValues = true })
            read("NaN", ValueType.of(Double::class.java), special).isNaN() shouldBe true
        }

        test("what a class itself refuses is a decode error with its cause") {
            val positive = ValueType.of(Positive::class.java)
            (refused(Reason.DECODE, "{\"number\":0}", positive).cause is IllegalArgumentException) shouldBe true
        }

        test("a custom Json and scheme are used") {
            val bare = JsonSerde(Json)
            chain(bare).encode("k", Versioned(), ValueType.of(Versioned::class.java)) shouldBe json("{}")
            val scheme = FlagScheme.builder().format(Format.JSON, 6).build()
            val php = JsonSerde(flags = scheme)
            php.encode("k", 5, ValueType.of(Int::class.javaObjectType)).flags() shouldBe 6
            php.decodes(6) shouldBe true
            php.decodes(2) shouldBe false
        }

        test("S10 settings that are not for stored values are refused") {
            shouldThrow<IllegalArgumentException> { JsonSerde(Json { isLenient = true }) }
            shouldThrow<IllegalArgumentException> { JsonSerde(maxDepth = 0) }
            shouldThrow<IllegalArgumentException> { JsonSerde(maxDepth = 1001) }
            shouldThrow<IllegalArgumentException> { JsonSerde(flags = FlagScheme.builder().build()) }
        }

        test("S10 a Json that reads comments is refused, where there is one") {
            // from 1.7 on; the tests are compiled against 1.6.3
            val allowComments = JsonBuilder::class.java.methods.find { it.name == "setAllowComments" }
            if (allowComments == null) {
                shouldThrow<SerializationException> { Json.decodeFromString<Int>("/**/0") }
            } else {
                shouldThrow<IllegalArgumentException> { JsonSerde(Json { allowComments.invoke(this, true) }) }
            }
        }

        test("big decimals are text, within bounds") {
            val decimal = ValueType.of(BigDecimal::class.java)
            chain().encode("k", BigDecimal("1.50"), decimal) shouldBe json("\"1.50\"")
            read("\"1.50\"", decimal) shouldBe BigDecimal("1.50")
            listOf("1.5", "\"secret\"", "\"1e999999999\"", "\"1e-999999999\"", "\"${"1".repeat(30_000)}\"").forEach {
                refused(Reason.DECODE, it, decimal).let { e ->
                    (e.message + e.cause?.message) shouldNotContain "secret"
                }
            }
            shouldThrow<SerdeException> { chain().encode("k", BigDecimal("1e999999999"), decimal) }.reason() shouldBe
                Reason.ENCODE
        }
    })
