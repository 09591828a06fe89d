package io.cachewire.internal.protocol.line;

import io.cachewire.ServerCapability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command line for a connection of its own, and where its reply ends.
 *
 * @param line printable text without line ends, checked by the operations; never a command with a data block
 * @param ending where the reply ends
 * @param needs what the server must have, asked by its version before the line is sent; null for nothing
 */
public record LineCommand(
        String line, Ending ending, @Nullable ServerCapability needs) {
    /** The most bytes of a line: memcached takes 2048 and closes the connection beyond that. */
    public static final int MAX_LINE_BYTES = 2000;

    private static final List<String> CONTINUED = List.of("STAT ", "ITEM ", "PREFIX ", "key=", "mg ");
    private static final List<String> ERRORS = List.of("ERROR", "CLIENT_ERROR", "SERVER_ERROR");

    /** Where a reply ends. */
    public enum Ending {
        /** With its first line. */
        ONE_LINE,
        /** With its first line, or with {@code EN} behind it, which memcached before 1.6.0 sends behind an item. */
        ITEM,
        /** With its first line, one of statistics; a server that does not know the command may send all its statistics. */
        STATISTIC,
        /** With {@code END} or {@code EN} when the first line is one of statistics or of a dump, else with the first line. */
        LIST,
        /** Never, unless the first line is an error. Before 1.6.10 {@code OK} comes behind the first lines, or not at all. */
        OPEN,
        /** With the end of the connection, or with the first line. */
        CLOSED
    }

    /** A command that every version has. */
    public LineCommand(String line, Ending ending) {
        this(line, ending, null);
    }

    /**
     * Whether a line is the last one of the reply.
     *
     * @param first whether it is the first one
     */
    public boolean endsWith(String answer, boolean first) {
        return switch (ending) {
            case ONE_LINE, ITEM, STATISTIC, CLOSED -> true;
            case LIST ->
                first
                        ? !(isDump() && answer.equals("OK"))
                                && CONTINUED.stream().noneMatch(answer::startsWith)
                        : isEnd(answer) || isError(answer);
            case OPEN -> first && isError(answer);
        };
    }

    /** Whether it dumps keys: since 1.6.43 {@code OK} comes before them, and before 1.5.0 nothing behind them. */
    public boolean isDump() {
        return line.startsWith("lru_crawler metadump") || line.startsWith("lru_crawler mgdump");
    }

    /** Whether a line may come behind the last one. */
    public boolean mayFollow(String answer) {
        return switch (ending) {
            case ITEM -> answer.equals("EN");
            case STATISTIC -> answer.startsWith("STAT ") || isEnd(answer);
            case ONE_LINE, LIST, OPEN, CLOSED -> false;
        };
    }

    /** {@code END}, or {@code EN} of a dump for meta. */
    public static boolean isEnd(String answer) {
        return answer.equals("END") || answer.equals("EN");
    }

    /** An error line; {@code shutdown} has one with a colon. */
    public static boolean isError(String answer) {
        return ERRORS.stream().anyMatch(word -> {
            int behind = word.length();
            return answer.startsWith(word)
                    && (answer.length() == behind || answer.charAt(behind) == ' ' || answer.charAt(behind) == ':');
        });
    }
}
