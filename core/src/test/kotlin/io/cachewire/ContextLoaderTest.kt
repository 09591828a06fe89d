package io.cachewire

import io.cachewire.fixture.MemcachedServer
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.Serde
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.seconds

/** While a serde decodes it sees the context class loader of the thread that made the call, on whichever thread it runs. */
class ContextLoaderTest :
    FunSpec({
        class Seen(val loader: ClassLoader?)

        /** Reads every item as the loader that it sees. */
        val readsLoader = object : Serde {
            override fun encodes(type: ValueType<*>) = type.rawClass() == Seen::class.java

            override fun encode(key: String, value: Any, type: ValueType<*>) =
                EncodedValue(DataBlock.ofUtf8("x"), FLAGS)

            override fun decodes(flags: Int) = flags == FLAGS

            @Suppress("UNCHECKED_CAST") // the only type that it decodes
            override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T =
                type.rawClass().cast(Seen(Thread.currentThread().contextClassLoader)) as T
        }
        val seen = ValueType.of(Seen::class.java)
        val server = MemcachedServer.start()
        val platform = ClassLoader.getPlatformClassLoader()
        val executor =
            Executors.newSingleThreadExecutor { task -> Thread(task).apply { contextClassLoader = platform } }
        val cache = MemcachedClient(server.address().toString()) {
            serde = readsLoader
            requestTimeout = 10.seconds
        }
        val futures =
            AsyncMemcachedClient.builder(server.address().toString())
                .serde(readsLoader)
                .callbackExecutor(executor)
                .requestTimeout(java.time.Duration.ofSeconds(10))
                .build()
        beforeSpec { cache.set("k", Seen(null)) }
        afterSpec {
            cache.close()
            futures.close()
            executor.shutdown()
            server.close()
        }

        fun <R> withLoader(loader: ClassLoader, block: () -> R): R {
            val thread = Thread.currentThread()
            val before = thread.contextClassLoader
            thread.contextClassLoader = loader
            try {
                return block()
            } finally {
                thread.contextClassLoader = before
            }
        }

        val application = object : ClassLoader(ContextLoaderTest::class.java.classLoader) {}

        test("a blocking call sees its own") {
            withLoader(application) { cache.blocking().get("k", seen)?.loader } shouldBe application
        }

        test("a future sees that of its caller, and its executor keeps its own") {
            withLoader(application) { futures.get("k", seen) }.get(10, SECONDS)?.loader shouldBe application
            val all = withLoader(application) { futures.getAll(listOf("k", "l"), seen) }.get(10, SECONDS)
            all.getValue("k").loader shouldBe application
            executor.submit<ClassLoader> { Thread.currentThread().contextClassLoader }.get(10, SECONDS) shouldBe
                platform
        }

        test("each read of an update sees that of its caller") {
            val loaders = mutableListOf<ClassLoader?>()
            val updated = withLoader(application) {
                futures.update("k", seen, Expiry.never()) {
                    loaders += it?.loader
                    // the first time somebody else is faster
                    if (loaders.size == 1) cache.blocking().set("k", Seen(null))
                    it
                }
            }
            updated.get(10, SECONDS)
            loaders shouldBe listOf(application, application)
        }

        test("a coroutine that is resumed on another thread sees that of its call") {
            val context = Dispatchers.Default
            val loader =
                runBlocking {
                    withLoader(application) {
                        async(context, CoroutineStart.UNDISPATCHED) { cache.get("k", seen)?.loader }
                    }.await()
                }
            loader shouldBe application
        }

        test("setAll of a value that no serde takes throws in every face, and stores the others") {
            val values = mapOf("none" to Thread.currentThread(), "some" to "x")
            val faces: List<suspend () -> Any?> =
                listOf(
                    { cache.setAll(values) },
                    { cache.blocking().setAll(values) },
                    { cache.async().setAll(values).await() },
                )
            for (face in faces) {
                cache.delete("some")
                shouldThrow<SerdeException> { face() }.reason() shouldBe SerdeException.Reason.UNSUPPORTED_TYPE
                cache.get<String>("some") shouldBe "x"
            }
        }

        test("a value that cannot be decoded is a miss for a view that says so, in every face") {
            cache.set("text", "x")
            val number = ValueType.of(Int::class.javaObjectType)
            cache.withUndecodable(Undecodable.MISS).get("text", number).shouldBeNull()
            cache.withUndecodable(Undecodable.MISS).getAll(listOf("text", "k"), number) shouldBe emptyMap()
            cache.blocking().withUndecodable(Undecodable.MISS).get("text", number).shouldBeNull()
            cache.async().withUndecodable(Undecodable.MISS).get("text", number).get(10, SECONDS).shouldBeNull()
            MemcachedClient(server.address().toString()) { undecodable = Undecodable.MISS }.use { missing ->
                missing.get("text", number).shouldBeNull()
                missing.get("text", ValueType.of(String::class.java)) shouldBe "x"
                runCatching { missing.withUndecodable(Undecodable.THROW).get("text", number) }.isFailure shouldBe true
            }
        }
    })

private const val FLAGS = 0x20
