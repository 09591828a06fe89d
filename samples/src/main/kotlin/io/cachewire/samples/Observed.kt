@file:JvmName("Observed")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.embedded.EmbeddedMemcached
import io.cachewire.get
import io.cachewire.micrometer.MemcachedCacheMetrics
import io.cachewire.micrometer.MicrometerListener
import io.cachewire.set
import io.micrometer.core.instrument.Tags
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.io.PrintStream
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Prints what Prometheus would scrape while a server works, is dead, and is back. It ends a server of its own, whatever servers are named. */
fun main() = Sample.run { _, out -> runBlocking { observed(out) } }

internal suspend fun observed(out: PrintStream) {
    val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    var server = EmbeddedMemcached.start()
    val client =
        MemcachedClient(server.address()) {
            requestTimeout = 2.seconds
            listener(MicrometerListener.create(registry))
        }
    try {
        client.use { cache ->
            val users = MemcachedCacheMetrics.monitor(registry, cache.namespace("users:"), "users", Tags.empty())
            users.set("1", "Ada")
            users.get<String>("1")
            users.get<String>("2")
            out.scrape("up", registry)

            server.close()
            users.answers()
            out.scrape("down", registry)

            server = EmbeddedMemcached.start(server.port())
            withTimeout(30.seconds) { while (!users.answers()) delay(50.milliseconds) }
            out.scrape("back", registry)
        }
    } finally {
        server.close()
    }
}

private suspend fun MemcachedClient.answers() = try {
    get<String>("1")
    true
} catch (_: MemcachedException) {
    false
}

private fun PrintStream.scrape(title: String, registry: PrometheusMeterRegistry) {
    println("--- $title")
    registry
        .scrape()
        .lines()
        .filter { it.startsWith("memcached_") || it.startsWith("cache_") }
        .forEach(::println)
}
