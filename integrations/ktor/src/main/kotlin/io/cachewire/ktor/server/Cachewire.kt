package io.cachewire.ktor.server

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedClientConfig
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationPlugin
import io.ktor.server.application.ApplicationStopping
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.hooks.MonitoringEvent
import io.ktor.server.config.ApplicationConfig
import io.ktor.util.AttributeKey
import io.ktor.utils.io.KtorDsl
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The settings of the plugin [Cachewire]. */
@KtorDsl
public class CachewireConfig internal constructor() {
    /** A client that is there already; null, the default, for one that the plugin makes. The plugin closes it in either case. */
    public var client: MemcachedClient? = null

    /** How long the end of the application waits for calls that are under way; 5 s by default, or `cachewire.grace` of the configuration. */
    public var grace: Duration? = null

    private var configure: MemcachedClientConfig.() -> Unit = {}

    /** Sets up the client that the plugin makes, over what the configuration of the application says. */
    public fun client(configure: MemcachedClientConfig.() -> Unit) {
        this.configure = configure
    }

    internal fun make(texts: Map<String, String>): MemcachedClient = client ?: MemcachedClient {
        texts[CONNECTION_STRING]?.let(::connectionString)
        settings(texts - CONNECTION_STRING)
        configure()
    }

    private companion object {
        const val CONNECTION_STRING = "connectionString"
    }
}

/**
 * A memcached client that lives as long as the application: `install(Cachewire)`, then [cachewire] wherever the application is at hand.
 *
 * Its settings are those below `cachewire` in the configuration of the application, as `MemcachedClientConfig.settings` reads them, or
 * `cachewire.connectionString`; `install(Cachewire) { client { … } }` changes them.
 *
 * The client is closed when the web server has stopped and before `ApplicationStopped`: calls of requests that are under way end, and pools that are closed on
 * `ApplicationStopped` are still there.
 */
public val Cachewire: ApplicationPlugin<CachewireConfig> =
    createApplicationPlugin("Cachewire", ::CachewireConfig) {
        val texts = textsBelow(applicationConfig, "cachewire.")
        val grace = pluginConfig.grace ?: texts["grace"]?.let(Duration::parse) ?: 5.seconds
        val client = pluginConfig.make(texts - "grace")
        application.attributes.put(CachewireKey, client)
        on(MonitoringEvent(ApplicationStopping)) {
            if (!client.blocking().close(grace.toJavaDuration())) {
                log.warn(
                    "calls to memcached were still under way {} after the application stopped and were cut off",
                    grace,
                )
            }
        }
    }

/**
 * The client of the plugin [Cachewire].
 *
 * @throws IllegalStateException when the plugin is not installed
 */
public val Application.cachewire: MemcachedClient
    get() = attributes.getOrNull(CachewireKey) ?: error("the plugin Cachewire is not installed")

private fun textsBelow(config: ApplicationConfig, path: String): Map<String, String> =
    config.keys().filter { it.startsWith(path) }.associate { name ->
        val value = config.property(name)
        // a value is a text or a list, and says which by failing
        name.removePrefix(path) to runCatching { value.getString() }.getOrElse { value.getList().joinToString(",") }
    }

internal val CachewireKey = AttributeKey<MemcachedClient>("io.cachewire.Client")

private val log = LoggerFactory.getLogger("io.cachewire.ktor.server.Cachewire")
