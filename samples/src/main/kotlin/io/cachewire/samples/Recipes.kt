package io.cachewire.samples

import io.cachewire.CasResult
import io.cachewire.Expiry
import io.cachewire.MemcachedClient
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.get
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.loading.loading
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaSet
import io.cachewire.set
import io.cachewire.typed
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.time.Instant
import java.util.UUID
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The code of the page on recipes. */
object Recipes {
    suspend fun allowed(cache: MemcachedClient, user: String, limit: Long, now: Instant): Boolean {
        val window = now.epochSecond / 60
        val used = cache.increment("limit:$user:$window", by = 1, initial = 1, ttl = 2.minutes)!!
        return used <= limit
    }

    suspend fun <T> ifNobodyElseDoes(
        cache: MemcachedClient,
        name: String,
        atMost: Duration,
        work: suspend () -> T,
    ): T? {
        val meta = cache.meta()
        val expiry = Expiry.after(atMost.toJavaDuration())
        val taken = meta.set("lock:$name", typed("taken"), MetaSet.of(MetaSet.Mode.ADD).expiry(expiry))
        val cas = taken.cas() ?: return null
        try {
            return work()
        } finally {
            withContext(NonCancellable) { meta.delete("lock:$name", MetaDelete.plain().compareCas(cas)) }
        }
    }

    suspend fun once(cache: MemcachedClient, request: String, work: suspend () -> String): String? {
        val key = "once:$request"
        val pending = "pending ${UUID.randomUUID()}"
        if (!cache.add(key, pending, ttl = 30.seconds)) {
            return cache.get<String>(key)?.takeIf { it.startsWith("done ") }?.removePrefix("done ")
        }
        val result = work()
        val held = cache.gets<String>(key)
        if (held == null || held.value != pending) error("the work took longer than its time")
        check(cache.cas(key, "done $result", held.cas, ttl = 1.days) == CasResult.STORED)
        return result
    }

    suspend fun session(cache: MemcachedClient, id: String): String? {
        val session = cache.getAndTouch<String>("session:$id", ttl = 30.minutes)
        return session
    }

    suspend fun views(cache: MemcachedClient, page: String): Long {
        val views = cache.increment("views:$page", by = 1, initial = 1)!!
        return views
    }

    suspend fun user(cache: MemcachedClient, id: Long, find: suspend (Long) -> String?): String? {
        val users = cache.loading<Long, String>("user:") {
            ttl = 5.minutes
            absent = 30.seconds
        }
        val user = users.get(id) { find(it) }
        return user
    }

    /** Holds a lock until it is killed; for the test. */
    @JvmStatic
    fun main(args: Array<String>) = kotlinx.coroutines.runBlocking {
        MemcachedClient(args[0]).use { cache ->
            when (args[1]) {
                "lock" -> ifNobodyElseDoes(cache, args[2], 2.seconds) { hold() }
                else -> once(cache, args[2]) { hold() }
            }
        }
        Unit
    }

    private suspend fun hold(): String {
        println("held")
        kotlinx.coroutines.awaitCancellation()
    }
}
