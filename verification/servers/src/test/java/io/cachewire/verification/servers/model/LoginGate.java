package io.cachewire.verification.servers.model;

import java.nio.charset.StandardCharsets;

/**
 * memcached with {@code -Y}: nothing but a {@code set} whose value is "user password" until that was right. All lines
 * that come at once share one answer, the last.
 */
final class LoginGate implements Gate {
    private static final String UNAUTHENTICATED = "CLIENT_ERROR unauthenticated\r\n";
    private static final int LONGEST_TOKEN = 4096;
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int SHORTEST_LINE = 5;

    /** What it does with a line that is shorter than any command with a key. */
    enum ShortLine {
        REFUSED,
        CLOSES
    }

    private final String token;
    private final ShortLine shortLine;
    private boolean loggedIn;

    LoginGate(String token, ShortLine shortLine) {
        this.token = token;
        this.shortLine = shortLine;
    }

    @Override
    public boolean takes(Line line, Session session) {
        if (loggedIn) {
            return false;
        }
        int length = (int) line.number(4).orElse(-1);
        if (line.command().equals("set") && line.size() >= 5 && length >= 0) {
            login(length, session);
            return true;
        }
        session.takeBackReplies();
        int characters = line.text().length();
        if (characters > LONGEST_LINE
                || shortLine == ShortLine.CLOSES && characters > 0 && characters < SHORTEST_LINE) {
            session.close();
        } else {
            session.write(UNAUTHENTICATED);
        }
        return true;
    }

    private void login(int length, Session session) {
        if (length > LONGEST_TOKEN) {
            session.close();
            return;
        }
        session.expectBlock(length, value -> {
            String given = new String(value, StandardCharsets.ISO_8859_1);
            loggedIn = given.equals(token);
            session.takeBackReplies();
            session.write(
                    loggedIn
                            ? "STORED\r\n"
                            : given.contains(" ")
                                    ? "CLIENT_ERROR authentication failure\r\n"
                                    : "CLIENT_ERROR bad authentication token format\r\n");
        });
    }
}
