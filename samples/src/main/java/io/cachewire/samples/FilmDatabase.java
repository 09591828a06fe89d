package io.cachewire.samples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** An SQL database in memory, filled from {@code films.sql}. It lives until it is closed; any thread may ask it. */
final class FilmDatabase implements AutoCloseable {
    private static final String FILMS =
            "SELECT f.id, f.title, SUM(r.rentals) AS rentals" + " FROM film f JOIN rental r ON r.film_id = f.id";

    private final JdbcDataSource source = new JdbcDataSource();
    /** H2 drops the database with its last connection. */
    private final Connection held;

    private FilmDatabase() throws SQLException {
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        held = source.getConnection();
        try (PreparedStatement script =
                held.prepareStatement("RUNSCRIPT FROM 'classpath:io/cachewire/samples/films.sql'")) {
            script.execute();
        }
    }

    static FilmDatabase open() throws SQLException {
        return new FilmDatabase();
    }

    /** The five films that were rented most. */
    List<Film> topFive() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        FILMS + " GROUP BY f.id, f.title ORDER BY rentals DESC, f.title LIMIT 5")) {
            return films(query);
        }
    }

    /** The film with this number, or null. */
    @Nullable
    Film film(int id) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(FILMS + " WHERE f.id = ? GROUP BY f.id, f.title")) {
            query.setInt(1, id);
            List<Film> found = films(query);
            return found.isEmpty() ? null : found.get(0);
        }
    }

    private static List<Film> films(PreparedStatement query) throws SQLException {
        List<Film> films = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                films.add(new Film(rows.getInt("id"), rows.getString("title"), rows.getInt("rentals")));
            }
        }
        return films;
    }

    @Override
    public void close() throws SQLException {
        held.close();
    }
}
