package io.cachewire.oracle

import io.cachewire.AsyncMemcachedClient
import io.cachewire.IllegalKeyException
import io.cachewire.fixture.FaultProxy
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
    /** Bytes that went to the server for keys that were refused. */
    val bytes: Long,
)

private const val PARTS = 10
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

/**
 * So many keys, each with something in it that makes it illegal, are asked for, in parts with a legal read before each and one behind the last. The
 * proxy counts what goes to the server during the parts.
 */
internal fun measureBadKeys(count: Long, seed: Long, threads: Int = 2): BadKeyFigures {
    MemcachedServer.start().use { server ->
        FaultProxy.to(server.address()).use { proxy ->
            AsyncMemcachedClient.builder(proxy.address().toString()).build().use { client ->
                val each = count / PARTS / threads
                var refused = 0L
                var bytes = 0L
                fun stats() = client.admin().stats().join().values.single().raw()
                // the greeting reads and replaces a key that no item has
                client.get("first", String::class.java).join()
                val greeted = stats()
                repeat(PARTS) { part ->
                    client.get("legal-$part", String::class.java).join()
                    val before = proxy.up().received()
                    refused += ask(client, each, threads, seed + part.toLong() * threads)
                    bytes += proxy.up().received() - before
                }
                client.get("legal", String::class.java).join()
                val stats = stats()
                fun counted(vararg names: String) =
                    names.sumOf { name -> stats.getValue(name).toLong() - greeted.getValue(name).toLong() }
                return BadKeyFigures(
                    tried = each * threads * PARTS,
                    refused = refused,
                    sent = PARTS + 1L,
                    reads = counted("cmd_get"),
                    others = counted("cmd_set", "cmd_flush", "cmd_touch", "total_items"),
                    bytes = bytes,
                )
            }
        }
    }
}

private fun ask(client: AsyncMemcachedClient, each: Long, threads: Int, seed: Long): Long {
    val pool = Executors.newFixedThreadPool(threads)
    try {
        return pool.invokeAll(
            List(threads) {
                Callable { refused(client, each, Random(seed + it)) }
            },
        ).sumOf { it.get() }
    } finally {
        pool.shutdown()
    }
}

private fun refused(client: AsyncMemcachedClient, count: Long, random: Random): Long {
    var refused = 0L
    for (i in 0 until count) {
        try {
            client.get(illegal(random), String::class.java)
        } catch (_: IllegalKeyException) {
            refused++
        }
    }
    return refused
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
