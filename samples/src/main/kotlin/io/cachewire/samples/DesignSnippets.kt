package io.cachewire.samples

import io.cachewire.Key
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedClientConfig
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.replace
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.update
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import io.cachewire.MemcachedClient as newClient

/**
 * The whole suspend face in one function, letter by letter as the design page has it.
 *
 * @param hosts the address of each server that the text names
 */
internal class DesignSnippets(private val hosts: Map<String, String>) {
    /** Stands before the function of the library, so that the text may name hosts that do not exist. */
    @Suppress("TestFunctionName", "FunctionName")
    private fun MemcachedClient(vararg servers: String, configure: MemcachedClientConfig.() -> Unit) =
        newClient(*servers.map(hosts::getValue).toTypedArray(), configure = configure)

    suspend fun run(): User? {
        val cache = MemcachedClient("cache-1:11211", "cache-2:11211") {   // connects lazily; never throws for a dead server here
            serde = JsonSerde()                  // String and ByteArray stay raw; everything else is JSON
            requestTimeout = 250.milliseconds
        }
        cache.set("user:1", User(1, "Ada"), ttl = 5.minutes)
        val user: User? = cache.get<User>("user:1")                        // null on a miss; an error is never a miss
        cache.add("k", "v"); cache.replace("k", "v"); cache.append("k", "x"); cache.prepend("k", "x")     // Boolean
        cache.increment("hits")                                            // Long?, null when absent
        cache.increment("hits", by = 5, initial = 0, ttl = 1.hours)        // creates it when absent
        val held = cache.gets<User>("user:1")                              // CasValue<User>?: value and cas
        cache.cas("user:1", User(1, "Grace"), held!!.cas, ttl = 5.minutes) // CasResult: STORED, EXISTS, NOT_FOUND
        cache.update<User>("user:1", ttl = 5.minutes) { old -> old?.copy(name = "Edsger") }   // cas loop; null deletes nothing, stores nothing
        cache.touch("user:1", 10.minutes); cache.getAndTouch<User>("user:1", 10.minutes)
        cache.delete("user:1")                                             // Boolean: was there
        cache.getAll<User>(listOf("user:1", "user:2"))                     // Map<String, User>, hits only
        cache.setAll(mapOf("a" to 1, "b" to 2), ttl = 1.minutes)           // Set<String>: the keys that were NOT stored
        cache.deleteAll(listOf("a", "b"))
        cache.item<User>("user:1")                                         // Item<User>?: value, flags, cas, remaining ttl, last access, size
        cache.namespace("users:").get<User>("1")                           // key prefix, for every call
        cache.get<User>(Key("user:1", routing = "tenant-7"))               // placed by "tenant-7"; Key("k", hash = 42) by an explicit hash
        cache.stats(); cache.stats("items"); cache.version(); cache.flushAll()   // per server
        cache.close()
        return user
    }
}
