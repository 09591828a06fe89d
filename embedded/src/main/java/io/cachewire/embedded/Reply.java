package io.cachewire.embedded;

/** The reply of one command, which {@code noreply} or a quiet flag may leave unsaid. */
final class Reply {
    private final Session session;
    private boolean silent;

    Reply(Session session) {
        this.session = session;
    }

    /** Leaves the nominal reply unsaid. */
    void silence() {
        silent = true;
    }

    /** Classic {@code noreply}: the line's last token, whatever the command takes it for. */
    Reply forLine(CommandLine line) {
        silent |= line.endsWith("noreply");
        return this;
    }

    void line(String text) {
        if (!silent) {
            session.write(text + "\r\n");
        }
    }

    /** A line that even a quiet command answers with. */
    void error(String text) {
        session.write(text + "\r\n");
    }
}
