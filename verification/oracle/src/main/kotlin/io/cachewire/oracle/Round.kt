package io.cachewire.oracle

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.OverloadedException
import io.cachewire.ServerAddress
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.LeakCheck
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** Makes the client of a round, which is to use [PayloadSerde] and its scheme. */
internal typealias ClientMaker = (ServerAddress, Target, Configuration) -> MemcachedClient

/** The client as it is. */
internal fun client(server: ServerAddress, target: Target, configuration: Configuration) = MemcachedClient {
    servers = listOf(server) + target.others
    tls = target.tls
    protocol = configuration.protocol
    connectionsPerServer = configuration.connections
    serde = PayloadSerde
    flagScheme = PayloadSerde.SCHEME
    requestTimeout = configuration.requestTimeout
    connectTimeout = 700.milliseconds
    stallTimeout = 400.milliseconds
    maxPendingRequests = Round.MAX_PENDING
    backoff(10.milliseconds, 100.milliseconds)
}

/** What came of a round. */
internal class RoundReport(
    val configuration: Configuration,
    val seed: Long,
    val took: Duration,
    val tally: Tally,
    val violations: List<Violation>,
) {
    override fun toString() = "${configuration.name} seed $seed: ${tally.calls.sum()} calls in $took, " +
        "${tally.checked.sum()} answers checked, ${tally.hits.sum()} hits, ${tally.cancels.sum()} cancels, " +
        "${tally.timeouts.sum()} timeouts, ${tally.lost.sum()} lost, ${tally.faults()} faults, " +
        "${violations.size} violations"
}

/** A server, a client and its callers for some time, under one configuration; then everything must be as before. */
internal class Round(
    private val configuration: Configuration,
    private val seed: Long,
    private val limits: Limits = Limits(),
    private val makeTarget: () -> Target = { RealTarget(configuration.wire, configuration.servers) },
    private val makeClient: ClientMaker = ::client,
) {
    private val run = seed.toString(36)
    private val findings = Findings("${configuration.name} seed ${seed}L")
    private val tally = Tally()
    private val start = TimeSource.Monotonic.markNow()

    /** Runs until the time is over or the first violation. */
    suspend fun run(length: Duration): RoundReport {
        val leaks = LeakCheck.baseline("cachewire-", "oracle-")
        val alarms = ScheduledThreadPoolExecutor(1) { daemon(it) }.also { it.removeOnCancelPolicy = true }
        val threads = Executors.newCachedThreadPool { daemon(it) }.asCoroutineDispatcher()
        StallMeter(tally).use { meter ->
            meter.start()
            makeTarget().use { target ->
                FaultProxy.to(target.address).use { proxy ->
                    val field = Field(configuration, run, findings, tally, limits, alarms)
                    val through = if (configuration.wire == Wire.UNIX) target.address else proxy.address()
                    makeClient(through, target, configuration).use { client ->
                        play(field, target, proxy, client, threads, length)
                        tally.connections.add(proxy.accepted().toLong())
                    }
                    if (findings.isEmpty) {
                        await(field, "connections of a closed client", 2.seconds) { proxy.open() == 0 }
                    }
                }
            }
        }
        threads.close()
        alarms.shutdownNow()
        if (findings.isEmpty) {
            try {
                leaks.awaitBaseline(10.seconds.toJavaDuration())
            } catch (e: Throwable) {
                findings.report(Invariant.CLEAN, "-", "left behind: ${e.message}")
            }
        }
        return RoundReport(configuration, seed, start.elapsedNow(), tally, findings.all())
    }

    private fun daemon(body: Runnable) = Thread(body, "oracle-caller").also { it.isDaemon = true }

    private suspend fun play(
        field: Field,
        target: Target,
        proxy: FaultProxy,
        client: MemcachedClient,
        threads: ExecutorCoroutineDispatcher,
        length: Duration,
    ) {
        val faces = Faces(SuspendCache(client), FutureCache(client.async()), ThreadCache(client.blocking(), threads))
        val crew = Crew(field, faces, seed)
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        val jobs = crew.start(scope)
        Chaos(field, target, client.blocking(), proxy, seed).use { chaos ->
            chaos.start()
            while (field.goesOn && start.elapsedNow() < length) delay(5.milliseconds)
        }
        field.stopped = true
        withTimeoutOrNull(limits.overrun + configuration.requestTimeout) { jobs.joinAll() }
            ?: findings.report(Invariant.LIVE, "-", "calls without an end: ${crew.busy()}")
        scope.cancel()
        // a server that goes on lying will not let it work
        if (findings.isEmpty && configuration.honestServer) worksAgain(client)
        if (findings.isEmpty && configuration.honestServer && configuration.connections * configuration.servers == 1) {
            permitsAreBack(client, target)
        }
    }

    /** After the first success, which has to come soon, 100 of 100 round trips, some at the same time. */
    private suspend fun worksAgain(client: MemcachedClient) {
        val patient = SuspendCache(client.withRequestTimeout(limits.recovery))
        val begin = TimeSource.Monotonic.markNow()
        while (!answers(patient)) {
            if (begin.elapsedNow() > limits.recovery) {
                findings.report(Invariant.LIVE, "-", "no call succeeds ${begin.elapsedNow()} after the last fault")
                return
            }
            delay(1.milliseconds)
        }
        val jobs =
            List(10) { caller ->
                CoroutineScope(Dispatchers.Default).launch {
                    repeat(10) {
                        val key = "$run:again-$caller-$it"
                        try {
                            patient.set(key, Payload(run, key, caller, 1))
                            if (patient.get(key)?.payload?.key != key) {
                                findings.report(Invariant.OWN, key, "did not come back after the last fault")
                            }
                        } catch (e: Exception) {
                            findings.report(Invariant.LIVE, key, "failed after the last fault: $e")
                        }
                    }
                }
            }
        withTimeoutOrNull(limits.recovery) { jobs.joinAll() }
            ?: findings.report(Invariant.LIVE, "-", "no 100 round trips in ${begin.elapsedNow()} after the last fault")
    }

    private suspend fun answers(cache: Cache) = try {
        // some for each server: of 27 keys one server of three has none in one round of 57 000
        repeat(if (configuration.servers == 1) 1 else KEYS_FOR_ALL) { cache.text("$run:again-$it") }
        true
    } catch (_: MemcachedException) {
        false
    }

    /** With nothing answered, exactly as many requests as the setting says are taken. Not with more connections: their shares differ. */
    private fun permitsAreBack(client: MemcachedClient, target: Target) {
        val patient = client.withRequestTimeout(limits.overrun).async()
        repeat(ATTEMPTS) {
            target.pause()
            val calls = List(MAX_PENDING + 1) { patient.get("$run:permit", String::class.java) }
            val refused =
                try {
                    CompletableFuture.anyOf(calls.last()).get(1, TimeUnit.SECONDS)
                    false
                } catch (e: ExecutionException) {
                    e.cause is OverloadedException
                } catch (_: java.util.concurrent.TimeoutException) {
                    false
                }
            target.resume()
            val failures = calls.mapNotNull { it.failure() }
            // a stalled connection is closed, and its successor has permits of its own: no proof of anything
            if (refused && failures.all { it is OverloadedException }) {
                if (failures.size != 1) {
                    findings.report(
                        Invariant.CLEAN,
                        "-",
                        "${failures.size - 1} of $MAX_PENDING permits have not come back",
                    )
                }
                return
            }
        }
        println("$run: the permits could not be counted, because the machine was too slow")
    }

    private fun CompletableFuture<*>.failure(): Throwable? = try {
        get(limits.overrun.inWholeMilliseconds * 2, TimeUnit.MILLISECONDS)
        null
    } catch (e: ExecutionException) {
        e.cause
    }

    private suspend fun await(field: Field, what: String, limit: Duration, condition: () -> Boolean) {
        val begin = TimeSource.Monotonic.markNow()
        while (!condition()) {
            if (begin.elapsedNow() > limit) {
                field.findings.report(Invariant.CLEAN, "-", what)
                return
            }
            delay(2.milliseconds)
        }
    }

    internal companion object {
        /** More than the load ever has pending, and few enough to be counted at the end. */
        const val MAX_PENDING = 8192
        private const val ATTEMPTS = 5
        private const val KEYS_FOR_ALL = 27
    }
}
