package io.cachewire.samples;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.serialization.json.JsonSerde;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Cache-aside: the answer of a database query is kept for a minute; asked for twice, the second time it comes from memcached. */
public final class TopFilmsJava {
    private static final ValueType<List<Film>> FILMS = new ValueType<>() {};

    private TopFilmsJava() {}

    public static void main(String[] args) {
        Sample.run(TopFilmsJava::run);
    }

    static void run(String[] servers, PrintStream out) throws SQLException {
        try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder(servers)
                        .serde(new JsonSerde())
                        .requestTimeout(Duration.ofSeconds(2))
                        .build();
                FilmDatabase database = FilmDatabase.open()) {
            showTopFilms(cache, database, out);
            showTopFilms(cache, database, out);
        }
    }

    private static void showTopFilms(BlockingMemcachedClient cache, FilmDatabase database, PrintStream out)
            throws SQLException {
        String source = "from memcached";
        List<Film> films = cache.get("top5films", FILMS);
        if (films == null) {
            source = "from database";
            films = database.topFive();
            cache.set("top5films", FILMS.value(films), Duration.ofSeconds(60));
        }
        for (Film film : films) {
            out.println(film.getId() + ", " + film.getTitle() + ", rented " + film.getRentals() + " times");
        }
        out.println(source);
    }
}
