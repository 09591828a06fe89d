package io.cachewire.oracle

import io.cachewire.reliability.HostileMemoryRun

/** Starts a JVM with a small heap in which a client meets servers that want memory, and takes up what it says in the end. */
internal object HostileMemory {
    fun run(): String {
        val process = HostileMemoryRun.start(System.getProperty("java.class.path"))
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
