package io.cachewire.ktor

import io.ktor.http.Headers
import io.ktor.http.HeadersBuilder
import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer

/** Numbers, texts, bytes and headers one behind the other, as the values of this module are stored. */
internal class FieldWriter {
    private val bytes = ByteArrayOutputStream()
    private val out = DataOutputStream(bytes)

    fun number(value: Int) = out.writeInt(value)

    fun number(value: Long) = out.writeLong(value)

    fun bytes(value: ByteArray) {
        out.writeInt(value.size)
        out.write(value)
    }

    fun text(value: String) = bytes(value.toByteArray())

    fun texts(values: Collection<String>) {
        number(values.size)
        values.forEach(::text)
    }

    fun headers(headers: Headers) {
        val entries = headers.entries()
        number(entries.size)
        for ((name, values) in entries) {
            text(name)
            texts(values)
        }
    }

    fun toByteArray(): ByteArray = bytes.toByteArray()
}

/** Reads what [FieldWriter] wrote. */
internal class FieldReader private constructor(
    bytes: ByteArray,
) {
    private val buffer = ByteBuffer.wrap(bytes)

    fun int(): Int = buffer.getInt()

    fun long(): Long = buffer.getLong()

    fun bytes(): ByteArray {
        val size = count()
        return ByteArray(size).also(buffer::get)
    }

    fun text(): String = String(bytes())

    fun texts(): List<String> = List(count()) { text() }

    fun headers(): Headers = HeadersBuilder()
        .apply {
            repeat(count()) {
                val name = text()
                appendAll(name, texts())
            }
        }.build()

    /** How many follow: each takes at least a byte, so that a number that lies takes no memory. */
    fun count(): Int {
        val count = int()
        if (count < 0 || count > buffer.remaining()) throw BufferUnderflowException()
        return count
    }

    internal companion object {
        /** What [read] makes of the bytes; null when somebody else wrote them, in part or in whole. */
        fun <T> read(bytes: ByteArray, read: FieldReader.() -> T?): T? {
            val reader = FieldReader(bytes)
            return try {
                reader.read().takeIf { !reader.buffer.hasRemaining() }
            } catch (_: BufferUnderflowException) {
                null
            } catch (_: IllegalArgumentException) {
                null
            }
        }
    }
}
