package io.cachewire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The servers of a client, of all its faces and views. Nothing here waits for a server; any thread may call it. Made by the client: not
 * to be implemented.
 */
public interface ClusterView {
    /** How each server stands, in the order given. */
    List<ServerState> servers();

    /** How each server of the gutter stands; empty without one. */
    List<ServerState> gutterServers();

    /** What is under way with each server, in the order given, and behind them with each server of the gutter. */
    List<ServerLoad> loads();

    /**
     * Changes the list. A server that stays, known by host and port, keeps its connections and its health; one that goes gets no more
     * calls, and its connections are closed when what is pending on them has ended. How many keys move is the locator's.
     *
     * @throws IllegalRequestException when the list is empty, names one twice, or the locator refuses it; the old list is kept
     * @throws ClientClosedException when the client is closed
     */
    void setServers(Collection<ServerAddress> servers);

    /**
     * As the other one, each server in a form that {@link ServerAddress#parse} reads.
     *
     * @throws IllegalRequestException also when one is in no such form
     */
    default void setServers(String... addresses) {
        List<ServerAddress> parsed = new ArrayList<>();
        for (String address : addresses) {
            parsed.add(ServerAddress.parse(address));
        }
        setServers(parsed);
    }

    /**
     * Fire-and-forget requests that were accepted and have failed since the client was made: refused by a server, or lost with a connection.
     * What was lost in a quiet form behind a broken connection is not known, and not counted.
     */
    long failedFireAndForget();

    /**
     * Counts what may have made a cas unique that was read before worthless, since the client was made: each end of a connection that had
     * been greeted, each change of the list, and each move of the keys of a dead server. When the number is the same before a read and
     * after a compare-and-set, both came to the same process of the server. Servers over UDP have no connections, and are not counted.
     */
    long changes();

    /** Forgets failures: the next call tries every server at once, and keys are where they belong. */
    void forgetDeadServers();
}
