package io.cachewire.oracle

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.longs.shouldBeGreaterThan
import kotlin.time.Duration.Companion.seconds

/** The short run of every build; soaks are the same with more time. */
class OracleTest :
    FunSpec({
        for (configuration in Configuration.ALL) {
            test("F36 every answer is right under random faults (${configuration.name})") {
                val report = Round(configuration, System.nanoTime()).run(60.seconds / Configuration.ALL.size)
                println(report)
                report.violations.shouldBeEmpty()
                report.tally.hits.sum() shouldBeGreaterThan 100
            }
        }
    })
