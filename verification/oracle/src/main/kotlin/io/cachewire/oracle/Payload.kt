package io.cachewire.oracle

import io.cachewire.DataBlock
import io.cachewire.ValueType
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.Format
import io.cachewire.serde.Serde
import java.util.SplittableRandom
import java.util.zip.CRC32

/**
 * A value that proves whose it is: `L1|run|key|writer|seq|previous|n|<n bytes>|<crc32>`, where bytes, length and flags follow from key, writer
 * and seq. So a reply that was meant for another request is seen by itself, without any knowledge of the order of events.
 *
 * [previous] is the seq of the value that this one replaced, 0 where nobody asked.
 */
internal class Payload(
    val run: String,
    val key: String,
    val writer: Int,
    val seq: Long,
    val previous: Long = 0,
) {
    private val hash = CRC32().also { it.update("$key/$writer/$seq".toByteArray()) }.value.toInt()

    /** All 32 bits but the upper half belong to it. */
    val flags: Int get() = hash and FLAG_MASK

    private val length: Int
        get() {
            val draw = (hash ushr 16) % 4000
            return when {
                draw == 0 -> HUGE
                draw % 80 == 1 -> 40_000
                draw % 20 == 2 -> 9_000
                else -> SMALL[draw % SMALL.size]
            }
        }

    fun bytes(): ByteArray {
        val head = "L1|$run|$key|$writer|$seq|$previous|$length|".toByteArray()
        val noise = ByteArray(length)
        SplittableRandom(hash.toLong()).nextBytes(noise)
        val checked = head + noise
        return checked + "|%08x".format(CRC32().also { it.update(checked) }.value).toByteArray()
    }

    override fun toString() = "$key/$writer/$seq after $previous, $length bytes of noise"

    companion object {
        const val FLAG_MASK = 0xffff
        private const val HUGE = 900_000
        private const val FIELDS = 7
        private val SMALL = intArrayOf(0, 7, 100, 1000, 1500)

        /** Reads and checks everything that a value says of itself; what it says may still not be what was asked for. */
        fun seen(bytes: ByteArray, flags: Int): Seen {
            val payload = parse(bytes) ?: return Seen.broken("no value of ours, ${bytes.size} bytes")
            return when {
                !payload.bytes().contentEquals(bytes) ->
                    Seen.broken("${bytes.size} bytes that are not those of $payload")

                payload.flags != flags -> Seen.broken("flags $flags of $payload, which has ${payload.flags}")

                else -> Seen(payload, null)
            }
        }

        private fun parse(bytes: ByteArray): Payload? {
            val fields = ArrayList<String>(FIELDS)
            var from = 0
            var at = 0
            while (fields.size < FIELDS) {
                if (at >= bytes.size) return null
                if (bytes[at] == '|'.code.toByte()) {
                    fields.add(String(bytes, from, at - from, Charsets.ISO_8859_1))
                    from = at + 1
                }
                at++
            }
            if (fields[0] != "L1") return null
            return Payload(
                fields[1],
                fields[2],
                fields[3].toIntOrNull() ?: return null,
                fields[4].toLongOrNull() ?: return null,
                fields[5].toLongOrNull() ?: return null,
            )
        }
    }
}

/** What a read gave: a value that is whole, or what is wrong with it. */
internal class Seen(
    val payload: Payload?,
    val fault: String?,
) {
    companion object {
        fun broken(fault: String) = Seen(null, fault)
    }
}

/** Writes [Payload]s with the flags that belong to them, and reads whatever comes with such flags as [Seen]. */
internal object PayloadSerde : Serde {
    /** Payloads have the lower half of the flags for themselves, text the upper one; nothing is compressed. */
    val SCHEME: FlagScheme =
        FlagScheme
            .builder()
            .format(Format.BYTES, 0x1_0000)
            .format(Format.TEXT, 0x2_0000)
            .build()

    override fun encodes(type: ValueType<*>) = type.rawClass() == Payload::class.java

    override fun encode(key: String, value: Any, type: ValueType<*>): EncodedValue {
        val payload = value as Payload
        return EncodedValue(DataBlock.wrap(payload.bytes()), payload.flags)
    }

    override fun decodes(flags: Int) = flags and Payload.FLAG_MASK == flags

    @Suppress("UNCHECKED_CAST")
    override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T =
        Payload.seen(stored.data().toByteArray(), stored.flags()) as T
}
