package io.cachewire.serialization.json

import io.cachewire.DataBlock
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.Format
import io.cachewire.serde.Serde
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.MissingFieldException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.overwriteWith
import java.nio.charset.CharacterCodingException

/**
 * Values as plain JSON in UTF-8, by kotlinx.serialization, under the flags of [Format.JSON].
 *
 * It takes every type that has a serializer: `@Serializable` classes, numbers, booleans, enums, dates and times of
 * `java.time`, [java.util.UUID], [java.math.BigDecimal] and [java.math.BigInteger] (as text), and lists, maps and arrays of
 * such, when their type arguments are known. Text, byte arrays and [DataBlock]s stay raw. An interface or abstract class is
 * taken with the subclasses that are registered in the `Json`'s module, or with a serializer of its own ([withSerializer]),
 * so nothing in the bytes can choose any other class. What is declared as such is never written by the class of the value,
 * which would be read as nothing else.
 *
 * What is read must be exactly one JSON document of the type asked for. Refused as [Reason.DECODE]: malformed UTF-8,
 * comments, a name that comes twice in one object, bytes after the end, `NaN`, numbers out of their type's range, and
 * what the serializer refuses. Nesting deeper than `maxDepth` is [Reason.LIMIT], before anything is parsed; it is not
 * written either. Messages tell the place, never the text.
 *
 * Immutable and safe for use by many threads.
 *
 * Decided in docs/decisions/0058-json-numbers.md.
 */
@OptIn(ExperimentalSerializationApi::class)
public class JsonSerde private constructor(
    private val json: Json,
    private val maxDepth: Int,
    private val flags: FlagScheme,
    private val serializers: Serializers,
) : Serde {
    /**
     * @param json settings and contextual serializers. The default ignores names that the class does not have, so that
     * programs of two versions can share a cache, and writes properties that have their default value, so that other
     * languages see them.
     * @param maxDepth how deep arrays and objects may nest, 1 to 1000
     * @param flags the scheme that says which flags mean JSON
     * @throws IllegalArgumentException when [json] reads more than JSON (lenient, comments) or the scheme has no JSON
     */
    @JvmOverloads
    public constructor(
        json: Json = DEFAULT_JSON,
        maxDepth: Int = DEFAULT_MAX_DEPTH,
        flags: FlagScheme = FlagScheme.DEFAULT,
    ) : this(withStandardTypes(strict(json)), maxDepth, flags, Serializers(standard(json), emptyMap()))

    private val words = if (json.configuration.allowSpecialFloatingPointValues) WORDS + SPECIAL_NUMBERS else WORDS

    init {
        require(maxDepth in 1..MOST_DEPTH) { "maxDepth must be 1 to $MOST_DEPTH, not $maxDepth" }
        require(flags.has(Format.JSON)) { "the flag scheme has no flags for JSON" }
    }

    /** The same serde with a serializer for a class that has none, or other than its own. */
    public fun <T : Any> withSerializer(type: Class<T>, serializer: KSerializer<T>): JsonSerde =
        JsonSerde(json, maxDepth, flags, serializers.with(type, serializer))

    override fun encodes(type: ValueType<*>): Boolean = serializers.takes(type)

    override fun encodesInstead(own: ValueType<*>, declared: ValueType<*>): Boolean =
        declared.rawClass() == Any::class.java && encodes(own)

    override fun refusal(type: ValueType<*>): String = "JsonSerde: ${serializers.refusal(type)}"

    override fun encode(key: String, value: Any, type: ValueType<*>): EncodedValue {
        val serializer = serializers.of(type)
        requireDeclaredClass(value, type, serializer)
        val text =
            try {
                // its own serializer would write numbers by way of a double
                if (serializer in OF_ELEMENTS) value.toString() else json.encodeToString(serializer, value)
            } catch (e: SerializationException) {
                val why = place(e) + advice(e, type)
                throw SerdeException(Reason.ENCODE, "a $type cannot be written as JSON$why", null)
            }
        requireSound(text, Reason.ENCODE)
        val bytes =
            try {
                text.encodeToByteArray(throwOnInvalidSequence = true)
            } catch (e: CharacterCodingException) {
                throw SerdeException(Reason.ENCODE, "a text in the $type has half a surrogate pair", e)
            }
        return EncodedValue(DataBlock.wrap(bytes), flags.flags(Format.JSON))
    }

    /** The serializer of an open class writes what that class has: of an object of a subclass something else would be read. */
    private fun requireDeclaredClass(value: Any, type: ValueType<*>, serializer: KSerializer<*>) {
        if (serializer.descriptor.kind == StructureKind.CLASS &&
            type !is SerializerValueType &&
            !serializers.isGiven(type) &&
            type.rawClass().kotlin.javaObjectType != value.javaClass
        ) {
            throw SerdeException(
                Reason.UNSUPPORTED_TYPE,
                "a ${value.javaClass.name} would be written as the $type that it was declared as: declare its own " +
                    "class, or a sealed class, or an interface whose subclasses are registered in the Json's " +
                    "serializersModule",
                null,
            )
        }
    }

    override fun decodes(flags: Int): Boolean = this.flags.format(flags) == Format.JSON

    override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T {
        if (type.rawClass().isAssignableFrom(String::class.java) && !encodes(type)) {
            throw SerdeException(
                Reason.UNSUPPORTED_TYPE,
                "the item is JSON, not a $type: read it as the class that was stored, as a JsonElement or as a byte array",
                null,
            )
        }
        val serializer = serializers.of(type)
        val text =
            try {
                stored.data().toByteArray().decodeToString(throwOnInvalidSequence = true)
            } catch (e: CharacterCodingException) {
                throw SerdeException(Reason.DECODE, "the JSON is not UTF-8", e)
            }
        val sound = requireSound(text, Reason.DECODE).withPlainIntegers()
        val value =
            try {
                json.decodeFromString(serializer, sound)
            } catch (e: SerializationException) {
                throw SerdeException(Reason.DECODE, "the JSON is not a $type${place(e)}${advice(e, type)}", reason(e))
            }
        @Suppress("UNCHECKED_CAST") // the serializer was chosen by the type; the chain checks the class
        return value as T
    }

    private fun requireSound(text: String, otherwise: Reason): JsonScan {
        val scan = JsonScan(text, maxDepth, words)
        when (scan.scan()) {
            JsonScan.Found.TOO_DEEP ->
                throw SerdeException(Reason.LIMIT, "the JSON nests deeper than $maxDepth", null)

            JsonScan.Found.NAME_TWICE ->
                throw SerdeException(otherwise, "an object in the JSON has the same name twice", null)

            JsonScan.Found.NO_JSON ->
                throw SerdeException(otherwise, "no JSON at character ${scan.place}", null)

            JsonScan.Found.NOTHING -> return scan
        }
    }

    /** Where it happened; the exceptions themselves quote the text and go no further. */
    private fun place(e: SerializationException): String = if (e is MissingFieldException) {
        ": no ${e.missingFields.joinToString()}"
    } else {
        OFFSET.find(e.message.orEmpty())?.let { ": wrong at character ${it.groupValues[1]}" } ?: ""
    }

    /** What to do, for what the library says in words that may quote the text. */
    private fun advice(e: SerializationException, type: ValueType<*>): String {
        val words = e.message.orEmpty()
        return when {
            "discriminator was missing" in words || "missing class discriminator" in words ->
                ": there is no `${json.configuration.classDiscriminator}` in it, so it was stored under its own " +
                    "type: " +
                    "store it declared as $type"

            "is not found in the polymorphic scope" in words ->
                ": the class is not among those that are registered for it in the Json's serializersModule, or was " +
                    "renamed"

            "does not contain element with name" in words ->
                ": it has a constant that the enum does not have, of another version or misspelt"

            words.startsWith("Serializer for class '") -> ": ${words.substringBefore('\n').substringBefore(". ")}"

            else -> ""
        }
    }

    /** What the class itself or a serializer from outside threw; number parsers quote the text too. */
    private fun reason(e: SerializationException): Throwable? =
        e.cause.takeUnless { it is SerializationException || it is NumberFormatException }

    /** Settings of every [JsonSerde]. */
    public companion object {
        private val OF_ELEMENTS: Set<KSerializer<*>> =
            setOf(JsonElement.serializer(), JsonObject.serializer(), JsonArray.serializer(), JsonPrimitive.serializer())

        /** How deep arrays and objects may nest unless said otherwise. */
        public const val DEFAULT_MAX_DEPTH: Int = 64

        /** Beyond it a thread's stack may not do. */
        private const val MOST_DEPTH = 1000

        /** The exception that has the place as a property is internal before 1.12; all versions begin their message so. */
        private val OFFSET = Regex("^Unexpected JSON token at offset (\\d+)")

        private val WORDS = setOf("true", "false", "null")
        private val SPECIAL_NUMBERS = setOf("NaN", "Infinity", "-Infinity")

        private val DEFAULT_JSON =
            Json {
                ignoreUnknownKeys = true
                encodeDefaults = true
            }

        /** What the module of the `Json` has comes first. */
        private fun standard(json: Json): SerializersModule = StandardTypes.MODULE.overwriteWith(json.serializersModule)

        private fun withStandardTypes(json: Json): Json = Json(json) { serializersModule = standard(json) }

        private fun strict(json: Json): Json {
            val settings = json.configuration
            require(!settings.isLenient && !readsComments(json)) {
                "a Json that reads more than JSON (lenient, comments) is not for stored values"
            }
            return json
        }

        /** By trying: the setting exists from 1.7 on. Without comments the whole text is one bare word. */
        private fun readsComments(json: Json): Boolean = json.parseToJsonElement("/**/0").jsonPrimitive.content == "0"
    }
}
