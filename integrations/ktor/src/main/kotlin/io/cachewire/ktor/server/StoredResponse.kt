package io.cachewire.ktor.server

import io.cachewire.ktor.FieldReader
import io.cachewire.ktor.FieldWriter
import io.ktor.http.ContentType
import io.ktor.http.Headers
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What is stored under the key of a request. */
internal sealed interface Stored {
    fun toByteArray(): ByteArray

    companion object {
        fun read(bytes: ByteArray): Stored? = FieldReader.read(bytes) {
            when (int()) {
                Variants.FORMAT -> Variants(texts())
                StoredResponse.FORMAT -> response()
                else -> null
            }
        }

        private fun FieldReader.response() = StoredResponse(
            status = HttpStatusCode(int(), text()),
            contentType = text().takeIf { it.isNotEmpty() },
            headers = headers(),
            body = bytes(),
            storedAt = long(),
            freshFor = long().milliseconds,
        )
    }
}

/** The response varies by these headers of the request: it is stored under a key that has their values. */
internal class Variants(
    val headers: List<String>,
) : Stored {
    override fun toByteArray(): ByteArray = FieldWriter()
        .apply {
            number(FORMAT)
            texts(headers)
        }.toByteArray()

    companion object {
        const val FORMAT = 0x43_57_56_01
    }
}

/**
 * A response as the handler made it, before plugins encode it.
 *
 * @property headers what the handler set, without the type and the length of the body
 * @property storedAt milliseconds since 1970
 */
internal class StoredResponse(
    val status: HttpStatusCode,
    val contentType: String?,
    val headers: Headers,
    val body: ByteArray,
    val storedAt: Long,
    val freshFor: Duration,
) : Stored {
    override fun toByteArray(): ByteArray = FieldWriter()
        .apply {
            number(FORMAT)
            number(status.value)
            text(status.description)
            text(contentType.orEmpty())
            headers(headers)
            bytes(body)
            number(storedAt)
            number(freshFor.inWholeMilliseconds)
        }.toByteArray()

    fun age(): Duration = (System.currentTimeMillis() - storedAt).coerceAtLeast(0).milliseconds

    fun content(): OutgoingContent = if (body.isEmpty()) Empty() else Body()

    private inner class Empty : OutgoingContent.NoContent() {
        override val status get() = this@StoredResponse.status
        override val contentLength: Long? get() = if (status.value in BODILESS) null else 0
    }

    private inner class Body : OutgoingContent.ByteArrayContent() {
        override val status get() = this@StoredResponse.status
        override val contentType get() = this@StoredResponse.contentType?.let(ContentType::parse)
        override val contentLength get() = body.size.toLong()

        override fun bytes() = body
    }

    companion object {
        const val FORMAT = 0x43_57_52_01
        private val BODILESS = setOf(204, 304)
    }
}
