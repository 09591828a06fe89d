package io.cachewire.verification.servers.table;

import io.cachewire.Protocol;
import io.cachewire.verification.servers.table.Outcome.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The reviewed list of what may be refused, {@code refusals.txt}; its head says what the columns are. */
final class Refusals {
    private static final String RESOURCE = "/io/cachewire/verification/servers/refusals.txt";
    private static final int COLUMNS = 7;

    enum Lacking {
        /** The server does not have it, in any dialect. */
        SERVER,
        /** The server may have it, but the dialect cannot carry it. */
        DIALECT,
        /** The server does not speak the dialect. */
        SPEECH
    }

    /** One line of the list. */
    record Entry(
            List<Pattern> servers,
            List<Pattern> protocols,
            List<Pattern> operations,
            String type,
            String words,
            Lacking lacking,
            String reason,
            String line) {
        boolean covers(String server, Protocol protocol, String operation, String type, String message) {
            return matches(servers, server) && covers(protocol, operation, type, message);
        }

        boolean covers(Protocol protocol, String operation, String given, String message) {
            return matches(protocols, protocol.name())
                    && matches(operations, operation)
                    && type.equals(given)
                    && message.contains(words);
        }

        private static boolean matches(List<Pattern> patterns, String name) {
            return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    static Refusals read() {
        Refusals refusals = new Refusals();
        try (InputStream in = Refusals.class.getResourceAsStream(RESOURCE)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> refusals.entries.add(entry(line)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return refusals;
    }

    private static Entry entry(String line) {
        String[] columns = line.split("\\|", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException(COLUMNS + " columns are needed: " + line);
        }
        String[] texts = Arrays.stream(columns).map(String::strip).toArray(String[]::new);
        if (texts[6].isEmpty()) {
            throw new IllegalStateException("a reason is needed: " + line);
        }
        return new Entry(
                patterns(texts[0]),
                patterns(texts[1]),
                patterns(texts[2]),
                texts[3],
                texts[4],
                Lacking.valueOf(texts[5]),
                texts[6],
                line);
    }

    /** Names apart by semicolons, in which a star stands for anything. */
    private static List<Pattern> patterns(String column) {
        return Arrays.stream(column.split(";"))
                .map(name -> Pattern.compile(Arrays.stream(name.strip().split("\\*", -1))
                        .map(Pattern::quote)
                        .reduce((one, other) -> one + ".*" + other)
                        .orElseThrow()))
                .toList();
    }

    List<Entry> entries() {
        return entries;
    }

    /** What is allowed on some server or other. */
    Optional<Entry> findAnywhere(Protocol protocol, String operation, Refused refused) {
        return entries.stream()
                .filter(entry -> entry.covers(protocol, operation, refused.type(), refused.message()))
                .findFirst();
    }

    Optional<Entry> find(String server, Protocol protocol, String operation, Outcome outcome) {
        if (outcome instanceof Outcome.Right) {
            return Optional.empty();
        }
        String type = outcome instanceof Refused refused ? refused.type() : "fault";
        String message = outcome instanceof Refused refused ? refused.message() : outcome.toString();
        return find(server, protocol, operation, type, message);
    }

    /** The entry for a connection of other callers that an operation broke more than once. */
    Optional<Entry> findBroken(String server, Protocol protocol, String operation) {
        return find(server, protocol, operation, "broken", "");
    }

    private Optional<Entry> find(String server, Protocol protocol, String operation, String type, String message) {
        return entries.stream()
                .filter(entry -> entry.covers(server, protocol, operation, type, message))
                .findFirst();
    }
}
