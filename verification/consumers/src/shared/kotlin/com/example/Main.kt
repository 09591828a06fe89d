package com.example

import io.cachewire.consumers.Checks

fun main() = Checks.run { server -> KotlinUser(connect(server)) }
