@file:JvmName("SharedUsers")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.interop.Interop
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/** Reads what `shared_users.py` has stored, and stores something for it to read. */
fun main() = Sample.run { servers, out -> runBlocking { sharedUsers(servers, out) } }

internal suspend fun sharedUsers(servers: Array<String>, out: PrintStream) {
    val client =
        MemcachedClient(*servers) {
            interop = Interop.pymemcache().json(JsonSerde())
            requestTimeout = 2.seconds
        }
    client.use { cache ->
        out.println("greeting ${cache.get<String>("shared:greeting")}")
        out.println("user     ${cache.get<User>("shared:python")}")
        cache.set("shared:kotlin", User(2, "Grace"))
    }
}
