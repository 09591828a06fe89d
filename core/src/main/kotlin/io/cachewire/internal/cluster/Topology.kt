package io.cachewire.internal.cluster

import io.cachewire.IllegalRequestException
import io.cachewire.ServerAddress
import io.cachewire.internal.operation.Operation
import io.cachewire.routing.LocatorFactory
import io.cachewire.routing.NodeLocator
import java.util.BitSet

/** Servers with their nodes, in the same order, and the rule that maps keys to them. */
internal class Pool(
    val servers: List<ServerAddress>,
    val nodes: List<Node>,
    val locator: NodeLocator,
) {
    /** The node of a key by its index, or -1 when the rule has no choice of that number; 0 is the first choice. */
    fun choice(operation: Operation<*>, attempt: Int): Int {
        val hash = operation.key()?.hash()
        return if (attempt == 0) {
            when {
                nodes.size == 1 -> 0
                hash == null -> locator.locate(operation.routingKey())
                else -> locator.locateHash(hash)
            }
        } else {
            when {
                nodes.size == 1 -> -1
                hash == null -> locator.locate(operation.routingKey(), attempt)
                else -> locator.locateHash(hash, attempt)
            }
        }
    }

    /** Whether a key's place is asked of code that is not the client's. */
    val isForeign: Boolean = nodes.size > 1 && isForeign(locator)

    fun dead(): BitSet = BitSet().also { dead -> nodes.forEachIndexed { i, node -> if (node.isDead) dead.set(i) } }
}

private fun isForeign(code: Any) = code.javaClass.packageName != NodeLocator::class.java.packageName

/**
 * Where each key lives now. Immutable: a change of the list, or of what is dead where keys move, makes another one, so that a key has one
 * place at a time.
 */
internal class Topology private constructor(
    val main: Pool,
    val gutter: Pool?,
    private val moved: Moved?,
) {
    /** The servers' nodes and then those of the gutter; [locate] gives an index into it. */
    val nodes: Array<Node> = (main.nodes + gutter?.nodes.orEmpty()).toTypedArray()

    /** Whether [locate] asks code that is not the client's. */
    val isForeign: Boolean = main.isForeign || gutter?.isForeign == true || moved?.pool?.isForeign == true

    /** Whether making another one asks code that is not the client's. */
    fun usesForeignCode(locators: LocatorFactory) = isForeign || isForeign(locators)

    /** Which servers keys have to leave, and the rule without them. */
    private class Moved(
        val dead: BitSet,
        val deadInGutter: BitSet,
        val pool: Pool,
    )

    /** All keys are where they belong. */
    constructor(main: Pool, gutter: Pool?) : this(main, gutter, null)

    /** The same servers, with the keys of the dead ones elsewhere. */
    fun withoutDead(locators: LocatorFactory): Topology {
        val dead = main.dead()
        if (dead.isEmpty) return Topology(main, gutter, null)
        val ejects = gutter == null && dead.cardinality() < main.nodes.size
        val pool = if (ejects) Pool(main.servers, main.nodes, locators.build(main.servers, dead)) else main
        return Topology(main, gutter, Moved(dead, gutter?.dead() ?: BitSet(), pool))
    }

    /**
     * The index of a key's node.
     *
     * @throws IllegalRequestException when the locator, which may be the user's, throws or names no server
     */
    fun locate(operation: Operation<*>): Int {
        val index =
            try {
                if (moved == null) main.choice(operation, 0) else locateMoved(operation, moved)
            } catch (e: Throwable) {
                throw IllegalRequestException("the locator threw ${e.javaClass.name}: ${e.message}", e)
            }
        if (index < 0 || index >= nodes.size) {
            throw IllegalRequestException("the locator names server number $index of ${nodes.size}")
        }
        return index
    }

    private fun locateMoved(operation: Operation<*>, moved: Moved): Int {
        val first = main.choice(operation, 0)
        if (gutter == null) {
            val live = firstLive(operation, moved.pool, moved.dead)
            return if (live < 0) first else live
        }
        if (!moved.dead[first]) return first
        val spare = firstLive(operation, gutter, moved.deadInGutter)
        return if (spare < 0) first else main.nodes.size + spare
    }

    private fun firstLive(operation: Operation<*>, pool: Pool, dead: BitSet): Int {
        if (dead.cardinality() == pool.nodes.size) return -1
        for (attempt in 0 until MAX_CHOICES) {
            val index = pool.choice(operation, attempt)
            if (index < 0 || !dead[index]) return index
        }
        return -1
    }

    private companion object {
        /** Rules that hash anew may name the same server again and again. */
        const val MAX_CHOICES = 64
    }
}
