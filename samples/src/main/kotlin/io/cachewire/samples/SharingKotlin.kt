package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.interop.Interop
import io.cachewire.interop.InteropPreset

/** The Kotlin of the page on sharing. */
object SharingKotlin {
    fun client(): MemcachedClient {
        val cache = MemcachedClient("cache-1:11211", "cache-2:11211") { interop = Interop.pylibmc().ketamaWeighted() }
        return cache
    }

    /** What another language has stored as a dictionary, an array or an object. */
    suspend fun map(cache: MemcachedClient): Map<String, Any?>? {
        val user = cache.get<Map<String, Any?>>("user:1")
        return user
    }

    fun client(preset: InteropPreset, server: String): MemcachedClient = MemcachedClient(server) { interop = preset }
}
