package io.cachewire.spring

import io.cachewire.BlockingMemcachedClient
import io.cachewire.ValueType
import io.cachewire.embedded.EmbeddedMemcached
import io.cachewire.serialization.jackson.JacksonSerde
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import org.springframework.beans.factory.getBean
import org.springframework.cache.annotation.Cacheable
import org.springframework.cache.annotation.EnableCaching
import org.springframework.context.annotation.AnnotationConfigApplicationContext
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import java.util.concurrent.atomic.AtomicInteger

data class Author(
    val name: String,
    val count: Int,
)

private val calls = AtomicInteger()

open class Authors {
    @Cacheable(cacheNames = ["authors"], sync = true)
    open suspend fun find(name: String): Author {
        delay(1)
        return Author(name, calls.incrementAndGet())
    }

    @Cacheable(cacheNames = ["nobody"], sync = true)
    open suspend fun nobody(name: String): List<Author>? {
        delay(1)
        calls.incrementAndGet()
        return null
    }
}

@Configuration
@EnableCaching
open class SuspendConfig {
    @Bean
    open fun server(): EmbeddedMemcached = EmbeddedMemcached.start()

    @Bean
    open fun client(server: EmbeddedMemcached): BlockingMemcachedClient =
        BlockingMemcachedClient.builder(server.address()).serde(JacksonSerde.create()).build()

    @Bean
    open fun caches(client: BlockingMemcachedClient): MemcachedCacheManager =
        MemcachedCacheManager.builder(client).build()

    @Bean
    open fun authors(): Authors = Authors()
}

class SuspendMethodsTest :
    FunSpec({
        test("suspend functions with sync = true load once") {
            AnnotationConfigApplicationContext(SuspendConfig::class.java).use { context ->
                val authors = context.getBean<Authors>()
                val found = coroutineScope { List(50) { async { authors.find("jane") } }.awaitAll() }
                found.toSet() shouldBe setOf(Author("jane", 1))
                authors.find("jane") shouldBe Author("jane", 1)
                authors.nobody("x") shouldBe null
                authors.nobody("x") shouldBe null
                calls.get() shouldBe 2
                val caches = context.getBean<MemcachedCacheManager>()
                caches.getCache("authors")?.type() shouldBe ValueType.of(Author::class.java)
                caches.getCache("nobody")?.type().toString() shouldBe "java.util.List<io.cachewire.spring.Author>"
            }
        }
    })
