package io.cachewire.internal.admin;

import io.cachewire.CommandRefusedException;
import io.cachewire.Escaped;
import io.cachewire.IllegalRequestException;
import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.ServerErrorException;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.internal.protocol.line.LineCommand;
import io.cachewire.internal.protocol.line.LineCommand.Ending;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Command lines that a caller wrote, checked; and the lines that refuse a command. */
final class AdminLines {
    /** These have a data block, in the request or in the reply, or an answer of another kind, or none. */
    private static final Set<String> REFUSED = Set.of(
            "set",
            "add",
            "replace",
            "append",
            "prepend",
            "cas",
            "ms",
            "get",
            "gets",
            "gat",
            "gats",
            "mg",
            "watch",
            "quit",
            "shutdown");

    private static final Set<String> ONE_LINE_STATS = Set.of("stats sizes_enable", "stats sizes_disable");

    private AdminLines() {}

    /**
     * A line of the caller's.
     *
     * @throws IllegalRequestException when it has control characters, is too long, or is no command with lines for an answer
     */
    static LineCommand raw(String line) {
        String why = refusal(line);
        if (why != null) {
            throw new IllegalRequestException("\"" + Escaped.text(line) + "\" is not sent: " + why);
        }
        return new LineCommand(line, ONE_LINE_STATS.contains(line) ? Ending.STATISTIC : Ending.LIST);
    }

    private static @Nullable String refusal(String line) {
        int bytes = line.getBytes(StandardCharsets.UTF_8).length;
        if (line.isEmpty() || bytes > LineCommand.MAX_LINE_BYTES) {
            return "a command line has 1 to " + LineCommand.MAX_LINE_BYTES + " bytes";
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
                return String.format("character U+%04X at index %d is not allowed", (int) c, i);
            }
        }
        List<String> words = List.of(line.split(" "));
        if (words.isEmpty() || words.get(0).isEmpty()) {
            return "a command line begins with its command";
        }
        if (REFUSED.contains(words.get(0))) {
            return words.get(0) + " has a data block, or no answer that ends; the client has a function for it";
        }
        if (words.contains("noreply")) {
            return "there would be no answer";
        }
        return null;
    }

    /** {@code OK}, or an exception. */
    static Boolean ok(List<String> lines, ServerAddress server) {
        String line = lines.isEmpty() ? "" : lines.get(0);
        if (!line.equals("OK")) {
            throw failure(line, server);
        }
        return true;
    }

    /** As {@link #failure(String, ServerAddress)}, for a command that not every server knows. */
    static MemcachedException failure(String line, ServerAddress server, @Nullable ServerCapability needed) {
        return line.equals("ERROR") && needed != null
                ? new UnsupportedByServerException(needed, server, null)
                : failure(line, server);
    }

    /** The exception for a line that says that a command was not done. */
    static MemcachedException failure(String line, ServerAddress server) {
        return LineCommand.isError(line)
                ? new ServerErrorException(line, line.startsWith("SERVER_ERROR"), server, null)
                : new CommandRefusedException(line, server);
    }
}
