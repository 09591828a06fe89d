package io.cachewire.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the documentation shows as code is in the samples, which are compiled and run. */
class DocumentationTest :
    FunSpec({
        val root = generateSequence(Path.of("").toAbsolutePath()) {
            it.parent
        }.first { Files.exists(it.resolve("mvnw")) }

        fun flat(lines: List<String>) = lines.map {
            it.substringBefore("    //").trim()
        }.filter { it.isNotEmpty() }.joinToString("\n", "\n", "\n")

        fun sources(extension: String): List<String> = Files.walk(root.resolve("samples/src/main")).use { files ->
            files.filter { it.extension == extension }.map { flat(it.readLines()) }.toList()
        }

        val sources = mapOf("kotlin" to sources("kt"), "java" to sources("java"))

        /** The code blocks of a page in one language. */
        fun blocks(page: String, language: String): List<String> =
            Regex("```$language\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
                .findAll(root.resolve(page).readText())
                .map { flat(it.groupValues[1].lines()) }
                .toList()

        val pages =
            mapOf(
                "README.md" to listOf("kotlin", "java"),
                "docs/guide-kotlin.md" to listOf("kotlin"),
                "docs/guide-java.md" to listOf("java"),
                "docs/jackson.md" to listOf("java"),
                "docs/interop.md" to listOf("kotlin"),
                "docs/ktor.md" to listOf("kotlin"),
                "docs/recipes.md" to listOf("kotlin"),
            )
        for ((page, languages) in pages) {
            for (language in languages) {
                test("$page quotes its $language from the samples") {
                    val blocks = blocks(page, language)
                    blocks.shouldNotBeEmpty()
                    blocks.filter { block -> sources.getValue(language).none { block in it } }.shouldBeEmpty()
                }
            }
        }

        test("docs/coming-from.md quotes its calls from the samples") {
            val calls =
                Regex("`([^`]+)`")
                    .findAll(root.resolve("docs/coming-from.md").readText())
                    .map { it.groupValues[1] }
                    .filter {
                        it.startsWith("cache.") || it.startsWith("MemcachedClient(") ||
                            it.matches(Regex("[a-zA-Z]+ = .+"))
                    }
                    .toList()
            calls.shouldNotBeEmpty()
            calls.filter { call -> sources.getValue("kotlin").none { call in it } }.shouldBeEmpty()
        }
    })
