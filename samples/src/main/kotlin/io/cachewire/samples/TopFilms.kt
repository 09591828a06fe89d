@file:JvmName("TopFilms")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/** Cache-aside: the answer of a database query is kept for a minute; asked for twice, the second time it comes from memcached. */
fun main() = Sample.run { servers, out -> runBlocking { topFilmsTwice(servers, out) } }

internal suspend fun topFilmsTwice(servers: Array<String>, out: PrintStream) {
    val client =
        MemcachedClient(*servers) {
            serde = JsonSerde()
            requestTimeout = 2.seconds
        }
    client.use { cache ->
        FilmDatabase.open().use { database ->
            repeat(2) { showTopFilms(cache, database, out) }
        }
    }
}

private suspend fun showTopFilms(cache: MemcachedClient, database: FilmDatabase, out: PrintStream) {
    var source = "from memcached"
    var films = cache.get<List<Film>>("top5films")
    if (films == null) {
        source = "from database"
        films = withContext(Dispatchers.IO) { database.topFive() }
        cache.set("top5films", films, ttl = 60.seconds)
    }
    films.forEach { out.println("${it.id}, ${it.title}, rented ${it.rentals} times") }
    out.println(source)
}
