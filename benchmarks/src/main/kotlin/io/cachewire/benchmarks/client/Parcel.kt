package io.cachewire.benchmarks.client

import kotlinx.serialization.Serializable

/** An object that is stored as JSON or by Java serialization. */
@Serializable
public data class Parcel(
    val id: Int,
    val text: String,
) : java.io.Serializable {
    public companion object {
        private const val serialVersionUID = 1L
    }
}
