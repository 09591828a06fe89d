package io.cachewire.oracle.peers

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.string.shouldContain

private fun scenario(row: String) = SCENARIOS.single { it.row == row }

/** Our client, with something planted around its reads. */
private fun planted(read: (Peer, String) -> ByteArray?) = Contestant("planted", "") { server ->
    val right = CONTESTANTS.first().connect(server)
    object : Peer by right {
        override fun get(key: String) = read(right, key)
    }
}

private val hidesErrors = planted { peer, key -> runCatching { peer.get(key) }.getOrNull() }

private val swaps = planted { peer, key -> peer.get(if (key == "k") "other" else key) }

private val cuts = planted { peer, key -> peer.get(key)?.let { it.copyOf(it.size - 1) } }

/** The judge of the peers: our client passes, and one with a planted fault does not. */
class PeersTest :
    FunSpec({
        for (row in listOf("F19", "F37", "F39", "F45", "F50", "F60", "S01", "S02")) {
            test("our client passes $row") {
                verdict(scenario(row), CONTESTANTS.first()).shouldBeNull()
            }
        }

        test("an error that looks like a miss is not passed") {
            verdict(scenario("F39"), hidesErrors)!! shouldContain "a miss instead of an error"
            verdict(scenario("F45"), hidesErrors)!! shouldContain "a miss instead of an error"
        }

        test("another key's value is not passed") {
            verdict(scenario("F37"), swaps)!! shouldContain "a wrong value: foreign"
        }

        test("a part of a value is not passed") {
            verdict(scenario("F37"), cuts)!! shouldContain "a wrong value: hell"
        }

        test("the peers can be connected and read") {
            for (contestant in CONTESTANTS) {
                verdict(scenario("F37"), contestant).shouldBeNull()
            }
        }
    })
