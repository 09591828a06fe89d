package io.cachewire.samples

import kotlinx.serialization.Serializable

/** A row of the film samples, which all store it as JSON, so that each can read what another one stored. */
@Serializable
data class Film(val id: Int, val title: String, val rentals: Int)
