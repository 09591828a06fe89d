package io.cachewire.oracle

import io.cachewire.fixture.LeakCheck
import java.lang.management.ManagementFactory
import javax.management.ObjectName

/** What this process holds, after a garbage collection. Heap in bytes. */
internal class Held(
    val sockets: Long,
    val threads: Int,
    /** Live objects of the client's connections and calls. */
    val clientObjects: Long,
    /** Live coroutines and what belongs to them. */
    val coroutineObjects: Long,
    val heap: Long,
) {
    override fun toString() = "$sockets sockets, $threads threads, $clientObjects client objects, " +
        "$coroutineObjects coroutine objects, ${heap / 1024} KiB heap"

    companion object {
        private val CLIENT = Regex("""io\.cachewire\.(connection|cluster|operation)\..*""")
        private val COROUTINES = Regex("""kotlinx\.coroutines\..*(Coroutine|Continuation|Job).*""")

        fun now(): Held {
            val counts = liveObjects()
            return Held(
                LeakCheck.openFiles(),
                Thread.getAllStackTraces().size,
                counts.filterKeys(CLIENT::matches).values.sum(),
                counts.filterKeys(COROUTINES::matches).values.sum(),
                ManagementFactory.getMemoryMXBean().heapMemoryUsage.used,
            )
        }

        /** Instances by class, from the JVM's own histogram, which collects garbage first. */
        private fun liveObjects(): Map<String, Long> {
            val text =
                ManagementFactory.getPlatformMBeanServer().invoke(
                    ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    arrayOf<Any>(emptyArray<String>()),
                    arrayOf(Array<String>::class.java.name),
                ) as String
            // "  12:   345   6780  some.Class (module)"
            return text.lineSequence()
                .map { it.trim().split(Regex(" +")) }
                .filter { it.size >= 4 && it[0].endsWith(":") }
                .associate { it[3] to it[1].toLong() }
        }
    }
}
