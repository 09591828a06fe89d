package io.cachewire.ktor.server

import io.ktor.http.ContentType
import io.ktor.http.Headers
import io.ktor.http.HeadersBuilder
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.ApplicationCall
import io.ktor.util.AttributeKey
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.copyTo
import io.ktor.utils.io.readRemaining
import io.ktor.utils.io.writeFully
import io.ktor.utils.io.writer
import kotlinx.coroutines.CompletableDeferred
import kotlinx.io.readByteArray
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A handler's response on its way out, of which [made] tells as soon as it is known whether and how it can be stored. */
internal class Exchange(
    private val call: ApplicationCall,
    private val config: ResponseCacheSettings,
) {
    /** Completed by [decide] before the first byte is sent, or by the end of the handler; null when the response cannot be stored. */
    val made = CompletableDeferred<Made?>()

    /** What others set before the handler ran: each response gets its own of these. */
    private val before = call.response.headers.allValues()
    private var own: Headers? = null
    private var body: ByteArray? = null
    private var status: HttpStatusCode? = null
    private var contentType: ContentType? = null

    class Made(
        val response: StoredResponse,
        val variants: List<String>,
    )

    /** The handler has answered, and no plugin has touched the answer yet. */
    fun begin() {
        if (own == null) own = added()
    }

    /** The answer is a body now, not encoded yet. What is returned, if anything, is sent in its place. */
    suspend fun take(content: OutgoingContent): OutgoingContent? {
        if (body != null) return null
        status = content.status ?: call.response.status() ?: HttpStatusCode.OK
        contentType = content.contentType
        own = HeadersBuilder()
            .apply {
                own?.let(::appendAll)
                content.headers.forEach { name, values -> if (own?.contains(name) != true) appendAll(name, values) }
            }.build()
        return when (content) {
            is OutgoingContent.ByteArrayContent -> {
                body = content.bytes()
                null
            }

            is OutgoingContent.NoContent -> {
                body = ByteArray(0)
                null
            }

            is OutgoingContent.ReadChannelContent -> if (mayBeTaken(
                    content,
                )
            ) {
                take(content, content.readFrom())
            } else {
                null
            }

            is OutgoingContent.WriteChannelContent -> if (mayBeTaken(content)) {
                take(content, call.writer { content.writeTo(channel) }.channel)
            } else {
                null
            }

            else -> null
        }
    }

    private fun mayBeTaken(content: OutgoingContent): Boolean {
        val events = contentType?.match(ContentType.Text.EventStream) == true
        return !events && (content.contentLength ?: 0) <= config.maxBodyBytes
    }

    private suspend fun take(content: OutgoingContent, channel: ByteReadChannel): OutgoingContent {
        val start = channel.readRemaining(config.maxBodyBytes + 1L).readByteArray()
        if (start.size <= config.maxBodyBytes) {
            body = start
            return Whole(content, start)
        }
        return Long(
            content,
            call.writer {
                this.channel.writeFully(start)
                channel.copyTo(this.channel)
            }.channel,
        )
    }

    /** All plugins are done, nothing is sent yet. */
    fun decide(content: OutgoingContent) {
        made.complete(storable(content))
    }

    /** The handler has ended. What it answered, if it did, is known already. */
    fun end(failure: Throwable?) {
        if (failure == null) made.complete(null) else made.completeExceptionally(failure)
    }

    private fun storable(content: OutgoingContent): Made? {
        val bytes = body ?: return null
        val found = status ?: return null
        val handlers = own ?: return null
        val all = call.response.headers.allValues()
        val control = CacheDirectives.of(
            all.getAll(HttpHeaders.CacheControl).orEmpty() + content.headers.getAll(HttpHeaders.CacheControl).orEmpty(),
        )
        val variants = handlers.getAll(HttpHeaders.Vary).orEmpty()
            .flatMap { it.split(',') }.map { it.trim().lowercase() }.filter { it.isNotEmpty() }.distinct().sorted()
        val freshFor = minOf(config.ttl, control.maxAge ?: config.ttl)
        val refused = found !in config.statuses ||
            bytes.size > config.maxBodyBytes ||
            HttpHeaders.SetCookie in all ||
            HttpHeaders.SetCookie in content.headers ||
            HttpHeaders.ContentEncoding in handlers ||
            "*" in variants ||
            control.forbidStoring ||
            freshFor < 1.seconds
        if (refused) return null
        val kept = HeadersBuilder().apply {
            handlers.forEach { name, values -> if (name.lowercase() !in OF_THE_MESSAGE) appendAll(name, values) }
        }.build()
        val response =
            StoredResponse(found, contentType?.toString(), kept, bytes, System.currentTimeMillis(), freshFor)
        return Made(response, variants)
    }

    private fun added(): Headers = HeadersBuilder()
        .apply {
            call.response.headers.allValues().forEach { name, values ->
                val added = values.drop(before.getAll(name)?.size ?: 0)
                if (added.isNotEmpty()) appendAll(name, added)
            }
        }.build()

    private class Whole(
        private val original: OutgoingContent,
        private val bytes: ByteArray,
    ) : OutgoingContent.ByteArrayContent() {
        override val contentLength get() = bytes.size.toLong()
        override val contentType get() = original.contentType
        override val status get() = original.status
        override val headers get() = original.headers

        override fun bytes() = bytes
    }

    private class Long(
        private val original: OutgoingContent,
        private val channel: ByteReadChannel,
    ) : OutgoingContent.ReadChannelContent() {
        override val contentLength get() = original.contentLength
        override val contentType get() = original.contentType
        override val status get() = original.status
        override val headers get() = original.headers

        override fun readFrom() = channel
    }

    companion object {
        val Key = AttributeKey<Exchange>("io.cachewire.ktor.Exchange")

        /** They are made anew for each message. */
        private val OF_THE_MESSAGE =
            setOf("content-type", "content-length", "transfer-encoding", "connection", "date", "age")
    }
}

/** What `Cache-Control` says, as far as a cache for all visitors needs it. */
internal class CacheDirectives private constructor(
    private val directives: Map<String, String>,
) {
    val forbidStoring: Boolean get() = listOf("no-store", "no-cache", "private").any { it in directives }

    val noStore: Boolean get() = "no-store" in directives

    val maxAge: Duration? get() = (directives["s-maxage"] ?: directives["max-age"])?.toLongOrNull()?.seconds

    companion object {
        fun of(values: List<String>) = CacheDirectives(
            values.flatMap { it.split(',') }.associate { directive ->
                directive.substringBefore('=').trim().lowercase() to directive.substringAfter('=', "").trim(' ', '"')
            },
        )
    }
}
