package io.cachewire.platform

import kotlinx.serialization.Serializable

/** A value that travels as JSON. */
@Serializable
public data class Film(
    val title: String,
    val minutes: Int,
)
