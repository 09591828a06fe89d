package io.cachewire.oracle

import java.nio.file.Path

/** Starts a JVM with a small heap in which a client meets servers that want memory, and takes up what it says in the end. */
internal object HostileMemory {
    fun run(): String {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val process =
            ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "io.cachewire.reliability.HostileMemoryRun",
            ).redirectErrorStream(true).start()
        try {
            val lines = process.inputStream.bufferedReader().readLines()
            check(process.waitFor() == 0 && lines.none { "OutOfMemoryError" in it }) { lines.joinToString("\n") }
            return lines.filter {
                it.startsWith("failures") || it.startsWith("bomb") || it.startsWith("peak")
            }.joinToString(", ")
        } finally {
            process.destroyForcibly()
        }
    }
}
