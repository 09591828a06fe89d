package io.cachewire.platform

import java.nio.file.Files
import java.util.concurrent.TimeUnit

/** A memcached on a free port of the loopback, which can be stopped, continued, killed, and started again on its port. */
internal class Memcached : AutoCloseable {
    private val folder = Files.createTempDirectory("platform")
    private var process: Process
    private val port: Int

    init {
        val portFile = folder.resolve("port")
        process = start("-1", mapOf("MEMCACHED_PORT_FILENAME" to portFile.toString()))
        await("memcached to listen") { Files.exists(portFile) && PORT.containsMatchIn(Files.readString(portFile)) }
        port = PORT.find(Files.readString(portFile))!!.groupValues[1].toInt()
    }

    val address: String get() = "127.0.0.1:$port"

    fun stop() {
        signal("STOP")
    }

    fun proceed() {
        signal("CONT")
    }

    fun kill() {
        process.destroyForcibly()
        check(process.waitFor(SECONDS, TimeUnit.SECONDS)) { "memcached does not end" }
    }

    fun startAgain() {
        process = start(port.toString(), emptyMap())
    }

    override fun close() {
        kill()
        folder.toFile().deleteRecursively()
    }

    private fun start(port: String, environment: Map<String, String>): Process {
        val command = mutableListOf("memcached", "-p", port, "-U", "0", "-l", "127.0.0.1")
        if (System.getProperty("user.name") == "root") command += listOf("-u", "root")
        val builder = ProcessBuilder(command).redirectErrorStream(true)
        builder.redirectOutput(folder.resolve("log").toFile()).environment().putAll(environment)
        return builder.start()
    }

    private fun signal(name: String) {
        val kill = ProcessBuilder("kill", "-$name", process.pid().toString()).inheritIO().start()
        check(kill.waitFor() == 0) { "cannot send $name" }
    }

    private companion object {
        val PORT = Regex("TCP INET: (\\d+)")
    }
}
