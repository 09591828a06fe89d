package com.example

import io.cachewire.verification.consumers.Checks

fun main() = Checks.run { server -> KotlinUser(connect(server)) }
