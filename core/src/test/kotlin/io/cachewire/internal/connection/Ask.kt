package io.cachewire.internal.connection

import io.cachewire.FailureMode
import io.cachewire.MemcachedException.Delivery
import io.cachewire.RetryPolicy
import io.cachewire.internal.cluster.FailurePolicy
import io.cachewire.internal.protocol.Limits
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.reliability.HANG
import java.time.Duration
import java.time.InstantSource
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS

/** A request for the version, without a face. */
internal class Ask(
    deadline: Long,
    request: Request = Request.Server(Opcode.VERSION, ""),
) : Exchange(request, deadline) {
    private val ended = CompletableFuture<Any>()

    override fun onReply(reply: Reply) {
        ended.complete(reply)
    }

    override fun onFailure(failure: Failure) {
        ended.complete(failure)
    }

    val isDone: Boolean get() = ended.isDone

    /** The reply or the failure. */
    fun await(): Any = ended.get(HANG.inWholeSeconds, SECONDS)
}

/** Told of all, and does nothing. */
internal object Unwatched : Connection.Observer {
    override fun connected(found: Found) = found.dialect

    override fun ended(wasConnected: Boolean, failure: Failure) = Unit
}

/** That a test has closed what it made. */
internal val CLOSED = Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "closed", null)

/** Neither TLS nor a login. */
internal val PLAIN_SETTINGS =
    ConnectionSettings(
        null,
        null,
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        1000,
        1000,
        1 shl 20,
        1 shl 20,
        Limits(1 shl 20),
        Backoff(Duration.ofMillis(1), Duration.ofMillis(2)),
        null,
    )

/** Dead after three failures, and tried again after half a second. */
internal val PLAIN_FAILURES =
    FailurePolicy(
        FailureMode.THROW,
        3,
        Duration.ofMillis(500),
        null,
        RetryPolicy.standard(),
        InstantSource.system(),
    )
