package io.cachewire.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText

/** What Prometheus would scrape of both samples, and that the dashboard asks for nothing else. */
class ObservedTest :
    FunSpec({
        val programs =
            mapOf<String, Sample.Program>(
                "Observed" to Sample.Program { _, out -> runBlocking { observed(out) } },
                "ObservedJava" to Sample.Program(ObservedJava::run),
            )

        fun output(program: String): String {
            val out = ByteArrayOutputStream()
            val err = ByteArrayOutputStream()
            Sample.run(programs.getValue(program), null, PrintStream(out), PrintStream(err)) shouldBe 0
            err.toString() shouldBe ""
            return out.toString()
        }

        fun String.value(name: String, vararg tags: String) = lines()
            .filter { line -> line.startsWith("$name{") && tags.all { it in line } }
            .sumOf { it.substringAfterLast(' ').toDouble() }

        for (program in programs.keys) {
            test("$program shows a server that works, is dead, and is back") {
                val (up, down, back) = output(program).split(Regex("--- \\w+\n")).drop(1)
                val get = arrayOf("operation=\"get\"")
                up.value("memcached_client_operation_seconds_count", *get, "outcome=\"hit\"") shouldBe 1.0
                up.value("memcached_client_operation_seconds_count", *get, "outcome=\"miss\"") shouldBe 1.0
                up.value("cache_gets_total", "cache=\"users\"", "result=\"hit\"") shouldBe 1.0
                up.value("cache_puts_total", "cache=\"users\"") shouldBe 1.0
                up shouldNotContain "outcome=\"error\""
                down.value("memcached_client_operation_seconds_count", *get, "outcome=\"error\"") shouldBe 1.0
                down shouldContain "error=\"ConnectionLostException\""
                // the new server is empty
                back.value("memcached_client_operation_seconds_count", *get, "outcome=\"miss\"") shouldBe 2.0
            }
        }

        fun strings(element: JsonElement, name: String): List<String> = when (element) {
            is JsonObject -> element.flatMap { (key, value) ->
                if (key == name && value is JsonPrimitive) listOf(value.content) else strings(value, name)
            }

            is JsonPrimitive -> emptyList()

            else -> element.jsonArray.flatMap { strings(it, name) }
        }

        test("the dashboard asks for meters and tags that there are") {
            val root =
                generateSequence(Path.of("").toAbsolutePath()) { it.parent }.first { it.resolve("mvnw").exists() }
            val dashboard = Json.parseToJsonElement(
                root.resolve("docs/dashboards/cachewire.json").readText(),
            ).jsonObject
            dashboard["title"]!!.jsonPrimitive.content shouldBe "Cachewire"
            val queries = strings(dashboard, "expr") + strings(dashboard, "query")
            val asked = queries.flatMap { Regex("\\b(?:memcached|cache)_\\w+").findAll(it).map { name -> name.value } }
            val scraped = output("ObservedJava").lines().filter {
                it.startsWith("memcached_") || it.startsWith("cache_")
            }
            asked.shouldNotBeEmpty()
            scraped.map { it.substringBefore('{').substringBefore(' ') }.toSet() shouldContainAll asked.toSet()
            val tags = queries.flatMap { Regex("(\\w+)=~?\"").findAll(it).map { tag -> tag.groupValues[1] } } +
                queries.flatMap {
                    Regex("by \\(([^)]*)\\)").findAll(it).flatMap { by -> by.groupValues[1].split(", ") }
                }
            val known = scraped.flatMap { Regex("(\\w+)=\"").findAll(it).map { tag -> tag.groupValues[1] } }.toSet()
            known shouldContainAll tags.toSet()
        }
    })
