package io.cachewire

import io.cachewire.operation.Call
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** Suspends until a call has ended, and gives its result. Nothing is submitted for a coroutine that is cancelled already. */
internal suspend inline fun <R> awaitCall(crossinline submit: () -> Call<R>): R =
    suspendCancellableCoroutine { continuation ->
        if (continuation.isActive) {
            try {
                val call = submit()
                continuation.invokeOnCancellation { call.cancel() }
                call.onEnd { continuation.resume(call) }
            } catch (e: MemcachedException) {
                // thrown from here it would leave the continuation registered with its job
                continuation.resumeWithException(e)
            }
        }
    }.result()
