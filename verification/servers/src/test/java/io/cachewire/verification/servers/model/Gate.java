package io.cachewire.verification.servers.model;

/** What stands before the commands: a login, a proxy's parser, a foreign server's. One for each connection. */
interface Gate {
    /** True when the gate has dealt with the line; false hands it to memcached's commands. */
    boolean takes(Line line, Session session);

    /** Whether a connection that begins with a binary packet is closed at once. */
    default boolean closesAtPackets() {
        return false;
    }

    /** Lets everything through. */
    static Gate open() {
        return (line, session) -> false;
    }
}
