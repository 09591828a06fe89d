package io.cachewire.oracle

import io.cachewire.FailureMode
import io.cachewire.MemcachedClient
import io.cachewire.MutantClients
import io.cachewire.Protocol
import io.cachewire.fixture.Delivery
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.MonkeyFault
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.line.MetaDialect
import io.cachewire.internal.protocol.line.TextDialect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldNotBeEmpty
import java.util.concurrent.ThreadLocalRandom
import kotlin.time.Duration.Companion.seconds

private fun calm(protocol: Protocol) =
    Configuration(protocol, 1, networkFaults = emptySet(), serverFaults = emptySet(), honestServer = false)

private val CALM = calm(Protocol.META)

private val CUTS =
    setOf(
        MonkeyFault.CLOSE_ALL,
        MonkeyFault.RESET_ALL,
        MonkeyFault.DROP,
        MonkeyFault.CLOSE_AFTER,
        MonkeyFault.RESET_AFTER,
    )

/** So much time a mutant has to stay hidden. */
private val LIMIT = 60.seconds

private fun mutant(change: (MemcachedClient) -> MemcachedClient): ClientMaker =
    { server, target, configuration -> client(server, target, configuration).use(change) }

private fun lying(lie: Lie): () -> Target = {
    HostileTarget(HostileServer.start().on({ ThreadLocalRandom.current().nextInt(100) == 0 }, lie))
}

private fun lyingToReads(lie: Lie): () -> Target = {
    HostileTarget(
        HostileServer.start().on({ it.command() == "mg" && ThreadLocalRandom.current().nextInt(100) == 0 }, lie),
    )
}

private val DIALECTS: Map<Protocol, Dialect> = mapOf(Protocol.META to MetaDialect(), Protocol.TEXT to TextDialect())

private suspend fun shouldBeFound(round: Round, by: Set<Invariant>) {
    val report = round.run(LIMIT)
    report.violations.shouldNotBeEmpty()
    val first = report.violations.first()
    println("found by ${first.invariant} after ${first.at}, ${report.tally.checked.sum()} answers")
    first.invariant shouldBeIn by
}

/** The oracle against clients and servers with a planted fault: it must find each. */
class MutantsTest :
    FunSpec({
        // which caller is the first to get a wrong answer is chance
        val anyAnswer = Invariant.entries.toSet() - setOf(Invariant.LIVE, Invariant.CLEAN)

        test("F02 the oracle finds a waiter that leaves the queue when it is cancelled") {
            val client = mutant { right ->
                val server = right.settings().servers().first()
                MutantClients.withEngine(right) { ForgetfulQueue(it, server, MetaDialect()) }
            }
            shouldBeFound(Round(CALM, 1, makeClient = client), anyAnswer)
        }

        test("F02 the oracle finds a connection that is used again while a reply is due") {
            val client = mutant { right ->
                val server = right.settings().servers().first()
                MutantClients.withEngine(right) { HastyPool(it, server, MetaDialect()) }
            }
            shouldBeFound(Round(CALM, 2, makeClient = client), anyAnswer)
        }

        test("F36 the oracle finds one value in a hundred swapped by the server") {
            shouldBeFound(Round(CALM, 3, makeTarget = lyingToReads(Forgery.swappedValue(1.0, 3))), anyAnswer)
        }

        for ((protocol, dialect) in DIALECTS) {
            val gullible = mutant { MutantClients.withDialect(it, Gullible(dialect)) }
            test("F41 the oracle finds replies in the wrong order, and a client that does not check them ($protocol)") {
                shouldBeFound(
                    Round(calm(protocol), 4, makeTarget = lying(Delivery.afterNext()), makeClient = gullible),
                    anyAnswer,
                )
            }

            test("F43 the oracle finds replies sent twice, and a client that does not check them ($protocol)") {
                shouldBeFound(
                    Round(calm(protocol), 5, makeTarget = lying(Forgery.duplicated()), makeClient = gullible),
                    anyAnswer,
                )
            }
        }

        // only meta: in text two misses, or two stores, cannot be told apart
        test("F41 replies in the wrong order or twice reach nobody: the oracle finds nothing") {
            for (lie in listOf(Delivery.afterNext(), Forgery.duplicated())) {
                Round(CALM, 9, makeTarget = lying(lie)).run(2.seconds).violations.shouldBeEmpty()
            }
        }

        test("F60 the oracle finds a step or an append sent once more") {
            val client = mutant { MutantClients.withEngine(it, ::BlindResend) }
            val round = Configuration(Protocol.META, 1, networkFaults = CUTS, serverFaults = emptySet())
            shouldBeFound(Round(round, 6, makeClient = client), setOf(Invariant.COUNT, Invariant.LOG))
        }

        test("F07 the oracle finds a time-out that looks like a miss") {
            val client: ClientMaker = { server, target, configuration ->
                client(server, target, configuration).use { right -> right.copy { failureMode = FailureMode.MISS } }
            }
            val round =
                Configuration(Protocol.META, 2, networkFaults = setOf(MonkeyFault.PAUSE), serverFaults = emptySet())
            shouldBeFound(Round(round, 7, makeClient = client), setOf(Invariant.HONEST))
        }

        test("F21 the oracle finds a value cut short") {
            shouldBeFound(Round(CALM, 8, makeTarget = lyingToReads(Forgery.truncatedValue(20))), anyAnswer)
        }
    })
