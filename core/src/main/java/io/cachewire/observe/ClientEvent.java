package io.cachewire.observe;

import io.cachewire.ServerAddress;
import java.util.List;

/** Something that happened to the connections or servers of a client, apart from any one call. Later versions may add kinds. */
public sealed interface ClientEvent {
    /**
     * A connection was made and greeted: requests go over it.
     *
     * @param server to which
     */
    record Connected(ServerAddress server) implements ClientEvent {}

    /**
     * An attempt to connect failed.
     *
     * @param server to which
     * @param reason a sentence for people
     */
    record ConnectFailed(ServerAddress server, String reason) implements ClientEvent {}

    /**
     * A connection broke that had been greeted. One that the client closes by itself is not told.
     *
     * @param server to which
     * @param reason a sentence for people
     */
    record ConnectionLost(ServerAddress server, String reason) implements ClientEvent {}

    /**
     * A server is taken for dead: its calls fail at once, or go elsewhere.
     *
     * @param server which
     * @param reason a sentence for people
     */
    record ServerDown(ServerAddress server, String reason) implements ClientEvent {}

    /**
     * A server that was dead answers again.
     *
     * @param server which
     */
    record ServerUp(ServerAddress server) implements ClientEvent {}

    /**
     * A call is sent again, because the retry policy wants it.
     *
     * @param verb of the call
     * @param attempt the number of the attempt that begins, 2 or more
     */
    record Retried(Verb verb, int attempt) implements ClientEvent {}

    /**
     * A fire-and-forget request that was accepted has failed.
     *
     * @param server where it went
     * @param reason a sentence for people
     */
    record FireAndForgetFailed(ServerAddress server, String reason) implements ClientEvent {}

    /**
     * The list of servers was changed.
     *
     * @param servers the list from now on
     */
    record ServersChanged(List<ServerAddress> servers) implements ClientEvent {}

    /**
     * Events were lost, because they came faster than the listeners took them.
     *
     * @param count how many
     */
    record EventsDropped(long count) implements ClientEvent {}
}
