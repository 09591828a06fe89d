package io.cachewire.internal.cluster

import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Found
import io.cachewire.internal.connection.ServerConnection
import io.cachewire.internal.protocol.line.MetaDialect
import io.cachewire.internal.protocol.line.TextDialect
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

private class Anyone : ServerConnection {
    override val isOpen = true
    override val isConnecting = false
    override val isIdle = true
    override val pendingCount = 0
    override val pendingBytes = 0L

    override fun start(connector: Connector) = Unit

    override fun submit(exchange: Exchange) = Unit

    override fun submitAll(exchanges: List<Exchange>) = Unit

    override fun close(why: Failure) = Unit
}

private val META = Found(MetaDialect(), Found.How.PROVEN)
private val TEXT = Found(TextDialect(), Found.How.ANSWERED)

class NodeDialectsTest :
    FunSpec({
        val a = Anyone()
        val b = Anyone()
        val c = Anyone()

        test("connections that agree speak what they have found") {
            NodeDialects().apply {
                connected(a, META).dialect.name() shouldBe "meta"
                connected(b, META).replaced.shouldBeEmpty()
                isText shouldBe false
                ended(a).shouldBeEmpty()
            }
        }

        test("the memory of text ends with the last connection that has found it") {
            NodeDialects().apply {
                connected(a, TEXT).dialect.name() shouldBe "text"
                connected(b, TEXT)
                isText shouldBe true
                ended(a)
                isText shouldBe true
                ended(b)
                isText shouldBe false
            }
        }

        test("a connection that finds text has those replaced that speak meta") {
            NodeDialects().apply {
                connected(a, META)
                connected(b, META)
                connected(c, TEXT).replaced.toSet() shouldBe setOf(a, b)
                connected(a, TEXT).replaced.shouldBeEmpty()
            }
        }

        test("a connection that finds meta beside one that found text speaks text until that has ended") {
            NodeDialects().apply {
                connected(a, TEXT)
                val verdict = connected(b, META)
                verdict.dialect.name() shouldBe "text"
                verdict.replaced.shouldBeEmpty()
                ended(a).shouldContainExactly(b)
                ended(b).shouldBeEmpty()
                connected(c, META).dialect.name() shouldBe "meta"
            }
        }

        test("a question that finds meta has all others replaced") {
            NodeDialects().apply {
                connected(a, TEXT)
                connected(b, META)
                upgraded().toSet() shouldBe setOf(a, b)
                isText shouldBe false
                connected(c, META).dialect.name() shouldBe "meta"
            }
        }
    })
