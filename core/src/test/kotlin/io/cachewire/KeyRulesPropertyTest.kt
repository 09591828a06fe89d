package io.cachewire

import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.line.MetaDialect
import io.cachewire.internal.protocol.line.TextDialect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.checkAll
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharacterCodingException

private val LEGAL_ASCII = Regex("[!-~]{1,250}")
private val BLANK_OR_CONTROL = Regex("[\\u0000-\\u0020\\u007f-\\u009f]")

/** Random keys are refused, or their bytes are on the wire as they are; no two keys share their bytes. */
class KeyRulesPropertyTest :
    FunSpec({
        test("an ASCII key is refused or sent byte by byte") {
            checkAll(20_000, keys) { key ->
                val sent = encoded(key, KeyEncoding.ASCII)
                sent?.toByteArray()?.toList() shouldBe
                    if (LEGAL_ASCII.matches(key)) key.toByteArray(Charsets.US_ASCII).toList() else null
            }
        }

        test("a UTF-8 key is refused or sent byte by byte") {
            checkAll(20_000, keys) { key ->
                val strict = strictUtf8(key)
                val legal = strict != null && strict.size in 1..250 && !BLANK_OR_CONTROL.containsMatchIn(key)
                encoded(key, KeyEncoding.UTF8)?.toByteArray()?.toList() shouldBe if (legal) strict.toList() else null
            }
        }

        test("what is sent is one token of the request's line") {
            checkAll(5_000, keys) { key ->
                for (encoding in KeyEncoding.entries) {
                    val sent = encoded(key, encoding) ?: continue
                    for (dialect in listOf(MetaDialect(), TextDialect())) {
                        lineOf(dialect, sent).removeSuffix("\r\n").split(' ')[1] shouldBe
                            String(sent.toByteArray(), Charsets.ISO_8859_1)
                    }
                }
            }
        }

        test("two different keys never give the same bytes") {
            checkAll(20_000, keys, keys) { key, other ->
                for (near in listOf(other, "$key$other".take(key.length), key.uppercase(), "$key?", key.dropLast(1))) {
                    if (near == key) continue
                    val sent = encoded(key, KeyEncoding.UTF8) ?: continue
                    encoded(near, KeyEncoding.UTF8) shouldNotBe sent
                }
            }
        }
    })

/** Mostly legal characters, so that both sides of the rule are met; lengths crowd around the limit. */
private val keys: Arb<String> =
    arbitrary { source ->
        val random = source.random
        val length =
            when (random.nextInt(4)) {
                0 -> random.nextInt(240, 256)
                1 -> random.nextInt(80, 130)
                else -> random.nextInt(0, 12)
            }
        val odd = random.nextInt(3)
        buildString {
            repeat(length) {
                append(
                    when {
                        odd == 0 || (odd == 1 && random.nextInt(20) > 0) -> random.nextInt('!'.code, 0x7f).toChar()
                        random.nextInt(3) == 0 -> "\u00e9\u20ac\u00a0\u3000e\u0301".random(random)
                        random.nextInt(8) == 0 -> random.nextInt(0, 0xa0).toChar()
                        random.nextInt(8) == 0 -> random.nextInt(0xd800, 0xe000).toChar()
                        random.nextInt(3) == 0 -> "\ud83d\ude00"
                        else -> random.nextInt(0xa1, 0x100).toChar()
                    },
                )
            }
        }
    }

private fun encoded(key: String, encoding: KeyEncoding): DataBlock? = try {
    KeyRules.encode(key, encoding)
} catch (_: IllegalKeyException) {
    null
}

private fun strictUtf8(text: String): ByteArray? = try {
    val bytes: ByteBuffer = Charsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text))
    ByteArray(bytes.remaining()).also(bytes::get)
} catch (_: CharacterCodingException) {
    null
}

private fun lineOf(dialect: Dialect, key: DataBlock): String {
    val header = ByteArray(Dialect.MAX_HEADER_BYTES)
    val end = dialect.encodeHeader(Request.Keyed(Opcode.GET, key), 1, header, 0)
    val line = String(header, 0, end, Charsets.ISO_8859_1)
    line.indexOf("\r\n") shouldBe line.length - 2
    return line
}
