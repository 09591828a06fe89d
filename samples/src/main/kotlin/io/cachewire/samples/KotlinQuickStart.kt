@file:JvmName("KotlinQuickStart")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.update
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Stores, reads, counts and updates; prints what came back. */
fun main() = Sample.run { servers, out -> runBlocking { kotlinQuickStart(servers, out) } }

internal suspend fun kotlinQuickStart(servers: Array<String>, out: PrintStream) {
    val client =
        MemcachedClient(*servers) {
            serde = JsonSerde()
            requestTimeout = 2.seconds
        }
    client.use { cache ->
        cache.set("user:1", User(1, "Ada"), ttl = 5.minutes)
        out.println("get      ${cache.get<User>("user:1")}")

        val changed = cache.update<User>("user:1", ttl = 5.minutes) { old -> old?.copy(name = "Grace") }
        out.println("update   $changed")

        cache.setAll(mapOf("user:2" to User(2, "Edsger"), "user:3" to User(3, "Barbara")), ttl = 5.minutes)
        out.println("getAll   ${cache.getAll<User>(listOf("user:1", "user:2", "user:3", "user:4")).values}")

        cache.delete("visits")
        cache.increment("visits", initial = 1)
        out.println("counter  ${cache.increment("visits", by = 5)}")

        out.println("delete   ${cache.delete("user:1")}")
        out.println("a miss   ${cache.get<User>("user:1")}")
    }
}
