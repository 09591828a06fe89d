package io.cachewire.reliability

import io.cachewire.fixture.HostileServer
import io.cachewire.get
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.security.Security
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLContext

/** What a client takes from the JVM that it runs in. */
class FootprintTest :
    FunSpec({
        test("S12 a hundred connections to servers that want memory live in 64 MiB of heap") {
            val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
            val process = HostileMemoryRun.start(classPath)
            try {
                val output = process.inputStream.bufferedReader().readText()
                process.waitFor(100, TimeUnit.SECONDS) shouldBe true
                output shouldNotContain "OutOfMemoryError"
                output.lines().filter { it.startsWith("failures") } shouldBe listOf("failures 1400")
                output.lines() shouldContain "in the end 1000000"
                output.lines().filter { it.startsWith("bomb") } shouldBe listOf("bomb STORED", "bomb LIMIT")
            } finally {
                process.destroyForcibly()
            }
        }

        test("S25 a client changes nothing of the JVM, and its threads keep no JVM alive") {
            val context = SSLContext.getDefault()
            val handler = Thread.getDefaultUncaughtExceptionHandler()
            val properties = System.getProperties().toMap()
            val dns = Security.getProperty("networkaddress.cache.ttl")
            val providers = Security.getProviders().toList()
            val before = Thread.getAllStackTraces().keys.toSet()
            HostileServer.start().use { server ->
                client(server.address()).use { cache ->
                    cache.shouldBeInSync()
                    cache.get<String>("absent").shouldBeNull()
                    val own = Thread.getAllStackTraces().keys - before
                    own.filter { !it.isDaemon }.map { it.name }.shouldBeEmpty()
                    own.any { it.name.startsWith("cachewire-") } shouldBe true
                }
            }
            (SSLContext.getDefault() === context) shouldBe true
            (Thread.getDefaultUncaughtExceptionHandler() === handler) shouldBe true
            System.getProperties().toMap() shouldBe properties
            Security.getProperty("networkaddress.cache.ttl") shouldBe dns
            Security.getProviders().toList() shouldBe providers
        }
    })
