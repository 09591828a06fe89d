package io.cachewire.connection

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

        test("the library is named by the missing class, with what is needed and what was found") {
            val found = KotlinVersion.CURRENT.toString()
            val what = WrongPlatform.failure(NoClassDefFoundError("kotlin/coroutines/jvm/internal/SpillingKt")).what()
            what shouldContain "needs kotlin-stdlib 1.9.25 or later, found $found"
            what shouldContain "SpillingKt"
            WrongPlatform.failure(NoSuchMethodError("'void kotlinx.coroutines.Job.a()'")).what() shouldContain
                "needs kotlinx-coroutines 1.8.1 or later, found "
            WrongPlatform.failure(NoClassDefFoundError("io/ktor/network/selector/SelectInterest")).what() shouldContain
                "needs ktor-network 3.0.3 or later, found 3."
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
