package io.cachewire.internal.connection

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What a LinkageError says of the class path. */
class WrongPlatformTest :
    FunSpec({
        test("versions are compared by number, part by part") {
            for ((version, floor) in listOf(
                "1.7.3" to "1.8.1",
                "1.8" to "1.8.1",
                "1.9.24" to "1.9.25",
                "3.0.3-beta" to "3.1",
            )) {
                WrongPlatform.isBelow(version, floor) shouldBe true
                WrongPlatform.isBelow(floor, version) shouldBe false
            }
            WrongPlatform.isBelow("1.8.1", "1.8.1") shouldBe false
            WrongPlatform.isBelow("1.10.2", "1.9.25") shouldBe false
        }

        test(
            "libraries that are new enough and do not fit together are named with their versions, and no floor that is met",
        ) {
            val found = KotlinVersion.CURRENT.toString()
            for ((error, library) in listOf(
                NoClassDefFoundError("kotlin/coroutines/jvm/internal/SpillingKt") to "kotlin-stdlib",
                NoSuchMethodError("'void kotlinx.coroutines.Job.a()'") to "kotlinx-coroutines",
                NoClassDefFoundError("io/ktor/network/selector/SelectInterest") to "ktor-network",
            )) {
                val what = WrongPlatform.failure(error).what()
                what shouldContain "kotlin-stdlib $found"
                what shouldContain
                    "do not fit together (what $library lacks: ${error.javaClass.simpleName}: ${error.message})"
                what shouldContain "cachewire-bom-platform"
                what shouldNotContain "or later"
            }
            WrongPlatform.failure(NoClassDefFoundError("com/example/Other")).what() shouldNotContain "needs"
        }

        test("an error that only passes on that memory or stack ran out says nothing of the class path") {
            WrongPlatform.isMeantBy(NoSuchMethodError("x")) shouldBe true
            WrongPlatform.isMeantBy(ExceptionInInitializerError(OutOfMemoryError("heap"))) shouldBe false
            val later = NoClassDefFoundError("Could not initialize class X")
            later.initCause(ExceptionInInitializerError("Exception java.lang.OutOfMemoryError: heap [in thread \"a\"]"))
            WrongPlatform.isMeantBy(later) shouldBe false
            WrongPlatform.isMeantBy(OutOfMemoryError("heap")) shouldBe false
        }
    })
