package io.cachewire.verification.servers.model;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** A command line, a character for each byte, cut at blanks. */
record Line(String text, List<String> tokens) {
    static Line of(String text) {
        return new Line(
                text, Arrays.stream(text.split(" ")).filter(t -> !t.isEmpty()).toList());
    }

    String command() {
        return tokens.isEmpty() ? "" : tokens.get(0);
    }

    String token(int index) {
        return index < tokens.size() ? tokens.get(index) : "";
    }

    int size() {
        return tokens.size();
    }

    List<String> from(int index) {
        return tokens.subList(Math.min(index, tokens.size()), tokens.size());
    }

    boolean isQuiet() {
        return token(size() - 1).equals("noreply");
    }

    /** A signed number of 64 bits. */
    OptionalLong number(int index) {
        return number(token(index));
    }

    static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** An unsigned number of 64 bits. */
    static OptionalLong unsigned(String text) {
        try {
            return OptionalLong.of(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
