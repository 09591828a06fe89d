package io.cachewire.internal.cluster

import io.cachewire.FailureMode
import io.cachewire.MemcachedException.Delivery
import io.cachewire.RetryPolicy
import io.cachewire.ServerAddress
import io.cachewire.ServerState.Health
import io.cachewire.internal.cluster.NodeHealth.Sign
import io.cachewire.internal.connection.Backoff
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Failure
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.time.InstantSource

private const val MILLI = 1_000_000L

/** A server's health with a clock that goes on when it is told to. */
private class Patient(
    mode: FailureMode = FailureMode.THROW,
) {
    var now = 1_000 * MILLI
    val health =
        NodeHealth(
            FailurePolicy(mode, 3, Duration.ofMillis(100), null, RetryPolicy.standard(), InstantSource.system()),
            Backoff(Duration.ofMillis(100), Duration.ofMillis(800)),
            Clock { now },
        )
    val state get() = health.state(ServerAddress("a", 1))

    /** Something that began now ends a millisecond later. */
    fun fails(sign: Sign): NodeHealth.Verdict {
        val began = now
        now += MILLI
        return health.failed(sign, began, Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "it is $sign", null))
    }

    fun passes(millis: Long) {
        now += millis * MILLI
    }

    fun dies() = fails(Sign.REFUSED)
}

/** When a server is dead, when it is tried, and when it is back. */
class NodeHealthTest :
    FunSpec({
        test("a server is unknown until it has greeted") {
            val patient = Patient()
            patient.state.health shouldBe Health.UNKNOWN
            patient.health.forgive()
            patient.state.health shouldBe Health.UNKNOWN
            patient.health.greeted()
            patient.state.health shouldBe Health.LIVE
            patient.health.forgive()
            patient.state.health shouldBe Health.LIVE
        }

        test("three failures in a row make a server dead, a reply between them does not") {
            val patient = Patient()
            patient.fails(Sign.TIMED_OUT).died shouldBe false
            patient.fails(Sign.LOST).died shouldBe false
            patient.state.health shouldBe Health.SUSPECT
            patient.health.refusal().shouldBeNull()
            patient.health.answered()
            patient.state.health shouldBe Health.LIVE
            patient.fails(Sign.TIMED_OUT).died shouldBe false
            patient.fails(Sign.TIMED_OUT).died shouldBe false
            val third = patient.fails(Sign.TIMED_OUT)
            third.died shouldBe true
            third.probeIn shouldBeInRange 50 * MILLI..100 * MILLI
            patient.state.health shouldBe Health.DEAD
            patient.state.failures shouldBe 3
        }

        test("what one silence takes down is one failure") {
            val patient = Patient()
            val began = patient.now
            patient.passes(100)
            val why = Failure(Failure.Kind.TIMEOUT, Delivery.INDETERMINATE, "timed out", null)
            repeat(1000) { patient.health.failed(Sign.TIMED_OUT, began, why).died shouldBe false }
            patient.state.failures shouldBe 1
        }

        test("a refused connection makes a server dead at once, and it says why and when it is tried") {
            val patient = Patient()
            patient.dies().died shouldBe true
            val refusal = patient.health.refusal().shouldNotBeNull()
            refusal.delivery() shouldBe Delivery.NOT_SENT
            refusal.what() shouldContain "marked dead"
            refusal.what() shouldContain "it is REFUSED"
            refusal.what() shouldContain "next attempt in "
        }

        test("one failed attempt has requests refused, but the server is not dead") {
            val patient = Patient()
            val verdict = patient.fails(Sign.ATTEMPT_FAILED)
            verdict.died shouldBe false
            verdict.probeIn shouldBeGreaterThan 0
            patient.health.isRefusing shouldBe true
            patient.state.health shouldBe Health.SUSPECT
        }

        test("waits for probes grow to a bound, and replies of before end nothing") {
            val patient = Patient()
            patient.dies()
            val waits =
                (1..6).map {
                    patient.health.answered()
                    patient.passes(1000)
                    patient.fails(Sign.ATTEMPT_FAILED).probeIn
                }
            waits.zip(listOf(200L, 400L, 800L, 800L, 800L, 800L)).forEach { (wait, full) ->
                wait shouldBeInRange full / 2 * MILLI..full * MILLI
            }
            patient.state.health shouldBe Health.DEAD
        }

        test("what is left of the old connections does not count for a dead server") {
            val patient = Patient()
            patient.dies()
            patient.fails(Sign.LOST).probeIn shouldBe -1
            patient.state.failures shouldBe 1
        }

        test("only a greeting brings a dead server back") {
            val patient = Patient()
            patient.dies()
            patient.passes(10_000)
            patient.health.isRefusing shouldBe true
            patient.health.greeted().isBack shouldBe true
            patient.state.health shouldBe Health.LIVE
            patient.state.lastFailure shouldBe "it is REFUSED"
            patient.health.refusal().shouldBeNull()
        }

        test("where keys move, a server that dies again soon must be greeted more often") {
            val patient = Patient(FailureMode.REHASH)
            for (needed in listOf(1, 2, 4, 8, 8)) {
                patient.dies().died shouldBe true
                repeat(needed - 1) {
                    val verdict = patient.health.greeted()
                    verdict.isBack shouldBe false
                    verdict.probeIn shouldBeGreaterThan 0
                    patient.passes(10)
                }
                patient.health.greeted().isBack shouldBe true
                patient.passes(10)
            }
            patient.passes(8_001)
            patient.dies()
            patient.health.greeted().isBack shouldBe true
        }

        test("a failed probe starts the count of greetings anew") {
            val patient = Patient(FailureMode.GUTTER)
            patient.dies()
            patient.health.greeted().isBack shouldBe true
            patient.dies()
            patient.health.greeted().isBack shouldBe false
            patient.fails(Sign.ATTEMPT_FAILED)
            patient.health.greeted().isBack shouldBe false
            patient.health.greeted().isBack shouldBe true
        }

        test("where keys stay, one greeting is enough") {
            val patient = Patient(FailureMode.THROW)
            repeat(5) {
                patient.dies()
                patient.health.greeted().isBack shouldBe true
            }
        }

        test("forgiving forgets all") {
            val patient = Patient(FailureMode.REHASH)
            patient.dies()
            patient.health.greeted()
            patient.dies()
            patient.health.forgive()
            patient.state.health shouldBe Health.UNKNOWN
            patient.dies()
            patient.health.greeted().isBack shouldBe true
        }
    })
