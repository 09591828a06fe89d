package io.cachewire.oracle

import io.cachewire.BlockingMemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Monkey
import java.time.Duration
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.toJavaDuration

/**
 * The faults of a round: the monkey's on the network and on the server process, one after the other. After each one the client is tried until
 * it works, which gives the time of recovery.
 */
internal class Chaos(
    private val field: Field,
    private val target: Target,
    private val client: BlockingMemcachedClient,
    proxy: FaultProxy,
    seed: Long,
) : Monkey.Witness,
    AutoCloseable {
    private val monkey =
        Monkey
            .of(proxy, seed)
            .menu(field.round.networkFaults)
            .lasting(field.round.longestFault.toJavaDuration())
            .witness(this)

    init {
        field.round.serverFaults.forEach { fault ->
            when (fault) {
                ServerFault.STOP -> monkey.also(fault.name, carefully(target::pause), carefully(target::resume))
                ServerFault.KILL -> monkey.also(fault.name, carefully(::kill), carefully(::startAgain))
                ServerFault.FLUSH -> monkey.also(fault.name, carefully(::flush)) {}
            }
        }
    }

    /** A key of the server that the faults befall. */
    private val probe = probes(field.run).first { target.owns(client, it) }

    /** What broke the faults themselves, which would look like a client that does not recover. */
    @Volatile
    private var broken: Exception? = null

    private val isCalm: Boolean = field.round.networkFaults.isEmpty() && field.round.serverFaults.isEmpty()

    fun start() {
        if (!isCalm) monkey.start()
    }

    private fun carefully(act: () -> Unit) = Runnable {
        try {
            act()
        } catch (e: Exception) {
            broken = e
            field.stopped = true
        }
    }

    private fun kill() {
        field.lives.interrupted()
        target.kill()
    }

    private fun startAgain() {
        target.startAgain()
        field.lives.begun()
    }

    private fun flush() {
        field.lives.interrupted()
        target.flush()
        field.lives.begun()
    }

    override fun struck(fault: String) {
        field.findings.fault = "during $fault"
        field.tally.struck(fault)
    }

    override fun ended(fault: String) {
        field.findings.fault = "after $fault"
        val start = System.nanoTime()
        while (field.goesOn) {
            if (works()) {
                field.tally.recovered(fault, System.nanoTime() - start)
                return
            }
            val took = (System.nanoTime() - start).nanoseconds
            if (took > field.limits.recovery) {
                field.findings.report(Invariant.LIVE, "-", "no call has succeeded for $took since the end of $fault")
                return
            }
            LockSupport.parkNanos(TRY_EVERY)
        }
    }

    private fun works() = try {
        client.get(probe, String::class.java)
        true
    } catch (_: MemcachedException) {
        false
    }

    /** Ends the last fault; fails when it was not the client that failed. */
    override fun close() {
        if (!isCalm) monkey.close()
        broken?.let { throw IllegalStateException("the round is void, as its faults broke", it) }
    }

    private companion object {
        val TRY_EVERY = TimeUnit.MILLISECONDS.toNanos(1)
    }
}

/** Measures how late this machine lets a thread go on that asked to sleep for a millisecond. */
internal class StallMeter(
    private val tally: Tally,
) : AutoCloseable {
    private val thread = Thread(::run, "stall-meter").also { it.isDaemon = true }

    fun start() = thread.start()

    private fun run() {
        try {
            while (true) {
                val start = System.nanoTime()
                Thread.sleep(Duration.ofMillis(1).toMillis())
                tally.stalls.recordValue(maxOf(0, System.nanoTime() - start - TimeUnit.MILLISECONDS.toNanos(1)) / 1000)
            }
        } catch (_: InterruptedException) {
            // closed
        }
    }

    override fun close() {
        thread.interrupt()
        thread.join()
    }
}
