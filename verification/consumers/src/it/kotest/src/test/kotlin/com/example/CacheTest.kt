package com.example

import io.cachewire.verification.consumers.Checks
import io.kotest.core.spec.style.FunSpec

class CacheTest :
    FunSpec({
        test("the cache works beside Kotest") {
            Checks.check { server -> KotlinUser(connect(server)) }
        }
    })
