package io.cachewire.samples

import io.cachewire.fixture.MemcachedServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path

/** Python, Kotlin and Java on three servers; needs pymemcache (python3-pymemcache), without which it fails in CI. */
class SharedUsersTest :
    FunSpec({
        val program = Path.of(
            System.getProperty("basedir", ""),
        ).toAbsolutePath().resolve("src/main/python/shared_users.py")

        fun says(command: List<String>): Pair<Int, String> {
            val process =
                ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .also { it.environment()["PYTHONIOENCODING"] = "utf-8" }
                    .start()
            val text = process.inputStream.readAllBytes().decodeToString()
            return process.waitFor() to text
        }

        // Debian's modules belong to Debian's Python, which is not always the first on the PATH
        val python =
            listOf("/usr/bin/python3", "python3").firstOrNull { name ->
                runCatching { says(listOf(name, "-c", "import pymemcache")).first == 0 }.getOrDefault(false)
            }
        if (python == null) {
            println("SharedUsersTest: skipped outside of CI, it needs python3-pymemcache")
        }

        fun printed(program: Sample.Program, servers: List<String>): List<String> {
            val out = ByteArrayOutputStream()
            program.run(servers.toTypedArray(), PrintStream(out, true, Charsets.UTF_8))
            return out.toString(Charsets.UTF_8).trim().lines()
        }

        test("Python writes, Kotlin and Java read it and are read by Python")
            .config(enabled = python != null || System.getenv("CI") == "true") {
                val pool = List(3) { MemcachedServer.start() }
                try {
                    val servers = pool.map { it.address().toString() }
                    val command = listOf(checkNotNull(python) { "install python3-pymemcache" }, program.toString())
                    says(command + "write" + servers) shouldBe (0 to "")
                    printed({ names, out -> runBlocking { sharedUsers(names, out) } }, servers) shouldBe
                        listOf("greeting Grüße from Python", "user     User(id=1, name=Ada)")
                    printed(SharedUsersJava::run, servers) shouldBe
                        listOf("greeting Grüße from Python", "user     {id=1, name=Ada}")
                    says(command + "read" + servers) shouldBe
                        (
                            0 to
                                "shared:kotlin {\"id\": 2, \"name\": \"Grace\"}\nshared:java {\"id\": 3, \"name\": \"Edsger\"}\n"
                            )
                } finally {
                    pool.forEach { it.close() }
                }
            }
    })
