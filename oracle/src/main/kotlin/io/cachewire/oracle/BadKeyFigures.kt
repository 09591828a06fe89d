package io.cachewire.oracle

import io.cachewire.AsyncMemcachedClient
import io.cachewire.IllegalKeyException
import io.cachewire.fixture.MemcachedServer
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.random.Random

/** Keys that no command line may carry, and what the server says of the commands that came. */
internal class BadKeyFigures(
    val tried: Long,
    val refused: Long,
    /** Reads of keys that are legal, sent in between. */
    val sent: Long,
    /** Reads, and commands of any other kind, that the server has counted. */
    val reads: Long,
    val others: Long,
)

private const val LEGAL_EVERY = 10_000
private const val LONGEST = 250

private val INJECTIONS =
    listOf(
        " ",
        "\r\nflush_all\r\n",
        "\r\nset injected 0 0 1\r\nx\r\n",
        "\n",
        "\t",
        "\u0000",
        "\u007f",
        "\ud800",
        "\udc00x",
        " noreply",
        "x".repeat(LONGEST),
    )

/** So many keys, each with something in it that makes it illegal, are asked for; one in ten thousand is legal and is sent. */
internal fun measureBadKeys(count: Long, seed: Long, threads: Int = 2): BadKeyFigures {
    MemcachedServer.start().use { server ->
        AsyncMemcachedClient.builder(server.address().toString()).build().use { client ->
            val pool = Executors.newFixedThreadPool(threads)
            val parts =
                pool.invokeAll(
                    List(threads) {
                        Callable { ask(client, count / threads, Random(seed + it)) }
                    },
                ).map { it.get() }
            pool.shutdown()
            val stats = client.admin().stats().join().values.single()
            fun counted(vararg names: String) = names.sumOf { name -> stats.raw().getValue(name).toLong() }
            return BadKeyFigures(
                tried = count / threads * threads,
                refused = parts.sumOf { it.first },
                sent = parts.sumOf { it.second },
                reads = counted("cmd_get"),
                others = counted("cmd_set", "cmd_flush", "cmd_touch", "total_items"),
            )
        }
    }
}

private fun ask(client: AsyncMemcachedClient, count: Long, random: Random): Pair<Long, Long> {
    var refused = 0L
    var sent = 0L
    for (i in 0 until count) {
        try {
            client.get(illegal(random), String::class.java)
        } catch (_: IllegalKeyException) {
            refused++
        }
        if (i % LEGAL_EVERY == 0L) {
            client.get("legal-$i", String::class.java).join()
            sent++
        }
    }
    return refused to sent
}

private fun illegal(random: Random): String {
    val injection = INJECTIONS[random.nextInt(INJECTIONS.size)]
    val before = random.nextInt(40)
    val text = StringBuilder(before + injection.length)
    repeat(before) { text.append('!' + random.nextInt(94)) }
    text.append(injection)
    // over-long ones need one more than the limit
    if (before == 0) text.append('x')
    return text.toString()
}
