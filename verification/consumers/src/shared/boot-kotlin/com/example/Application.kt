package com.example

import io.cachewire.BlockingMemcachedClient
import io.cachewire.MemcachedClient
import io.cachewire.verification.consumers.BlockingUser
import io.cachewire.verification.consumers.CacheUser
import io.cachewire.verification.consumers.Checks
import org.springframework.beans.factory.annotation.Value
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.context.annotation.Bean

/** The client is a bean, and its blocking twin another one for the Java code; closing the context closes both. */
@SpringBootApplication(proxyBeanMethods = false)
class Application {
    @Bean
    fun cache(@Value("\${cache.server}") server: String): MemcachedClient = connect(server)

    @Bean
    fun blockingCache(cache: MemcachedClient): BlockingMemcachedClient = cache.blocking()
}

/** Uses both beans. */
private class BothUser(
    private val kotlin: CacheUser,
    private val java: CacheUser,
) : CacheUser by kotlin {
    override fun getAll(keys: List<String>): Map<String, String> = java.getAll(keys)

    override fun callItsOwn() {
        kotlin.callItsOwn()
        java.callItsOwn()
    }
}

fun main() = Checks.run { server ->
    val context = runApplication<Application>("--cache.server=$server")
    BothUser(
        KotlinUser(context.getBean(MemcachedClient::class.java), context),
        BlockingUser(context.getBean(BlockingMemcachedClient::class.java)),
    )
}
