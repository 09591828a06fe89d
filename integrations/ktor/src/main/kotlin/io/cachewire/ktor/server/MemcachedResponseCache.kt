package io.cachewire.ktor.server

import io.cachewire.MemcachedClient
import io.cachewire.ktor.hashedKey
import io.cachewire.loading.Loaded
import io.cachewire.loading.SuspendLoadingCache
import io.cachewire.loading.loading
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.http.formUrlEncode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.application.PipelineCall
import io.ktor.server.application.RouteScopedPlugin
import io.ktor.server.application.call
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.application.isHandled
import io.ktor.server.plugins.origin
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.ktor.server.response.ApplicationSendPipeline
import io.ktor.server.response.respond
import io.ktor.util.pipeline.PipelineContext
import io.ktor.util.pipeline.PipelinePhase
import io.ktor.utils.io.KtorDsl
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.supervisorScope
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The settings of [MemcachedResponseCache]. */
@KtorDsl
public class MemcachedResponseCacheConfig internal constructor() {
    /** Stores the responses; null, the default, for the one of the plugin [Cachewire]. */
    public var client: MemcachedClient? = null

    /** How long a response is served at most; a shorter `max-age` or `s-maxage` of the response counts. At least 1 s. There is no default. */
    public var ttl: Duration? = null

    /** What the keys begin with; the rest is a hash. */
    public var prefix: String = "page:"

    /** How long beyond its time a response is served when the handler throws; null, the default, for not at all. */
    public var failSafe: Duration? = null

    /** The longest that a handler may take to answer, 1 s or more; one that takes longer is cancelled, and the request fails. */
    public var lease: Duration = 30.seconds

    /** The parameters of the query that make a difference; null, the default, for all of them. */
    public var queryParameters: Set<String>? = null

    /** Headers of the request that make a difference although the responses have no `Vary` for them. */
    public var headers: Set<String> = setOf(HttpHeaders.Accept)

    /** Cookies that make no difference. A request with any other cookie is not served from the cache, nor is its response stored. */
    public var ignoredCookies: Set<String> = emptySet()

    /** The responses that are stored. */
    public var statuses: Set<HttpStatusCode> =
        setOf(HttpStatusCode.OK, HttpStatusCode.MovedPermanently, HttpStatusCode.NotFound)

    /** A longer body is sent and not stored. A body that is written bit by bit is held back up to this length. */
    public var maxBodyBytes: Int = 512 * 1024

    private var part: (ApplicationCall) -> String? = { "" }

    /** Keeps the responses for different visitors apart, by a text for each, as the tenant; null for a request that goes past the cache. */
    public fun partition(text: (ApplicationCall) -> String?) {
        part = text
    }

    internal fun settings() = ResponseCacheSettings(
        ttl = requireNotNull(ttl) { "MemcachedResponseCache needs a ttl" }.also {
            require(it >= 1.seconds) { "the ttl of responses must be at least 1 s, not $it" }
        },
        prefix = prefix,
        queryParameters = queryParameters,
        headers = headers,
        ignoredCookies = ignoredCookies,
        statuses = statuses,
        maxBodyBytes = maxBodyBytes.also { require(it >= 0) { "maxBodyBytes must not be negative: $it" } },
        partition = part,
    )
}

internal class ResponseCacheSettings(
    val ttl: Duration,
    val prefix: String,
    val queryParameters: Set<String>?,
    val headers: Set<String>,
    val ignoredCookies: Set<String>,
    val statuses: Set<HttpStatusCode>,
    val maxBodyBytes: Int,
    val partition: (ApplicationCall) -> String?,
)

/**
 * Serves GET requests of a route from memcached: `route("/news") { install(MemcachedResponseCache) { ttl = 30.seconds } … }`. Of all that ask for
 * a page that is not there, in all instances of the server, one has it made; the others wait for it.
 *
 * The header `X-Cache` of each response says `hit`, `stale` (served because the handler failed), `miss` or `bypass`. Requests with `Authorization`,
 * `Range`, `Cache-Control: no-store` or a cookie that is not ignored go past the cache. Responses with `Set-Cookie`, with a `Cache-Control` that has
 * `no-store`, `no-cache` or `private`, with `Vary: *`, that are encoded already, too long, or of another status are not stored. Other values
 * of `Vary` are honoured.
 *
 * It works behind authentication and all plugins of the phase `Plugins`, so that what they refuse is refused, and before plugins that encode
 * bodies. A handler whose response depends on the visitor by other ways than those above must not be cached without
 * [MemcachedResponseCacheConfig.partition]. A cache that does not answer is an empty one.
 */
public val MemcachedResponseCache: RouteScopedPlugin<MemcachedResponseCacheConfig> =
    createRouteScopedPlugin("MemcachedResponseCache", ::MemcachedResponseCacheConfig) {
        val settings = pluginConfig.settings()
        val client = pluginConfig.client ?: application.attributes.getOrNull(CachewireKey)
            ?: error("MemcachedResponseCache needs a client, its own or that of the plugin Cachewire")
        val failsafe = pluginConfig.failSafe
        val longest = pluginConfig.lease
        val view = client.loading<String, ByteArray>("") {
            ttl = settings.ttl
            failSafe = failsafe
            lease = longest
            loadTimeout = longest
            maxWait = longest
        }
        val cache = ResponseCache(view, settings)
        on(AroundHandler) { cache.serve(this) }
        on(HandlersAnswer) { call, exchange, step, content ->
            when (step) {
                SendStep.BEGIN -> {
                    exchange.begin()
                    null
                }

                SendStep.BODY -> (content as? OutgoingContent)?.let { exchange.take(it) }

                SendStep.END -> {
                    (content as? OutgoingContent)?.let { exchange.decide(it) }
                    ResponseCache.tell(call, "miss")
                    null
                }
            }
        }
    }

private object AroundHandler : Hook<suspend PipelineContext<Unit, PipelineCall>.() -> Unit> {
    private val phase = PipelinePhase("MemcachedResponseCache")

    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: suspend PipelineContext<Unit, PipelineCall>.() -> Unit,
    ) {
        pipeline.insertPhaseBefore(ApplicationCallPipeline.Call, phase)
        pipeline.intercept(phase) { handler(this) }
    }
}

private enum class SendStep { BEGIN, BODY, END }

private object HandlersAnswer : Hook<suspend (ApplicationCall, Exchange, SendStep, Any) -> OutgoingContent?> {
    private val begin = PipelinePhase("MemcachedResponseCacheBegin")
    private val body = PipelinePhase("MemcachedResponseCacheBody")
    private val end = PipelinePhase("MemcachedResponseCacheEnd")

    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: suspend (ApplicationCall, Exchange, SendStep, Any) -> OutgoingContent?,
    ) {
        val send = pipeline.sendPipeline
        send.insertPhaseBefore(ApplicationSendPipeline.Before, begin)
        send.insertPhaseBefore(ApplicationSendPipeline.ContentEncoding, body)
        send.insertPhaseBefore(ApplicationSendPipeline.Engine, end)
        for ((phase, step) in listOf(begin to SendStep.BEGIN, body to SendStep.BODY, end to SendStep.END)) {
            send.intercept(phase) {
                val exchange = call.attributes.getOrNull(Exchange.Key) ?: return@intercept
                handler(call, exchange, step, subject)?.let { subject = it }
            }
        }
    }
}

private class ResponseCache(
    private val view: SuspendLoadingCache<String, ByteArray>,
    private val settings: ResponseCacheSettings,
) {
    suspend fun serve(context: PipelineContext<Unit, PipelineCall>) {
        // a plugin before may have refused the call
        if (context.call.isHandled) return
        val request = request(context.call)
        if (request == null) {
            tell(context.call, "bypass")
        } else {
            serve(context, request, hashedKey(settings.prefix, request), null)
        }
    }

    /** By the key of a request; then, when the response varies, by that and the values of [variants]. */
    private suspend fun serve(
        context: PipelineContext<Unit, PipelineCall>,
        request: String,
        key: String,
        variants: List<String>?,
    ) {
        val call = context.call
        var handler: Deferred<Unit>? = null
        val bytes =
            supervisorScope {
                view.getLoaded(key) {
                    val exchange = Exchange(call, settings)
                    call.attributes.put(Exchange.Key, exchange)
                    // it goes on while the others have their answer already: a visitor who reads slowly keeps nobody waiting
                    val running = async(currentCoroutineContext().minusKey(Job)) { context.proceed() }
                    handler = running
                    running.invokeOnCompletion { exchange.end(it) }
                    try {
                        exchange.made.await()?.let { toStore(it, call, request, key, variants) }
                    } catch (e: Throwable) {
                        running.cancel()
                        throw e
                    }
                }
            }
        val ran = handler
        if (ran != null && (call.response.isCommitted || !ran.isCancelled)) {
            ran.await()
            return
        }
        val stored = bytes?.let(Stored::read)
        when {
            stored is StoredResponse -> answer(context, stored)

            stored is Variants && variants == null ->
                serve(context, request, variant(request, call, stored.headers), stored.headers)

            else -> tell(call, "bypass")
        }
    }

    /** What is stored under [key]; a response that varies is stored under the key of its variant, and under this one that it varies. */
    private suspend fun toStore(
        made: Exchange.Made,
        call: ApplicationCall,
        request: String,
        key: String,
        variants: List<String>?,
    ): Loaded<ByteArray>? {
        val response = Loaded.of(made.response.toByteArray(), made.response.freshFor.toJavaDuration())
        if (made.variants == variants.orEmpty()) return response
        val varies = Variants(made.variants).toByteArray()
        if (variants != null) {
            // it varies by others than before
            view.put(hashedKey(settings.prefix, request), varies)
            return null
        }
        view.getLoaded(variant(request, call, made.variants)) { response }
        return Loaded.of(varies)
    }

    /** What a response depends on, as a text; null when the request goes past the cache. */
    private fun request(call: ApplicationCall): String? {
        val headers = call.request.headers
        val past =
            call.request.httpMethod != HttpMethod.Get ||
                HttpHeaders.Authorization in headers ||
                HttpHeaders.Range in headers ||
                HttpHeaders.Upgrade in headers ||
                call.request.cookies.rawCookies.keys.any { it !in settings.ignoredCookies } ||
                CacheDirectives.of(headers.getAll(HttpHeaders.CacheControl).orEmpty()).noStore
        val part = if (past) null else settings.partition(call)
        if (part == null) return null
        val origin = call.request.origin
        val query = call.request.queryParameters.entries()
            .filter { (name) -> settings.queryParameters?.contains(name) ?: true }
            .sortedBy { it.key }
            .flatMap { (name, values) -> values.map { name to it } }
            .formUrlEncode()
        return listOf(part, origin.scheme, origin.serverHost, origin.serverPort, call.request.path(), query)
            .joinToString("") { part(it.toString()) } + values(call, settings.headers.sorted())
    }

    private fun variant(request: String, call: ApplicationCall, variants: List<String>) =
        hashedKey(settings.prefix, request + values(call, variants))

    private fun values(call: ApplicationCall, names: List<String>) = names.joinToString("") { name ->
        part(name.lowercase()) + part(call.request.headers.getAll(name).orEmpty().joinToString(","))
    }

    /** With its length before it, so that no two lists of texts are the same. */
    private fun part(text: String) = "${text.length}:$text"

    private suspend fun answer(context: PipelineContext<Unit, PipelineCall>, stored: StoredResponse) {
        val call = context.call
        call.attributes.remove(Exchange.Key)
        val age = stored.age()
        stored.headers.forEach { name, values ->
            // a handler that failed may have left some of them
            val there = call.response.headers.values(name)
            values.filter { it !in there }.forEach { call.response.headers.append(name, it, safeOnly = false) }
        }
        call.response.headers.append(HttpHeaders.Age, age.inWholeSeconds.toString())
        tell(call, if (age > stored.freshFor + CLOCKS) "stale" else "hit")
        call.respond(stored.content())
        context.finish()
    }

    companion object {
        const val HEADER = "X-Cache"

        /** memcached counts whole seconds. */
        private val CLOCKS = 1.seconds

        fun tell(call: ApplicationCall, word: String) = call.response.headers.append(HEADER, word)
    }
}
