package io.cachewire.verification.servers.table;

import io.cachewire.Protocol;
import io.cachewire.verification.servers.table.Outcome.Refused;
import io.cachewire.verification.servers.table.Outcome.Right;
import io.cachewire.verification.servers.table.Refusals.Entry;
import io.cachewire.verification.servers.table.Refusals.Lacking;
import io.cachewire.verification.servers.table.Table.Place;
import io.cachewire.verification.servers.table.Trial.Cell;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table held against the list of refusals: what is neither right nor reviewed. */
final class Review {
    private static final Set<String> ANSWERS =
            Set.of("ServerErrorException", "CommandRefusedException", "UnsupportedByServerException");

    private final Table table;
    private final Refusals refusals;
    private final Listed listed;
    private final Set<Entry> used = new LinkedHashSet<>();

    Review(Table table, Refusals refusals) {
        this(table, refusals, Listed.BY_NAME);
    }

    private enum Listed {
        BY_NAME,
        NOT
    }

    private Review(Table table, Refusals refusals, Listed listed) {
        this.table = table;
        this.refusals = refusals;
        this.listed = listed;
        table.cells()
                .forEach((place, cells) -> cells.forEach((operation, cell) -> {
                    cell.faces()
                            .values()
                            .forEach(outcome -> entry(place, operation, outcome).ifPresent(used::add));
                    broken(place, operation, cell).ifPresent(used::add);
                }));
    }

    /**
     * Of servers that the list does not name: what it allows on any server is allowed; and a server's answer to a
     * command to itself is one, for which commands it has is a matter of its version and of how it was built.
     */
    static Review ofUnlisted(Table table, Refusals refusals) {
        return new Review(table, refusals, Listed.NOT);
    }

    private boolean isReviewed(Place place, String operation, Outcome outcome) {
        if (listed == Listed.BY_NAME) {
            return entry(place, operation, outcome).isPresent();
        }
        if (!(outcome instanceof Refused refused)) {
            return false;
        }
        boolean answer = ANSWERS.contains(refused.type()) && operation.startsWith("admin.");
        return answer
                || refusals.findAnywhere(place.protocol(), operation, refused).isPresent();
    }

    private Optional<Entry> entry(Place place, String operation, Outcome outcome) {
        return refusals.find(place.server(), place.protocol(), operation, outcome);
    }

    private Optional<Entry> broken(Place place, String operation, Cell cell) {
        return cell.broken() > 1 ? refusals.findBroken(place.server(), place.protocol(), operation) : Optional.empty();
    }

    /** What is wrong in one place: a fault, a refusal that nobody has reviewed, a connection broken again and again. */
    List<String> complaints(Place place) {
        List<String> complaints = new ArrayList<>();
        Map<String, Cell> cells = table.cells().get(place);
        cells.forEach((operation, cell) -> {
            cell.faces().forEach((face, outcome) -> {
                if (!(outcome instanceof Right) && !isReviewed(place, operation, outcome)) {
                    complaints.add(operation + " (" + face + "): " + outcome);
                }
            });
            if (cell.broken() > 1 && broken(place, operation, cell).isEmpty()) {
                complaints.add(operation + ": broke the connection of other callers " + cell.broken() + " times");
            }
        });
        return complaints;
    }

    /** Entries of the list that cover nothing any more. */
    List<String> stale() {
        return refusals.entries().stream()
                .filter(entry -> !used.contains(entry))
                .map(Entry::line)
                .toList();
    }

    /** What the dialect that the client chose cannot do although another can. */
    List<String> worseThanText(String server) {
        List<String> worse = new ArrayList<>();
        table.cells().get(new Place(server, Protocol.TEXT)).forEach((operation, text) -> {
            if (isRight(text) && !isRight(table.cell(server, Protocol.AUTO, operation))) {
                worse.add(operation);
            }
        });
        return worse;
    }

    /** What AUTO refuses although the server has it. */
    List<String> refusedThoughThere(String server) {
        Place place = new Place(server, Protocol.AUTO);
        List<String> refused = new ArrayList<>();
        table.cells()
                .get(place)
                .forEach((operation, cell) -> cell.faces().values().stream()
                        .flatMap(outcome -> entry(place, operation, outcome).stream())
                        .filter(entry -> entry.lacking() == Lacking.DIALECT || entry.lacking() == Lacking.SPEECH)
                        .forEach(entry -> refused.add(operation + ": " + entry.reason())));
        return refused;
    }

    private static boolean isRight(Cell cell) {
        return cell.faces().values().stream().allMatch(outcome -> outcome instanceof Right);
    }

    /** The entry that a cell was refused by; none where it is right. */
    Optional<Entry> refusal(String server, Protocol protocol, String operation) {
        Place place = new Place(server, protocol);
        return table.cell(server, protocol, operation).faces().values().stream()
                .flatMap(outcome -> entry(place, operation, outcome).stream())
                .findFirst();
    }

    boolean isRight(String server, Protocol protocol, String operation) {
        return isRight(table.cell(server, protocol, operation));
    }
}
