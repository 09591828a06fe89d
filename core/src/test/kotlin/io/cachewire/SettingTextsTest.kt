package io.cachewire

import io.cachewire.routing.RoutingPreset
import io.cachewire.serde.Compression
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.datatest.withTests
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.time.Instant

private val SECRET = "s3cr3t-Pa55"

/** Each setting that has a text: the texts, one or more names, and what they set. */
private val TEXTS: List<Pair<Map<String, String>, (ClientBuilder<*>) -> Unit>> =
    listOf(
        mapOf("servers" to "a:1, b:2:3 ,[::1]:5,/run/m.sock") to
            { it.servers("a:1", "b:2:3", "[::1]:5", "/run/m.sock") },
        mapOf("servers" to "a;weight=7,udp:b:2;weight=2,/run/m.sock;weight=3") to
            {
                it.servers(
                    listOf(
                        ServerAddress("a", 11211, 7),
                        ServerAddress.parse("udp:b:2:2"),
                        ServerAddress.parse("/run/m.sock").withWeight(3),
                    ),
                )
            },
        mapOf("locator" to "pymemcache") to { it.locator(RoutingPreset.PYMEMCACHE) },
        mapOf("protocol" to "Text") to { it.protocol(Protocol.TEXT) },
        mapOf("cleartextCredentials" to "ALLOWED") to { it.cleartextCredentials(CleartextCredentials.ALLOWED) },
        mapOf("connectionsPerServer" to "3") to { it.connectionsPerServer(3) },
        mapOf("keyEncoding" to "utf8") to { it.keyEncoding(KeyEncoding.UTF8) },
        mapOf("longKeys" to "hash") to { it.longKeys(LongKeys.HASH) },
        mapOf("namespace" to "app:") to { it.namespace("app:") },
        mapOf("namespaceRouting" to "not-hashed") to { it.namespaceRouting(NamespaceRouting.NOT_HASHED) },
        mapOf("defaultExpiry" to "5m") to { it.defaultExpiry(Expiry.after(Duration.ofMinutes(5))) },
        mapOf("defaultExpiry" to "2030-01-01T00:00:00Z") to
            { it.defaultExpiry(Expiry.at(Instant.parse("2030-01-01T00:00:00Z"))) },
        mapOf("requestTimeout" to "250ms") to { it.requestTimeout(Duration.ofMillis(250)) },
        mapOf("REQUEST_TIMEOUT" to "PT1.5S") to { it.requestTimeout(Duration.ofMillis(1500)) },
        mapOf("connect-timeout" to "2s") to { it.connectTimeout(Duration.ofSeconds(2)) },
        mapOf("stallTimeout" to "1500us") to { it.stallTimeout(Duration.ofNanos(1_500_000)) },
        mapOf("backoff" to "10ms..1m") to { it.backoff(Duration.ofMillis(10), Duration.ofMinutes(1)) },
        mapOf("maxPendingRequests" to "128") to { it.maxPendingRequests(128) },
        mapOf("maxInFlight" to "1") to { it.maxInFlight(1) },
        mapOf("maxPendingBytes" to "3MB") to { it.maxPendingBytes(3L shl 20) },
        mapOf("memoryBudget" to "1g") to { it.memoryBudget(1L shl 30) },
        mapOf("maxValueBytes" to "2MiB") to { it.maxValueBytes(2 shl 20) },
        mapOf("maxValueBytes" to "1000001") to { it.maxValueBytes(1_000_001) },
        mapOf("updateAttempts" to "7") to { it.updateAttempts(7) },
        mapOf("failureMode" to "rehash") to { it.failureMode(FailureMode.REHASH) },
        mapOf("undecodable" to "miss") to { it.undecodable(Undecodable.MISS) },
        mapOf("writeFailures" to "ignore") to { it.writeFailures(WriteFailures.IGNORE) },
        mapOf("failureLimit" to "9") to { it.failureLimit(9) },
        mapOf("gutter.servers" to "g:1,h:2", "gutter.longestTtl" to "10s") to
            {
                it.gutter(
                    Gutter(
                        listOf(ServerAddress.parse("g:1"), ServerAddress.parse("h:2")),
                        Duration.ofSeconds(10),
                    ),
                )
            },
        mapOf("gutter.servers" to "g:1", "gutter.longest-ttl" to "10s", "failure-mode" to "throw") to
            {
                it.gutter(Gutter(listOf(ServerAddress.parse("g:1")), Duration.ofSeconds(10)))
                it.failureMode(FailureMode.THROW)
            },
        mapOf("retryPolicy" to "never") to { it.retryPolicy(RetryPolicy.never()) },
        mapOf("retryPolicy" to "backing-off(3, 50ms)") to
            { it.retryPolicy(RetryPolicy.backingOff(3, Duration.ofMillis(50))) },
    )

private fun builder() = BlockingMemcachedClient.builder()

private fun settings(vararg texts: Pair<String, String>) = builder().settings(mapOf(*texts)).settings()

private fun refusal(vararg texts: Pair<String, String>): String =
    shouldThrow<IllegalRequestException> { settings(*texts) }.message!!

private fun refused(connectionString: String): String =
    shouldThrow<IllegalRequestException> { builder().connectionString(connectionString) }.message!!

/** Settings as text, and connection strings. */
class SettingTextsTest :
    FunSpec({
        context("a text sets what the builder's method sets, and is written so that it is read as the same") {
            withTests(nameFn = { (texts, _) -> texts.toString() }, TEXTS) { (texts, byMethod) ->
                val expected = builder().also(byMethod).settings()
                val read = builder().settings(texts).settings()
                read shouldBe expected
                builder().settings(read.toTexts()).settings() shouldBe expected
                builder().connectionString(read.toConnectionString()).settings() shouldBe expected
            }
        }

        test("every setting was tried here, or has no text") {
            val tried =
                TEXTS.flatMap { (texts, _) -> texts.keys.map { SettingTexts.canonical(it.substringBefore('.')) } } +
                    listOf("tls", "credentials", "compression")
            Setting.all().filter { SettingTexts.canonical(it.name()) !in tried }.map { it.name() } shouldContainExactly
                listOf("interop", "serdes", "flagScheme", "keyRewriting", "callbackExecutor", "listeners")
            Setting.all().filter { it.text() == null }.map { it.name() } shouldContainExactly
                listOf("interop", "serdes", "flagScheme", "keyRewriting", "callbackExecutor", "listeners")
        }

        test("TLS is switched on and off, and TLS of any kind is written") {
            (settings("tls" to "true").tls() != null) shouldBe true
            settings("tls" to "false").tls() shouldBe null
            settings("tls" to "true").toTexts() shouldBe mapOf("tls" to "true")
            builder().connectionString("memcacheds://a").settings().toConnectionString() shouldBe "memcacheds://a:11211"
        }

        test("compression") {
            for (text in listOf("none", "zlib(2048, 6)", "gzip(0, 9)", "zlib(1, 1, 20)")) {
                settings("compression" to text).compression().toString() shouldBe text
            }
            settings("compression" to "Zlib( 2KiB ,6)").toTexts() shouldBe mapOf("compression" to "zlib(2048, 6)")
            settings("compression" to "none").toTexts() shouldBe emptyMap()
        }

        test("a login is read, and written without its password") {
            val read = settings("credentials.user" to "ann", "credentials.password" to SECRET)
            val login = read.credentials() as Credentials
            login.user() shouldBe "ann"
            String(login.password()) shouldBe SECRET
            read.toTexts() shouldBe mapOf("credentials.user" to "ann")
            builder().servers("a:1").credentials(login).settings().toConnectionString() shouldBe "memcached://ann@a:1"
        }

        test("nothing that is as by default is written") {
            builder().settings().toTexts() shouldBe emptyMap()
        }

        test("a name in two spellings is refused") {
            refusal("requestTimeout" to "1s", "request-timeout" to "1s") shouldBe "requestTimeout is named twice"
        }

        context("what is not right is refused by name, with what is expected") {
            withTests(
                nameFn = { (text, _) -> text.toString() },
                ("requestTimeuot" to "1s") to "unknown setting \"requestTimeuot\"; did you mean requestTimeout?",
                ("password" to SECRET) to "unknown setting \"password\"; did you mean credentials.password?",
                ("timeout" to "1s") to "unknown setting \"timeout\"; did you mean requestTimeout?",
                ("" to "a") to "unknown setting \"\"; there are servers, locator, tls",
                ("gutter" to "a") to "\"gutter\"; its parts are gutter.servers and gutter.longestTtl",
                ("serdes" to "json") to "\"serdes\"; no text can say it, set it in the program",
                ("requestTimeout" to "250") to "requestTimeout: expected a duration with its unit (ns, us, ms, s",
                ("requestTimeout" to "") to "requestTimeout: expected a duration",
                ("requestTimeout" to "999999999999999999d") to "requestTimeout: expected a duration",
                ("requestTimeout" to "0ms") to "requestTimeout must be 1 ms to 1 day, not PT0S",
                ("protocol" to "redis") to "protocol: expected one of AUTO, META, TEXT, BINARY, not \"redis\"",
                ("connectionsPerServer" to "65") to "connectionsPerServer must be 1 to 64, not 65",
                ("connectionsPerServer" to "two") to "connectionsPerServer: expected a whole number, not \"two\"",
                ("tls" to "yes") to "tls: expected true or false, not \"yes\"",
                ("servers" to "a:1,") to "servers: expected servers with commas between them",
                ("servers" to "a:1;w=2") to "servers: expected nothing but ;weight=N behind an address",
                ("servers" to "a:1,a:1") to "servers: the server a:1 is named twice",
                ("credentials.user" to "ann") to "credentials: password is missing",
                ("gutter.servers" to "a:1") to "gutter: longestTtl is missing",
                ("backoff" to "1s") to "backoff: expected the first and the longest wait, as 50ms..2s, not \"1s\"",
                ("maxValueBytes" to "2TB") to "maxValueBytes: expected a number of bytes, as 1048576, 1024KiB or 1MiB",
                ("maxValueBytes" to "3g") to "maxValueBytes: expected less than 2 GiB, not \"3g\"",
                ("maxPendingBytes" to "99999999999g") to "maxPendingBytes: expected a number of bytes",
                ("compression" to "zlib") to "compression: expected none, zlib(threshold, level) or gzip",
                ("retryPolicy" to "always") to
                    "retryPolicy: expected standard, never or backingOff(retries, first wait)",
            ) { (text, message) ->
                refusal(text) shouldContain message
            }
        }

        test("no message shows a password, wherever it stands") {
            val messages =
                listOf(
                    refusal("servers" to "ann:$SECRET@a:1"),
                    refusal("credentials.user" to "", "credentials.password" to SECRET),
                    refusal("credentials.user" to "ann", "credentials.password" to "$SECRET\u0000"),
                    refused("http://ann:$SECRET@a:1"),
                    refused("memcached://$SECRET@a:1"),
                    refused("memcached://ann:$SECRET@a:1,"),
                    refused("memcached://ann:$SECRET%zz@a:1"),
                    refused("memcached://a:1?password=$SECRET"),
                    refused("memcached://a:1?credentials.password=$SECRET"),
                    refused("memcached://ann:$SECRET@a:1:x"),
                    refused("memcached://ann:$SECRET/@a:1"),
                    refused("memcached://ann:$SECRET?a=b@a:1"),
                    refused("memcached://ann:1/?$SECRET=b@a:1"),
                    refused("memcached://ann:$SECRET@a:1@b:2;"),
                ) +
                    listOf("ann:$SECRET@a:1", "memcached://ann:$SECRET@a:1", "redis://ann:$SECRET@a:1").map {
                        shouldThrow<IllegalRequestException> { ServerAddress.parse(it) }.message!!
                    }
            for (message in messages) {
                withClue(message) { message shouldNotContain SECRET }
            }
        }

        test("a connection string with every part") {
            val text =
                "memcached://a%40b:p%3Aw@one:1,[::1]:2,two;weight=2,%2Frun%2Fm.sock/app%2F%3A" +
                    "?requestTimeout=250ms&failure-mode=MISS"
            val read = builder().connectionString(text).settings()
            val login = read.credentials() as Credentials
            login.user() shouldBe "a@b"
            String(login.password()) shouldBe "p:w"
            read.servers() shouldContainExactly
                listOf(
                    ServerAddress("one", 1),
                    ServerAddress("::1", 2),
                    ServerAddress("two", 11211, 2),
                    ServerAddress.parse("/run/m.sock"),
                )
            read.namespace() shouldBe "app/:"
            read.requestTimeout() shouldBe Duration.ofMillis(250)
            read.failureMode() shouldBe FailureMode.MISS
            read.toConnectionString() shouldBe
                "memcached://a%40b@one:1,[::1]:2,two:11211;weight=2,%2Frun%2Fm.sock/app/:" +
                "?requestTimeout=250ms&failureMode=MISS"
        }

        test("every character survives a connection string") {
            val odd = "é/?#%&=+@:,; \"[]\u4e2d"
            val before = builder().servers("a:1").namespace(odd).settings()
            builder().connectionString(before.toConnectionString()).settings() shouldBe before
        }

        context("what is no connection string is refused") {
            withTests(
                "" to "begins with",
                "a:11211" to "begins with",
                "memcached:/a" to "begins with",
                "redis://a" to "begins with",
                "memcached://a#b" to "%23",
                "memcached://a?requestTimeout" to "name=value",
                "memcached://a?=1s" to "name=value",
                "memcached://a?requestTimeout=1s&" to "name=value",
                "memcached://a?requestTimeout=1s&request_timeout=2s" to "twice",
                "memcached://a/x?namespace=y" to "twice",
                "memcacheds://a?tls=false" to "twice",
                "memcached://a?servers=b" to "twice",
                "memcached://a/%e4" to "UTF-8",
                "memcached://a/%4" to "hexadecimal",
                "memcached://a,,b" to "commas",
                "memcached://user@a" to "colon",
                "memcached://a?nothing=1" to "unknown setting",
            ) { (text, part) ->
                refused(text) shouldContain part
            }
        }

        test("environment variables: ours alone, and one of a setting wins over the connection string") {
            val read =
                builder()
                    .environment(
                        mapOf(
                            "PATH" to "x",
                            "CACHEWIRE_CONNECTION_STRING" to "memcached://a:1/app:?requestTimeout=1s&failureLimit=2",
                            "CACHEWIRE_REQUEST_TIMEOUT" to "2s",
                            "CACHEWIRE_GUTTER_SERVERS" to "g:1",
                            "CACHEWIRE_GUTTER_LONGEST_TTL" to "5s",
                        ),
                    ).settings()
            read.toTexts() shouldBe
                mapOf(
                    "servers" to "a:1",
                    "namespace" to "app:",
                    "requestTimeout" to "2s",
                    "gutter.servers" to "g:1",
                    "gutter.longestTtl" to "5s",
                    "failureMode" to "GUTTER",
                    "failureLimit" to "2",
                )
            shouldThrow<IllegalRequestException> {
                builder().environment(mapOf("CACHEWIRE_TIMEOUT" to "1s"))
            }.message shouldContain "unknown setting \"TIMEOUT\""
        }

        test("the page on settings has each setting with its default and an example, and nothing else") {
            val page = Files.readAllLines(Path.of("..", "docs", "settings.md"))
            val rows =
                page
                    .filter { it.startsWith("| `") }
                    .map { row -> row.split("|").map { it.trim() } }
                    .associate { it[1].trim('`') to (it[2].trim('`') to it[3].trim('`')) }
            rows.keys shouldContainExactly
                Setting
                    .all()
                    .flatMap { setting -> setting.text()?.endings().orEmpty().map { setting.name() + it } }
                    .toSet()
            val examples = rows.mapValues { (_, texts) -> texts.first.substringBefore("`") }
            builder().settings(examples)
            for (setting in Setting.all().filter { it.text() != null && it != Setting.MEMORY_BUDGET }) {
                withClue(setting.name()) {
                    for ((ending, text) in defaults(setting)) {
                        rows.getValue(setting.name() + ending).second shouldBe text
                    }
                }
            }
        }

        test("the Kotlin configuration reads them too") {
            MemcachedClient {
                connectionString("memcached://a:1?requestTimeout=1s")
                settings(mapOf("failureLimit" to "2"))
                environment(mapOf("CACHEWIRE_NAMESPACE" to "app:"))
            }.use {
                it.settings().toConnectionString() shouldBe "memcached://a:1/app:?requestTimeout=1s&failureLimit=2"
            }
        }
    })

private fun <T : Any> defaults(setting: Setting<T>): Map<String, String> = setting.text()!!.write(setting.initial())
