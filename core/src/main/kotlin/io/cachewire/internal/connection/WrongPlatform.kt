package io.cachewire.internal.connection

import io.cachewire.MemcachedException.Delivery
import io.ktor.network.selector.SelectorManager
import kotlinx.coroutines.Job
import org.slf4j.Logger

/** What a [LinkageError] of the client's own code says: the class path has a library that is missing or too old. */
internal object WrongPlatform {
    private class Library(
        val name: String,
        val floor: String,
        val packages: List<String>,
        /** The version that is there, or null when that cannot be found out. */
        val found: () -> String?,
    )

    private val LIBRARIES =
        listOf(
            Library("kotlinx-coroutines", "1.8.1", listOf("kotlinx.coroutines")) { coroutinesVersion() },
            Library("ktor-network", "3.0.3", listOf("io.ktor")) { manifestVersion { SelectorManager::class.java } },
            Library("slf4j-api", "1.7.36", listOf("org.slf4j")) { manifestVersion { Logger::class.java } },
            // last: the other two begin with its name
            Library("kotlin-stdlib", "1.9.25", listOf("kotlin")) { KotlinVersion.CURRENT.toString() },
        )

    /** False for one that only passes on that memory or stack ran out while a class was loaded. */
    fun isMeantBy(error: Throwable): Boolean {
        if (error !is LinkageError) return false
        return generateSequence<Throwable>(error) { it.cause }.take(MAX_CAUSES).none {
            it is VirtualMachineError || (it !== error && it.message.orEmpty().contains(VM_ERRORS))
        }
    }

    /** The failure of every call from now on. */
    fun failure(error: Throwable): Failure = Failure(
        Failure.Kind.BROKEN,
        Delivery.INDETERMINATE,
        "the client cannot work on this class path: ${why(error)}",
        error,
    )

    private fun why(error: Throwable): String {
        val missing = error.message.orEmpty().replace('/', '.')
        val tooOld = LIBRARIES.filter { it.isTooOld() }
        val owner = LIBRARIES.firstOrNull { library -> library.packages.any { "$it." in missing } }
        val what = "${error.javaClass.simpleName}: ${error.message}"
        return when {
            tooOld.isNotEmpty() -> "${needs(tooOld)} ($what)"
            owner == null -> what
            owner.version() == null -> "${needs(listOf(owner))} ($what)"
            else -> "${allFound()} do not fit together (what ${owner.name} lacks: $what); $HELP"
        }
    }

    private fun needs(libraries: List<Library>) = libraries.joinToString {
        "needs ${it.name} ${it.floor} or later, found ${it.version() ?: "none or an unknown one"}"
    }

    private fun allFound() = LIBRARIES.joinToString { "${it.name} ${it.version() ?: "of an unknown version"}" }

    private fun Library.version(): String? = try {
        found()
    } catch (_: Exception) {
        null
    } catch (_: LinkageError) {
        null
    }

    private fun Library.isTooOld(): Boolean = version()?.let { isBelow(it, floor) } == true

    /** Compares numbers only: a suffix such as `-RC` says nothing here. */
    internal fun isBelow(version: String, floor: String): Boolean {
        val have = numbers(version)
        val need = numbers(floor)
        for (i in need.indices) {
            val part = have.getOrElse(i) { 0 }
            if (part != need[i]) return part < need[i]
        }
        return false
    }

    private fun numbers(version: String) = version.substringBefore('-').split('.').map { it.toIntOrNull() ?: 0 }

    private fun coroutinesVersion(): String? =
        Job::class.java.classLoader.getResourceAsStream("META-INF/kotlinx_coroutines_core.version")?.use {
            it.readBytes().decodeToString().trim()
        }

    private inline fun manifestVersion(of: () -> Class<*>): String? = of().`package`?.implementationVersion

    private const val HELP =
        "take all of them from one platform, for example by importing cachewire-bom-platform before any other BOM"
    private const val MAX_CAUSES = 20
    private val VM_ERRORS = Regex("OutOfMemoryError|StackOverflowError")
}
