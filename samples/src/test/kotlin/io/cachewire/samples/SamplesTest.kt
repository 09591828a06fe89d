package io.cachewire.samples

import io.cachewire.embedded.EmbeddedMemcached
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** Each program as a user runs it: on the embedded server, on a server of the user's, and on one that is not there. */
class SamplesTest :
    FunSpec({
        val quickStart =
            listOf(
                "get      User(id=1, name=Ada)",
                "update   User(id=1, name=Grace)",
                "getAll   [User(id=1, name=Grace), User(id=2, name=Edsger), User(id=3, name=Barbara)]",
                "counter  6",
                "delete   true",
                "a miss   null",
            )
        val films =
            listOf(
                "14, Glass Harbour, rented 413 times",
                "3, A Clock for Mr Ambrose, rented 399 times",
                "5, The Cartographer's Daughter, rented 376 times",
                "1, The Last Ferry to Norwold, rented 330 times",
                "9, The Quiet Orchestra, rented 326 times",
            )
        val fromBoth = films + "from database" + films + "from memcached"
        val fromCache = films + "from memcached" + films + "from memcached"

        val programs =
            mapOf<String, Sample.Program>(
                "KotlinQuickStart" to Sample.Program { servers, out -> runBlocking { kotlinQuickStart(servers, out) } },
                "JavaQuickStart" to Sample.Program(JavaQuickStart::run),
                "TopFilms" to Sample.Program { servers, out -> runBlocking { topFilmsTwice(servers, out) } },
                "TopFilmsJava" to Sample.Program(TopFilmsJava::run),
                "JacksonRecords" to Sample.Program(JacksonRecords::run),
                "KtorService" to Sample.Program { servers, out -> runBlocking { ktorService(servers, out) } },
                "FilmService" to Sample.Program { servers, out -> runBlocking { filmService(servers, out) } },
            )

        class Run(val status: Int, val out: String, val err: String) {
            /** What came behind the line that names the servers. */
            val lines = out.lines().drop(1).dropLast(1)
        }

        fun run(program: String, servers: String? = null): Run {
            val out = ByteArrayOutputStream()
            val err = ByteArrayOutputStream()
            val status = Sample.run(programs.getValue(program), servers, PrintStream(out), PrintStream(err))
            return Run(status, out.toString(), err.toString())
        }

        test("the Kotlin quick start prints what it stored") {
            val run = run("KotlinQuickStart")
            run.err shouldBe ""
            run.lines shouldContainExactly quickStart
        }

        test("the Java quick start prints what it stored") {
            val run = run("JavaQuickStart")
            run.err shouldBe ""
            run.lines shouldContainExactly
                quickStart.map { it.replace("User(", "User[").replace("),", "],").replace(Regex("\\)(]?)$"), "]$1") }
        }

        test("the records are plain JSON that comes back") {
            val run = run("JacksonRecords")
            run.err shouldBe ""
            run.lines shouldContainExactly
                listOf(
                    "get      Order[id=7, day=2026-11-30, lines=[Line[article=tea, pieces=2]]]",
                    """stored   {"id":7,"day":"2026-11-30","lines":[{"article":"tea","pieces":2}]}""",
                    "list     1",
                )
        }

        for (program in listOf("TopFilms", "TopFilmsJava")) {
            test("$program asks the database once") {
                val run = run(program)
                run.err shouldBe ""
                run.lines shouldContainExactly fromBoth
                run.status shouldBe 0
            }
        }

        test("the film programs read what the other one stored") {
            EmbeddedMemcached.start().use { memcached ->
                run("TopFilms", memcached.address()).lines shouldContainExactly fromBoth
                run("TopFilmsJava", memcached.address()).lines shouldContainExactly fromCache
                run("TopFilms", memcached.address()).lines shouldContainExactly fromCache
            }
        }

        test("the Ktor service has one session in two instances and a page that is made once") {
            val run = run("KtorService")
            run.err shouldBe ""
            run.lines shouldContainExactly
                listOf(
                    "/visit 401",
                    "/login/ada 200 welcome",
                    "/visit 200 visit 1 of ada",
                    "/visit 200 visit 2 of ada",
                    "/films/14 200 Glass Harbour (miss)",
                    "/logout 200 bye",
                    "/films/14 200 Glass Harbour (hit)",
                    "/visit 401",
                )
        }

        test("the film service asks the database for each film, and then the cache") {
            EmbeddedMemcached.start().use { memcached ->
                val counts = Regex("200 requests, 20 at a time: (\\d+) from database, (\\d+) from memcached")
                fun sources() = counts.matchEntire(run("FilmService", memcached.address()).lines.last())!!.destructured
                val (database, cache) = sources()
                // each film once, and again for those who asked before the first answer was stored
                database.toInt() shouldBeInRange 15..150
                database.toInt() + cache.toInt() shouldBe 200
                val (again, rest) = sources()
                again shouldBe "0"
                rest shouldBe "200"
            }
        }

        for (program in programs.keys) {
            test("$program says that no server can be reached") {
                val run = run(program, "127.0.0.1:1, localhost:2")
                run.status shouldBe 1
                run.err shouldContain "Connection refused"
                run.err shouldContain "MEMCACHED_SERVERS"
                run.err shouldNotContain "\tat "
                run.lines shouldContainExactly emptyList()
            }
        }

        test("a server address that does not parse is named") {
            val run = run("TopFilms", "cache-1:memcached")
            run.status shouldBe 1
            run.err shouldContain "bad server address \"cache-1:memcached\""
        }
    })
