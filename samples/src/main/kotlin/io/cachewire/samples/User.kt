package io.cachewire.samples

import kotlinx.serialization.Serializable

/** A value of the Kotlin samples. */
@Serializable
data class User(val id: Int, val name: String)
