package io.cachewire.opentelemetry

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.opentelemetry.context.Context
import io.opentelemetry.extension.kotlin.asContextElement
import io.opentelemetry.sdk.OpenTelemetrySdk
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter
import io.opentelemetry.sdk.trace.SdkTracerProvider
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withContext

/** The parent of a suspended call is the context of its coroutine, on whichever thread it runs. */
class CoroutineParentTest :
    FunSpec({
        test("each of many coroutines on shared threads is the parent of its own calls") {
            val spans = InMemorySpanExporter.create()
            val sdk =
                OpenTelemetrySdk
                    .builder()
                    .setTracerProvider(
                        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build(),
                    ).build()
            MemcachedServer.start().use { server ->
                MemcachedClient(server.address().toString()) {
                    listener(OpenTelemetryListener.create(sdk))
                }.use { cache ->
                    val parents =
                        (1..20).map { sdk.getTracer("test").spanBuilder("parent $it").startSpan() }
                    withContext(Dispatchers.Default) {
                        parents
                            .map { parent ->
                                async(Context.root().with(parent).asContextElement()) {
                                    cache.set("k", "v")
                                    // resumed on any of the threads
                                    cache.get<String>("k")
                                    cache.get<String>("absent")
                                }
                            }.awaitAll()
                    }
                    val byParent = spans.finishedSpanItems.groupBy { it.parentSpanId }
                    parents.forEach { parent ->
                        val own = byParent.getValue(parent.spanContext.spanId)
                        own shouldHaveSize 3
                        own.map { it.name.substringBefore(' ') } shouldBe listOf("set", "get", "get")
                    }
                    // a call of a coroutine without a context has no parent of another one's
                    withContext(Dispatchers.Default) { cache.get<String>("k") }
                    spans.finishedSpanItems.last().parentSpanId shouldBe "0000000000000000"
                }
            }
        }
    })
