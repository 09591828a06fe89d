package io.cachewire.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line cut at its blanks. As in memcached, 23 tokens are cut at a time; only the get family asks for the
 * next ones, every other command takes a longer line for one with the wrong number of tokens. A NUL ends the line.
 */
final class CommandLine {
    private static final int MOST_TOKENS = 23;

    private final String line;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    /** @param line the bytes of the line, one character each, without its end */
    CommandLine(String line) {
        int nul = line.indexOf(0);
        this.line = nul < 0 ? line : line.substring(0, nul);
        cut();
    }

    private void cut() {
        tokens.clear();
        while (tokens.size() < MOST_TOKENS && next < line.length()) {
            int end = line.indexOf(' ', next);
            if (end < 0) {
                end = line.length();
            }
            if (end > next) {
                tokens.add(line.substring(next, end));
            }
            next = Math.min(end + 1, line.length());
        }
    }

    /** How many bytes the line has. */
    int length() {
        return line.length();
    }

    /** Whether one of the tokens that are cut, from an index on, or of those behind them is longer than this. */
    boolean hasTokenOver(int most, int first) {
        for (int i = first; i < tokens.size(); i++) {
            if (tokens.get(i).length() > most) {
                return true;
            }
        }
        int start = next;
        while (start < line.length()) {
            int end = line.indexOf(' ', start);
            if (end < 0) {
                end = line.length();
            }
            if (end - start > most) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /** How many tokens are cut, the command included. */
    int size() {
        return tokens.size();
    }

    String token(int index) {
        return tokens.get(index);
    }

    /** The key, in every command that has one. */
    String key() {
        return tokens.get(1);
    }

    /** The command's name, or an empty string on an empty line. */
    String command() {
        return tokens.isEmpty() ? "" : tokens.get(0);
    }

    boolean endsWith(String token) {
        return !tokens.isEmpty() && tokens.get(tokens.size() - 1).equals(token);
    }

    /** Whether text is left behind the tokens that are cut. */
    boolean hasMore() {
        return next < line.length();
    }

    /** Cuts the next tokens of a long line; the first of them has index 0. */
    void advance() {
        cut();
    }
}
