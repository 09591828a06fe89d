package io.cachewire.observe

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.reliability.client
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import jdk.jfr.Recording
import jdk.jfr.consumer.RecordedEvent
import jdk.jfr.consumer.RecordingFile
import org.awaitility.Awaitility
import java.nio.file.Files
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue

/** Runs a JVM with these modules only. */
private fun jvmWith(modules: String, main: Class<*>): String {
    val java = ProcessHandle.current().info().command().get()
    val process =
        ProcessBuilder(java, "--limit-modules", modules, "-cp", System.getProperty("java.class.path"), main.name)
            .redirectErrorStream(true)
            .start()
    return process.inputStream.bufferedReader().readText().also { process.waitFor() shouldBe 0 }
}

/** Makes a client and a listener in a JVM without the Flight Recorder. */
internal object WithoutFlightRecorder {
    @JvmStatic
    fun main(args: Array<String>) {
        MemcachedClient("localhost:1").close()
        println("a client was made")
        runCatching { JfrListener() }.onFailure { println("${it.javaClass.simpleName}: ${it.message}") }
    }
}

/** What a recording of the Flight Recorder sees of a client. */
class JfrListenerTest :
    FunSpec({
        suspend fun recorded(threshold: Duration): List<RecordedEvent> {
            val file = Files.createTempFile("cachewire", ".jfr")
            try {
                Recording().use { recording ->
                    recording.enable("io.cachewire.Call").withThreshold(threshold)
                    recording.enable("io.cachewire.Connect")
                    recording.enable("io.cachewire.ConnectionLoss")
                    recording.start()
                    MemcachedServer.start().use { server ->
                        val told = ConcurrentLinkedQueue<ClientEvent>()
                        val last =
                            object : ClientListener {
                                override fun happened(event: ClientEvent) {
                                    told.add(event)
                                }
                            }
                        // told behind the first one, so what it has seen is recorded
                        client(server.address()) { listeners = listOf(JfrListener(), last) }.use { cache ->
                            cache.namespace("users:").set("secret", "value")
                            cache.get<String>("absent")
                            server.kill()
                            Awaitility.await().until { told.any { it is ClientEvent.ConnectionLost } }
                            runCatching { cache.get<String>("absent") }
                            Awaitility.await().until { told.any { it is ClientEvent.ConnectFailed } }
                        }
                    }
                    recording.stop()
                    recording.dump(file)
                }
                return RecordingFile.readAllEvents(file)
            } finally {
                Files.delete(file)
            }
        }

        fun List<RecordedEvent>.named(name: String) = filter { it.eventType.name == "io.cachewire.$name" }

        test("a recording without a threshold has every call, and what happened to connections") {
            val events = recorded(Duration.ZERO)
            val calls = events.named("Call")
            val set = calls.single { it.getString("verb") == "SET" }
            set.getString("namespace") shouldBe "users:"
            set.getString("outcome") shouldBe "STORED"
            set.getInt("keyCount") shouldBe 1
            set.getInt("attempts") shouldBe 1
            set.getString("server") shouldContain ":"
            calls.filter { it.getString("verb") == "GET" }.map { it.getString("outcome") } shouldBe
                listOf("MISS", "ERROR")
            calls.last().getString("error") shouldBe "io.cachewire.ConnectionLostException"
            events.named("Connect").first().getString("failure") shouldBe null
            events.named("Connect").last().getString("failure") shouldContain "refused"
            events.named("ConnectionLoss") shouldHaveSize 1
            calls.forEach { it.toString() shouldNotContain "secret" }
        }

        test("a recording with a threshold has the calls above it only") {
            val events = recorded(Duration.ofHours(1))
            events.named("Call").shouldBeEmpty()
            events.named("Connect").first().getString("failure") shouldBe null
        }

        test("without a recording no event is made") {
            JfrListener().callStarted(CallStart(Verb.GET, "", 1)) shouldBe null
        }

        test("a JVM without the Flight Recorder makes clients, and the listener says what is missing") {
            val said =
                jvmWith("java.base,java.naming,jdk.unsupported,java.management", WithoutFlightRecorder::class.java)
            said shouldContain "a client was made"
            said shouldContain "IllegalStateException: this JVM has no Flight Recorder: the module jdk.jfr is missing"
        }
    })
