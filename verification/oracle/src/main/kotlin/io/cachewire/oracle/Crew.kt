package io.cachewire.oracle

import io.cachewire.Protocol
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlin.random.Random

/** The three faces of one client. */
internal class Faces(
    val suspending: Cache,
    val futures: Cache,
    val threads: Cache,
)

/** The callers of a round: some of each face in each part. */
internal class Crew(
    private val field: Field,
    private val faces: Faces,
    private val seed: Long,
) {
    private val callers = ArrayList<Caller>()
    private val world = World(field)

    private fun caller(part: String): Caller {
        val index = callers.size
        val cache =
            when {
                index % 16 == 3 -> faces.threads
                index % 4 == 1 -> faces.futures
                else -> faces.suspending
            }
        return Caller("$part-$index", cache, Random(seed + index), field).also { callers.add(it) }
    }

    /** Starts everybody. */
    fun start(scope: CoroutineScope): List<Job> {
        val loops = ArrayList<suspend () -> Unit>()
        repeat(World.SINGLE_WRITERS) { writer ->
            val own = world.singleWriter.filterIndexed { index, _ -> index % World.SINGLE_WRITERS == writer }
            val caller = caller("S-writer")
            loops += { own.random(caller.random).write(caller) }
        }
        repeat(World.MANY_WRITERS) { writer ->
            val caller = caller("M-writer")
            loops += { world.manyWriters.random(caller.random).write(caller, writer) }
        }
        repeat(4) {
            val caller = caller("X-writer")
            loops += { world.chains.random(caller.random).extend(caller) }
        }
        repeat(2) { owner ->
            val caller = caller("D-owner")
            val own = world.deleted.filterIndexed { index, _ -> index % 2 == owner }
            loops += { own.random(caller.random).turn(caller) }
        }
        repeat(2) { owner ->
            val team = List(4) { caller("C-$owner") }
            var number = 0
            loops += { Counter(field.key("C$owner.${number++}"), up = number % 2 == 0, field).live(team) }
        }
        repeat(2) { owner ->
            val team = List(3) { caller("A-$owner") }
            var number = 0
            loops += { AppendLog(field.key("A$owner.${number++}"), field).live(team) }
        }
        // a server that lies on purpose is no memcached, and gives nobody a turn
        if (field.round.protocol == Protocol.META && field.honestServer) {
            val team = List(4) { caller("L") }
            var number = 0
            loops += { LeaseKey(field.key("L${number++}"), field).live(team) }
        }
        repeat(field.round.readers) {
            val caller = caller("reader")
            loops += { world.read(caller) }
        }
        return loops.map { loop -> scope.launch { while (field.goesOn) loop() } }
    }

    /** Who is in the middle of a call. */
    fun busy(): List<String> = callers.filter { it.now != null }.map { "${it.name}: ${it.now}" }
}
